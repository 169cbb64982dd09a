/*
 * sweep_job: looks for calls and recordings that nobody told us of, again and
 * again.  Floor: jobs.
 *
 * In the database every 30 seconds, at Twilio every 5 minutes over the last
 * hour and once a day over two days.  How long nobody looked is told by when
 * the last one was done: after an outage, of the database or of ours, it goes
 * back so far.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "kinds.h"
#include "rest_ask.h"
#include "store/jobs.h"
#include "store/missing.h"
#include "store/statements.h"
#include "sweep.h"

#include <stddef.h>
#include <stdint.h>

#define OPEN_EVERY_S 30
#define HOUR_EVERY_S 300
#define DAY_EVERY_S 86400
#define IDLE_S 3600     /* without an account there is nobody to ask */
#define TOTAL_MS 480000 /* below JOBS_LEASE_S, so that nobody else begins */
#define SECOND_US INT64_C(1000000)
#define MINUTE_US (60 * SECOND_US)
#define HOUR_US (60 * MINUTE_US)
#define LONGEST_US (48 * HOUR_US) /* what was never looked at, or long ago */
#define OVERLAP_US (10 * MINUTE_US)

struct window {
	int64_t usual_us;   /* so far back */
	int64_t overlap_us; /* after an outage: before the last time */
};

/* Since when to look. */
static enum err
since(const struct jobs *jobs, struct arena *arena, const struct job *job,
    const struct window *window, int64_t *out_us)
{
	const int64_t now_us = clock_wall_us();
	int64_t last_us;
	enum err e = jobs_last_done(jobs->pg, arena, &job->key,
	    clock_mono_ms() + STMT_COMMAND_MS, &last_us);

	if (e != ERR_OK)
		return e;
	*out_us = now_us - window->usual_us;
	if (last_us < 0)
		*out_us = now_us - LONGEST_US;
	else if (last_us - window->overlap_us < *out_us)
		*out_us = last_us - window->overlap_us;
	return ERR_OK;
}

static struct job_end
sweep_open(const struct jobs *jobs, struct arena *arena, const struct job *job)
{
	/* A call may come to the voicemail long after it began. */
	const struct window window = { 2 * HOUR_US, 2 * HOUR_US };
	int64_t since_us;

	if (since(jobs, arena, job, &window, &since_us) != ERR_OK ||
	    missing_ask_open(jobs->pg, arena, since_us) != ERR_OK)
		return job_failed(arena, job, "the calls cannot be read");
	return job_again(OPEN_EVERY_S);
}

/* What is missing is left to a job of its own, which is patient. */
static enum err
ask_later(void *arg, const struct missing *missing, struct str channel)
{
	const struct sweep *const sweep = arg;
	struct arena *const arena = arena_new((size_t)4 * 1024);
	const enum err e =
	    missing_ask(sweep->jobs->pg, arena, missing, channel);

	arena_free(arena);
	return e;
}

static struct job_end
sweep_twilio(const struct jobs *jobs, struct arena *arena,
    const struct job *job, const struct window *window, int64_t every_s)
{
	struct sweep sweep = {
		.jobs = jobs,
		.arena = arena,
		.deadline_ms = clock_mono_ms() + TOTAL_MS,
		.found = ask_later,
		.answer.retry_after_s = -1,
		.answer.why = "the database cannot be asked",
	};

	sweep.arg = &sweep;
	if (since(jobs, arena, job, window, &sweep.since_us) != ERR_OK ||
	    sweep_all(&sweep) != ERR_OK)
		return rest_ask_failed(arena, job, &sweep.answer);
	return job_again(every_s);
}

struct job_end
sweep_run(const struct jobs *jobs, struct arena *arena, const struct job *job)
{
	static const struct window hour = { HOUR_US, OVERLAP_US };
	static const struct window day = { LONGEST_US, OVERLAP_US };

	if (!rest_ask_can(jobs->conf))
		return job_again(IDLE_S);
	if (str_eq(job->key.channel, STR("hour")))
		return sweep_twilio(jobs, arena, job, &hour, HOUR_EVERY_S);
	if (str_eq(job->key.channel, STR("day")))
		return sweep_twilio(jobs, arena, job, &day, DAY_EVERY_S);
	return sweep_open(jobs, arena, job);
}
