/*
 * rest_numbers: what we ask Twilio's REST API about the account's telephone
 * numbers and its TwiML Applications, and how the answers are read.  Sends
 * nothing.  Pure.
 * Floor: twilio.
 * Source: https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource,
 * https://www.twilio.com/docs/usage/api/applications
 */
#ifndef MAINLINE_TWILIO_REST_NUMBERS_H
#define MAINLINE_TWILIO_REST_NUMBERS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

/* What Twilio asks when a call comes in; what is not set is absent. */
struct rest_voice {
	struct str url, method;
	struct str fallback_url, fallback_method; /* when `url` fails */
	struct str status_url, status_method;     /* when the call is over */
};

struct rest_number {
	struct str sid;             /* PN... */
	struct str number;          /* E.164 */
	struct str name;            /* Twilio's "friendly name"; absent */
	struct rest_voice voice;    /* ignored where one of these two is set */
	struct str application_sid; /* AP..., or absent */
	struct str trunk_sid;       /* TK..., or absent */
	bool has_voice;             /* it can be called at all */
	bool takes_fax;             /* and takes a call for a fax */
};

struct rest_numbers {
	struct rest_number *list;
	size_t n;
	struct str next; /* path of the next page; absent: this was the last */
};

struct rest_application {
	struct str sid;  /* AP... */
	struct str name; /* absent */
	struct rest_voice voice;
};

struct rest_applications {
	struct rest_application *list;
	size_t n;
	struct str next;
};

/*
 * Paths, with their queries, below the origin that is configured.  SIDs have
 * been checked.  `number`: that one alone; absent: all of them.  Of
 * applications those of exactly that name.
 */
struct str rest_numbers_path(
    struct arena *arena, struct str account_sid, struct str number);
struct str rest_number_path(
    struct arena *arena, struct str account_sid, struct str number_sid);
struct str rest_applications_path(
    struct arena *arena, struct str account_sid, struct str name);
struct str rest_application_path(
    struct arena *arena, struct str account_sid, struct str application_sid);

/*
 * The six settings as a form, to make or change a number or an application
 * with.  What is absent is left as it is.
 */
struct str rest_voice_form(struct arena *arena, const struct rest_voice *voice);

/* "NAME=VALUE" behind a form, which may be empty. */
struct str rest_form_with(
    struct arena *arena, struct str form, const char *name, struct str value);

/* Where a new number, or application, is made: the lists' own paths. */
struct str rest_numbers_new_path(struct arena *arena, struct str account_sid);
struct str rest_applications_new_path(
    struct arena *arena, struct str account_sid);

/*
 * Reads an answer; what it tells lives in `arena`.  Of a list, elements that
 * make no sense are left out.  ERR_INPUT: it is not such an answer, or its next
 * page lies anywhere but below our own account.
 */
MUST_USE enum err rest_number_read(
    struct arena *arena, struct str json, struct rest_number *out);
MUST_USE enum err rest_numbers_read(struct arena *arena, struct str json,
    struct str account_sid, struct rest_numbers *out);
MUST_USE enum err rest_application_read(
    struct arena *arena, struct str json, struct rest_application *out);
MUST_USE enum err rest_applications_read(struct arena *arena, struct str json,
    struct str account_sid, struct rest_applications *out);

#endif
