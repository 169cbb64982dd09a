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
};

/* Can it be asked at all: an account, and a key or a token of it? */
bool rest_ask_can(const struct conf *conf);

/*
 * GET of a path of twilio/rest_calls, at the host that is configured and no
 * other.  ERR_NOT_FOUND: 404.  ERR_BUSY: 429, 5xx or no answer: later.
 * ERR_FORBIDDEN: it refuses our credentials.  ERR_UPSTREAM: anything else.
 * What is in `*out` lives in `arena`.
 */
MUST_USE enum err rest_ask(const struct jobs *jobs, struct arena *arena,
    struct str path, struct rest_answer *out);

/* The end of a job that got no answer. */
struct job_end rest_ask_failed(struct arena *arena, const struct job *job,
    const struct rest_answer *answer);

#endif
