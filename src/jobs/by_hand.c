/* by_hand: mainline reconcile's part.  Floor: jobs. */
#include "jobs/reconcile.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "io/conf.h"
#include "io/fetch.h"
#include "kinds.h"
#include "learn.h"
#include "rest_ask.h"
#include "store/missing.h"
#include "sweep.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOTAL_MS (INT64_C(3600) * 1000)
#define BLOCK_BYTES ((size_t)16 * 1024)

struct run {
	const struct reconcile_options *options;
	const struct jobs *jobs;
	struct arena *arena; /* of the run */
	struct arena *round; /* of one call */
	struct reconcile_sum *sum;
	struct str *seen; /* calls, each told once */
	size_t n_seen, seen_max;
};

static bool
is_seen(struct run *run, struct str call_sid)
{
	for (size_t i = 0; i < run->n_seen; i++) {
		if (str_eq(run->seen[i], call_sid))
			return true;
	}
	if (run->n_seen == run->seen_max) {
		const size_t most = run->seen_max == 0 ? 64 : run->seen_max * 2;
		struct str *const more =
		    ARENA_ARRAY(run->arena, most, struct str);

		for (size_t i = 0; i < run->n_seen; i++)
			more[i] = run->seen[i];
		run->seen = more;
		run->seen_max = most;
	}
	run->seen[run->n_seen++] = str_copy(run->arena, call_sid);
	return false;
}

/* One that fails is said, and the next one tried. */
static enum err
add_now(void *arg, const struct missing *missing, struct str channel)
{
	struct run *const run = arg;
	size_t *const n =
	    missing->is_known ? &run->sum->partial : &run->sum->absent;
	struct reconcile_found found = {
		.call_sid = missing->call_sid,
		.line = missing->line,
		.is_known = missing->is_known,
		.is_recording = str_eq(channel, STR("recording")),
		.is_ours = true,
	};
	struct learnt learnt;

	if (is_seen(run, missing->call_sid))
		return ERR_OK;
	++*n;
	if (!run->options->dry_run) {
		if (learn_call(run->jobs, run->round, missing->line,
			missing->call_sid, &learnt) != ERR_OK) {
			found.why = learnt.answer.why;
			run->sum->failed++;
		} else {
			found.is_ours = learnt.is_ours;
			run->sum->added += learnt.is_ours;
			*n -= !learnt.is_ours;
		}
		found.status = learnt.status;
		found.n_recordings = learnt.n_recordings;
	}
	run->options->tell(run->options->arg, &found);
	arena_reset(run->round);
	return ERR_OK;
}

bool
reconcile_can(const struct conf *conf)
{
	return rest_ask_can(conf);
}

enum err
reconcile_since(struct arena *arena, const struct reconcile_options *options,
    struct reconcile_sum *sum, const char **why)
{
	const struct jobs jobs = {
		.conf = options->conf,
		.log = options->log,
		.host = "",
		.pg = options->pg,
		.fetcher = fetcher_new(options->conf->ca_file),
	};
	struct run run = {
		.options = options,
		.jobs = &jobs,
		.arena = arena,
		.round = arena_new(BLOCK_BYTES),
		.sum = sum,
	};
	struct sweep sweep = {
		.jobs = &jobs,
		.arena = arena,
		.since_us = options->since_us,
		.deadline_ms = clock_mono_ms() + TOTAL_MS,
		.line = options->line,
		.found = add_now,
		.arg = &run,
	};
	enum err e;

	*sum = (struct reconcile_sum){ 0 };
	e = sweep_all(&sweep);
	sum->calls = sweep.n_calls;
	sum->recordings = sweep.n_recordings;
	*why = sweep.answer.why;
	arena_free(run.round);
	fetcher_free(jobs.fetcher);
	return e;
}
