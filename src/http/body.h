/*
 * body: the members of a JSON body, strictly.  Private to the http floor.
 *
 * What is wrong is answered with 400 bad_body, and said: which member, what is
 * wrong with it and what to send.
 */
#ifndef MAINLINE_HTTP_BODY_H
#define MAINLINE_HTTP_BODY_H

#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/json.h"
#include "http/http.h"
#include "store/calls.h"

#include <stdbool.h>

/* A text that may be left out, or be null to take one away. */
struct body_text {
	bool given;
	struct str text; /* absent: null, or empty */
};

/* 400 bad_body with that detail.  Gives back ERR_INPUT. */
enum err body_refused(struct resp *resp, const struct req *req, const char *fmt,
    ...) PRINTF_LIKE(3, 4);

/*
 * The body as an object with no other members than those of the NULL-ended
 * list.  ERR_INPUT: `resp` says what is wrong.
 */
MUST_USE enum err body_object(struct req *req, struct resp *resp,
    const char *const *keys, const struct json **out);

/* true or false, or left out (TRISTATE_ANY).  Errors as body_object(). */
MUST_USE enum err body_bool(struct req *req, struct resp *resp,
    const struct json *root, const char *key, enum tristate *out);

/*
 * Words of a person's: null, or a string of up to BODY_TEXT_MAX characters
 * without control characters but line feeds and tabs.  Errors as
 * body_object().  It borrows from `root`.
 */
MUST_USE enum err body_words(struct req *req, struct resp *resp,
    const struct json *root, const char *key, struct body_text *out);

#define BODY_TEXT_MAX 2000 /* code points */

#endif
