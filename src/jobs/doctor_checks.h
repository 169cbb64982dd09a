/*
 * doctor_checks: what the checks of the doctor share.  Private to the jobs
 * floor.
 *
 * Each check is a function over one context, and adds what it finds.  What it
 * judges, it judges in a function apart from what it asked, so that a test can
 * ask instead.
 */
#ifndef MAINLINE_JOBS_DOCTOR_CHECKS_H
#define MAINLINE_JOBS_DOCTOR_CHECKS_H

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "doctor_codes.h"
#include "flow/flow.h"
#include "io/conf.h"
#include "io/fetch.h"
#include "io/pg.h"
#include "jobs/doctor.h"
#include "kinds.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What one look at everything knows; each check adds to it. */
struct doctor {
	struct arena *arena;
	const struct conf *conf;
	struct doctor_report *report;
	const char *check; /* the one under way */
	int64_t until_ms;  /* monotonic: after that nobody is asked any more */
	bool notify;
	int said_fd;             /* where the words of libpq can be read */
	struct jobs jobs;        /* to ask Twilio and the database with */
	bool has_database;       /* it answers */
	bool has_schema;         /* and nothing is missing in it */
	const struct flow *flow; /* in force, or about to be; NULL: unknown */
	int published;           /* its version; 0: the settings' */
	int64_t published_us;
	bool is_trial;                           /* the account */
	bool has_twilio;                         /* it answers, and takes us */
	int64_t twilio_date_us, twilio_asked_us; /* 0: it told none */
	bool is_trusted; /* the certificate: nothing to say against it */
};

/* Adds what was found; its severity and its mend go with the code. */
void doctor_say(struct doctor *d, enum doctor_code code, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/* The present check, or a part of it, could not be done, and why. */
void doctor_skip(struct doctor *d, const char *fmt, ...) PRINTF_LIKE(2, 3);

typedef void (*doctor_check)(struct doctor *d);

void examine_configuration(struct doctor *d);
void examine_database(struct doctor *d);
void examine_migrations(struct doctor *d);
void examine_flow(struct doctor *d);
void examine_snapshot(struct doctor *d);
void examine_folders(struct doctor *d);
void examine_processes(struct doctor *d);
void examine_jobs(struct doctor *d);
void examine_certificate(struct doctor *d);
void examine_public_url(struct doctor *d);
void examine_account(struct doctor *d);
void examine_clock(struct doctor *d);
void examine_numbers(struct doctor *d);
void examine_media(struct doctor *d);
void examine_countries(struct doctor *d);
void examine_notices(struct doctor *d);

/* How long one question may take: less than who waits for the answer would. */
#define DOCTOR_ASK_MS 5000

/* What Twilio's REST API answered. */
struct doctor_answer {
	int status;
	struct str json; /* with 200 */
	int64_t date_us; /* by its clock; -1: not told */
	const char *why; /* where it did not answer at all */
};

/* False: all that is left is skipped; the look has taken too long already. */
bool doctor_has_time(const struct doctor *d);

/*
 * GET of `url`, with credentials unless `user` is absent.  Anything but ERR_OK:
 * no answer, and `out->why`; also where doctor_has_time() is false.
 */
MUST_USE enum err doctor_get(struct doctor *d, const char *url, struct str user,
    struct str password, struct doctor_answer *out);

/* Whether a stranger would be given it: no credentials, and no body read. */
MUST_USE enum err doctor_peek(
    struct doctor *d, const char *url, struct doctor_answer *out);

/* As doctor_get(), with our credentials: of a URL of Twilio's, or of a path. */
MUST_USE enum err doctor_ask_url(
    struct doctor *d, const char *url, struct doctor_answer *out);
MUST_USE enum err doctor_ask(
    struct doctor *d, struct str path, struct doctor_answer *out);

#endif
