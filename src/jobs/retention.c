/*
 * retention: removes what was kept for long enough.  Floor: jobs.
 *
 * Once an hour, and as long as there is something, a minute at a time: what
 * waits behind it is not kept waiting.
 */
#include "store/retention.h"
#include "audio.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "io/conf.h"
#include "io/pg.h"
#include "kinds.h"
#include "store/erasure.h"
#include "store/jobs.h"
#include "twilio/words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EVERY_S 3600
#define TURN_MS 60000
#define BLOCK_BYTES ((size_t)16 * 1024)

struct turn {
	const struct jobs *jobs;
	struct arena *arena; /* of the job */
	struct arena *batch; /* reset before each batch */
	int64_t deadline_ms; /* monotonic */
	const char *why;     /* something failed, in `arena` */
	bool failed;         /* in this part of it */
};

static bool
is_over(const struct turn *t)
{
	return t->failed || clock_left_ms(t->deadline_ms) == 0;
}

static bool
failed(struct turn *t, const char *why)
{
	t->why = str_cstr(t->arena, str_of(why));
	t->failed = true;
	return false;
}

static bool
database_failed(struct turn *t)
{
	return failed(t, "the database cannot be written");
}

static bool
remove_audio(struct turn *t, struct str sid, bool in_bucket)
{
	const char *why;

	/* A webhook brought it; it becomes part of a path. */
	return !sid_is(sid, "RE") ||
	    audio_remove(t->jobs, t->batch, sid, in_bucket, &why) == ERR_OK ||
	    failed(t, why);
}

/* The files first: a row that is there tells of what may be left. */
static bool
remove_call(struct turn *t, const struct erasure_call *call)
{
	struct pg_rows rows;

	if (retention_recordings(t->jobs->pg, t->batch, call, &rows) != ERR_OK)
		return database_failed(t);
	for (size_t i = 0; i < rows.n; i++) {
		if (!remove_audio(t, pg_str(&rows, i, 0), pg_bool(&rows, i, 1)))
			return false;
	}
	return retention_remove(t->jobs->pg, t->batch, call) == ERR_OK ||
	    database_failed(t);
}

static void
remove_calls(struct turn *t, int days)
{
	struct erasure_call *calls;
	size_t n = 1;

	while (n > 0 && !is_over(t)) {
		arena_reset(t->batch);
		if (retention_calls(t->jobs->pg, t->batch, days, &calls, &n) !=
		    ERR_OK) {
			(void)database_failed(t);
			return;
		}
		for (size_t i = 0; i < n && !is_over(t); i++)
			(void)remove_call(t, &calls[i]);
	}
}

static void
remove_old_audio(struct turn *t, int days)
{
	struct retention_audio *audio;
	size_t n = 1;

	while (n > 0 && !is_over(t)) {
		arena_reset(t->batch);
		if (retention_audio(t->jobs->pg, t->batch, days, &audio, &n) !=
		    ERR_OK) {
			(void)database_failed(t);
			return;
		}
		for (size_t i = 0; i < n && !is_over(t); i++) {
			if (remove_audio(t, audio[i].sid, audio[i].in_bucket) &&
			    retention_audio_removed(
				t->jobs->pg, t->batch, &audio[i]) != ERR_OK)
				(void)database_failed(t);
		}
	}
}

static void
remove_events(struct turn *t, int days)
{
	struct pg *const pg = t->jobs->pg;
	struct retention_cursor cursor;
	enum err e = retention_resume(pg, t->arena, &cursor);

	while (e == ERR_OK && !is_over(t)) {
		arena_reset(t->batch);
		e = retention_events(pg, t->batch, days, &cursor);
		cursor.after_sid = str_copy(t->arena, cursor.after_sid);
	}
	if (e == ERR_OK || e == ERR_NOT_FOUND)
		e = retention_pause(pg, t->batch, e == ERR_OK ? &cursor : NULL);
	if (e != ERR_OK)
		(void)database_failed(t);
}

/* By the shorter of two times; 0 is none. */
static int
shorter(int a, int b)
{
	return a == 0 || (b != 0 && b < a) ? b : a;
}

static void
remove_rest(struct turn *t, int aside_days)
{
	int64_t n = 1;

	while (aside_days > 0 && n > 0 && !is_over(t)) {
		if (retention_aside(t->jobs->pg, t->batch, aside_days, &n) !=
		    ERR_OK)
			(void)database_failed(t);
	}
	for (n = 1; n > 0 && !is_over(t);) {
		if (retention_jobs(t->jobs->pg, t->batch, &n) != ERR_OK)
			(void)database_failed(t);
	}
}

struct job_end
retention_run(
    const struct jobs *jobs, struct arena *arena, const struct job *job)
{
	const struct conf *const conf = jobs->conf;
	struct turn t = {
		.jobs = jobs,
		.arena = arena,
		.batch = arena_new(BLOCK_BYTES),
		.deadline_ms = clock_mono_ms() + TURN_MS,
	};

	if (conf->keep_calls_days > 0)
		remove_calls(&t, conf->keep_calls_days);
	/* What one part cannot remove does not keep the others from theirs. */
	t.failed = false;
	if (conf->keep_audio_days > 0)
		remove_old_audio(&t, conf->keep_audio_days);
	t.failed = false;
	remove_rest(&t, shorter(conf->keep_events_days, conf->keep_calls_days));
	t.failed = false;
	if (conf->keep_events_days > 0)
		remove_events(&t, conf->keep_events_days);
	arena_free(t.batch);
	if (t.why != NULL)
		return job_failed(arena, job, "%s", t.why);
	return job_again(is_over(&t) ? 1 : EVERY_S);
}
