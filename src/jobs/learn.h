/*
 * learn: asks Twilio about one call, and writes down what it says.
 * Floor: jobs.
 */
#ifndef MAINLINE_JOBS_LEARN_H
#define MAINLINE_JOBS_LEARN_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "kinds.h"
#include "rest_ask.h"

#include <stdbool.h>
#include <stddef.h>

/* The numbers whose calls are ours. */
struct learn_lines {
	struct str *list;
	size_t n;
};

/*
 * The published flow's, MAINLINE_LINE, and those that were called of late.
 * Errors as pg_run().
 */
MUST_USE enum err learn_lines(
    const struct jobs *jobs, struct arena *arena, struct learn_lines *out);

bool learn_is_line(const struct learn_lines *lines, struct str number);

struct learnt {
	bool is_ours;             /* false: nothing was written */
	bool call_is_over;        /* its status is one that stays */
	bool recordings_are_over; /* the same of all that it has */
	const char *status;       /* of the call, in Twilio's words */
	size_t n_recordings;
	struct rest_answer answer; /* the last one; says why it failed */
};

/*
 * Reads the call and its recordings, and adds an event for each.  Learnt twice,
 * it changes nothing.  `line` is empty when the call is not known here.
 *
 * Errors of rest_ask(), and those of events_add(): ERR_DB, ERR_BUSY with an
 * `answer.why` that says so.  ERR_UPSTREAM as well for an answer that cannot be
 * read.
 */
MUST_USE enum err learn_call(const struct jobs *jobs, struct arena *arena,
    struct str line, struct str call_sid, struct learnt *out);

#endif
