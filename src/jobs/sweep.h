/*
 * sweep: holds the record against what Twilio lists.
 * Floor: jobs.
 */
#ifndef MAINLINE_JOBS_SWEEP_H
#define MAINLINE_JOBS_SWEEP_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "kinds.h"
#include "rest_ask.h"
#include "store/missing.h"

#include <stddef.h>
#include <stdint.h>

struct sweep {
	const struct jobs *jobs;
	struct arena *arena; /* for what lasts until the end */
	int64_t since_us;
	int64_t deadline_ms; /* monotonic: not begun with a page after that */
	struct str line;     /* absent: all lines of ours */
	/*
	 * What is missing, one after the other; `channel` is "call" or
	 * "recording".  Anything but ERR_OK ends the sweep.
	 */
	enum err (*found)(
	    void *arg, const struct missing *missing, struct str channel);
	void *arg;

	size_t n_calls, n_recordings; /* that were listed */
	struct rest_answer answer;    /* says why it failed */
};

/*
 * Reads the lists of calls, line by line, and of recordings, page by page.
 * Errors of rest_ask(), of pg_run(), and of `found`; ERR_BUSY past the
 * deadline.
 */
MUST_USE enum err sweep_all(struct sweep *sweep);

#endif
