/*
 * rest_ask: a question to Twilio's REST API that is answered in JSON.
 * Floor: jobs.
 */
#ifndef MAINLINE_JOBS_REST_ASK_H
#define MAINLINE_JOBS_REST_ASK_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "kinds.h"
#include "store/jobs.h"

#include <stdbool.h>

struct rest_answer {
	struct str json;
	const char *why;   /* in words, where it failed */
	int retry_after_s; /* not to be asked before; -1: not told */
	int status;        /* of HTTP; 0: there was no answer */
	/* What an error's body says; never logged: it may name a caller. */
	int code;           /* Twilio's own; 0: not told */
	struct str message; /* absent: not told */
};

/* Can it be asked at all: an account, and a key or a token of it? */
bool rest_ask_can(const struct conf *conf);

/*
 * GET of a path of twilio/rest_calls or rest_numbers, at the host that is
 * configured and no other.  ERR_NOT_FOUND: 404.  ERR_BUSY: 429, 5xx or no
 * answer: later.  ERR_FORBIDDEN: it refuses our credentials.  ERR_UPSTREAM:
 * anything else.  What is in `*out` lives in `arena`.
 */
MUST_USE enum err rest_ask(const struct jobs *jobs, struct arena *arena,
    struct str path, struct rest_answer *out);

/* The same, of a path below another origin: that of another API of Twilio's. */
MUST_USE enum err rest_ask_at(const struct jobs *jobs, struct arena *arena,
    struct str origin, struct str path, struct rest_answer *out);

/*
 * POST of a form to such a path: something is made or changed there.  As
 * rest_ask(); ERR_INPUT as well: 400, it refuses what was asked.
 */
MUST_USE enum err rest_ask_to(const struct jobs *jobs, struct arena *arena,
    struct str path, struct str form, struct rest_answer *out);

/* The end of a job that got no answer. */
struct job_end rest_ask_failed(struct arena *arena, const struct job *job,
    const struct rest_answer *answer);

#endif
