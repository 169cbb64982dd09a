/*
 * rest_json: reading the answers of Twilio's REST API.  Pure.  Private to the
 * twilio floor.
 */
#ifndef MAINLINE_TWILIO_REST_JSON_H
#define MAINLINE_TWILIO_REST_JSON_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/json.h"

#include <stddef.h>

/* What all paths of the API begin with; the account's SID follows. */
#define REST_ACCOUNTS "/2010-04-01/Accounts/"

/* A member that is a string of at least one byte; else absent. */
struct str rest_text(const struct json *object, const char *key);

/*
 * Where another of Twilio's APIs is when the API is at `api` (an origin): see
 * rest_pricing_origin().
 */
struct str rest_other_origin(
    struct arena *arena, struct str api, const char *product);

/* One object.  ERR_INPUT: it is none. */
MUST_USE enum err rest_object(
    struct arena *arena, struct str json, const struct json **out);

/* A page of a list. */
struct rest_page {
	const struct json *first; /* its elements, by their `next`; NULL */
	size_t n;
	struct str next; /* path of the next page; absent: this was the last */
};

/*
 * Reads a page whose elements stand in the array `key`.  ERR_INPUT: it is no
 * such page, or its next one lies anywhere but below our own account: a path
 * that names another host, or leads elsewhere, is refused, for our credentials
 * would go there.
 */
MUST_USE enum err rest_page(struct arena *arena, struct str json,
    struct str account_sid, const char *key, struct rest_page *out);

#endif
