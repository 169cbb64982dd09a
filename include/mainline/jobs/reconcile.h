/*
 * reconcile: the record held against Twilio's, by hand.
 * Floor: jobs.
 */
#ifndef MAINLINE_JOBS_RECONCILE_H
#define MAINLINE_JOBS_RECONCILE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "io/conf.h"
#include "io/pg.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A call that was missing, or part of it. */
struct reconcile_found {
	struct str call_sid;
	struct str line;     /* empty: not known before */
	bool is_known;       /* false: the record had nothing of it */
	bool is_recording;   /* a recording of it was missing, not its end */
	bool is_ours;        /* false: another program's; not added */
	const char *status;  /* of the call at Twilio; NULL: not asked */
	size_t n_recordings; /* that it has */
	const char *why;     /* it was not added; NULL: it was */
};

struct reconcile_options {
	const struct conf *conf;
	const struct log *log;
	struct pg *pg;
	int64_t since_us;
	struct str line; /* absent: all */
	bool dry_run;    /* nothing is asked for, nor written */
	void (*tell)(void *arg, const struct reconcile_found *found);
	void *arg;
};

struct reconcile_sum {
	size_t calls, recordings; /* that Twilio listed */
	size_t absent;            /* calls that the record had nothing of */
	size_t partial;           /* of which the end or a recording lacked */
	size_t added;             /* of both */
	size_t failed;
};

/* Can Twilio be asked: is there an account, and a key or a token of it? */
bool reconcile_can(const struct conf *conf);

/*
 * Lists what Twilio has, and adds what is missing here; each is told.  Anything
 * but ERR_OK: it did not come to its end, `*why` says why (in `arena`).
 */
MUST_USE enum err reconcile_since(struct arena *arena,
    const struct reconcile_options *options, struct reconcile_sum *sum,
    const char **why);

#endif
