/*
 * rest_account: what we ask Twilio's REST API about the account itself, and how
 * the answers are read.  Sends nothing.  Pure.
 * Floor: twilio.
 * Source: https://www.twilio.com/docs/iam/api/account,
 * https://www.twilio.com/docs/voice/api/outgoing-caller-ids,
 * https://www.twilio.com/docs/voice/api/dialingpermissions-country-resource
 */
#ifndef MAINLINE_TWILIO_REST_ACCOUNT_H
#define MAINLINE_TWILIO_REST_ACCOUNT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

enum account_status { ACCOUNT_ACTIVE, ACCOUNT_SUSPENDED, ACCOUNT_CLOSED };

struct rest_account {
	enum account_status status;
	bool is_trial; /* it may ring verified numbers only */
};

/* Paths below the origin that is configured. */
struct str rest_account_path(struct arena *arena, struct str account_sid);
struct str rest_caller_id_path(
    struct arena *arena, struct str account_sid, struct str number);

/* The newest recordings, a few; rest_recordings_read() reads the answer. */
struct str rest_newest_recordings_path(
    struct arena *arena, struct str account_sid);

/*
 * Where calls out may go: the URL for all countries with the calling code of
 * `number` (E.164), of another host than the rest of the API.  `api` is the
 * origin that is configured: where that is not Twilio's own, it is asked there.
 * Absent: no such code is known.
 */
struct str rest_countries_url(
    struct arena *arena, struct str api, struct str number);

/* The calling code that an E.164 number begins with: "44"; absent: none. */
struct str rest_calling_code(struct str number);

/*
 * Reads an answer.  ERR_INPUT: it is none.  Of the list of caller ids: is the
 * number among them?  Of that of countries: may calls go to any of them, and is
 * there one at all?  `*name` is that of the first.
 */
MUST_USE enum err rest_account_read(
    struct arena *arena, struct str json, struct rest_account *out);
MUST_USE enum err rest_caller_id_read(
    struct arena *arena, struct str json, struct str number, bool *is_there);

struct rest_countries {
	size_t n;
	bool is_open;    /* to ordinary numbers of one of them at least */
	struct str name; /* of the first, as people say it; absent */
};

MUST_USE enum err rest_countries_read(
    struct arena *arena, struct str json, struct rest_countries *out);

#endif
