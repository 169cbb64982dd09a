/*
 * numbers: the account's telephone numbers, asked for and changed at Twilio.
 * Floor: jobs.
 */
#ifndef MAINLINE_JOBS_NUMBERS_H
#define MAINLINE_JOBS_NUMBERS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/conf.h"
#include "io/fetch.h"
#include "twilio/number.h"
#include "twilio/rest_numbers.h"
#include "twilio/rest_offers.h"

#include <stddef.h>

struct numbers {
	struct arena *arena;     /* where answers live */
	const struct conf *conf; /* the account, and where the API is */
	struct fetcher *fetcher;
};

/* Why it could not be done, for a person; lives in the arena. */
struct numbers_error {
	int status;      /* of HTTP; 0: there was no answer */
	int code;        /* Twilio's, as 20003; 0: not told */
	const char *why; /* in words, with its mend where we know one */
};

/*
 * Each of these asks Twilio, and waits for up to 40 s an answer.
 * ERR_NOT_FOUND: the account has no such thing.  ERR_FORBIDDEN: Twilio refuses
 * our credentials.  ERR_BUSY: not now.  ERR_INPUT: no account is configured, or
 * Twilio refuses what was asked.  ERR_UPSTREAM: its answer is none.  On all but
 * ERR_OK `*error` is set.
 */

/* All numbers of the account, page after page. */
MUST_USE enum err numbers_list(const struct numbers *numbers,
    struct rest_numbers *out, struct numbers_error *error);

/* The account's number `number` (E.164). */
MUST_USE enum err numbers_find(const struct numbers *numbers, struct str number,
    struct rest_number *out, struct numbers_error *error);

/*
 * Judges a number by what Twilio follows: its application is asked for when it
 * has one.  One that is not there is no error, but a verdict.  `*application`
 * is the one that `verdict->voice` may point into.
 */
MUST_USE enum err numbers_judge(const struct numbers *numbers,
    const struct rest_number *number, struct rest_application *application,
    struct number_verdict *verdict, struct numbers_error *error);

/* Changes a number as the form says; `*out` is what it is then. */
MUST_USE enum err numbers_change(const struct numbers *numbers,
    struct str number_sid, struct str form, struct rest_number *out,
    struct numbers_error *error);

/* Buys a number: `form` names it, and perhaps how it is set at once. */
MUST_USE enum err numbers_buy(const struct numbers *numbers, struct str form,
    struct rest_number *out, struct numbers_error *error);

/* The newest TwiML Application of that very name. */
MUST_USE enum err numbers_application(const struct numbers *numbers,
    struct str name, struct rest_application *out, struct numbers_error *error);

/* Makes an application, or changes the one with that SID; absent: makes one. */
MUST_USE enum err numbers_application_set(const struct numbers *numbers,
    struct str application_sid, struct str form, struct rest_application *out,
    struct numbers_error *error);

/* What is for sale. */
MUST_USE enum err numbers_offers(const struct numbers *numbers,
    const struct rest_wanted *wanted, struct rest_offers *out,
    struct numbers_error *error);

/* What numbers of a country cost. */
MUST_USE enum err numbers_prices(const struct numbers *numbers,
    struct str country, struct rest_prices *out, struct numbers_error *error);

#endif
