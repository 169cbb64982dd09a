/* loop: does the background work that is due.  Floor: jobs. */
#include "jobs/loop.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "io/conf.h"
#include "io/fetch.h"
#include "io/pg.h"
#include "kinds.h"
#include "store/jobs.h"
#include "store/statements.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BLOCK_BYTES ((size_t)64 * 1024)
#define IDLE_MS 500   /* between two looks for something due */
#define AWAY_MS 1000  /* the same while the database is away */
#define HERE_MS 60000 /* between two signs that this host is there */
#define MAX_CHANNELS 3
/* What has just been started is still coming up. */
#define DOCTOR_AFTER_S 300
#define HOUR_S INT64_C(3600)
#define SECOND_US INT64_C(1000000)

/* Whose work it is that has no call. */
enum owner { OWNER_CALL, OWNER_ALL, OWNER_HOST };

static const struct kind {
	const char *name;
	job_run run;
	enum owner owner; /* of all but a call's: done again and again */
	int64_t limit_s; /* a call's: given up so long after it was asked for */
	int64_t after_s; /* another's: the first time so long after a start */
	struct {
		const char *name;
		bool at_start;    /* whatever was done before */
	} channels[MAX_CHANNELS]; /* of OWNER_ALL: what is done apart */
} kinds[] = {
	{ .name = "archive", .run = archive_run, .limit_s = 24 * HOUR_S },
	{ .name = "doctor",
	    .run = doctor_job,
	    .owner = OWNER_ALL,
	    .after_s = DOCTOR_AFTER_S },
	{ .name = "erase", .run = erase_run, .limit_s = 7 * 24 * HOUR_S },
	{ .name = "notify", .run = notify_run, .limit_s = 24 * HOUR_S },
	{ .name = "reconcile", .run = reconcile_run, .limit_s = 24 * HOUR_S },
	{ .name = "retention", .run = retention_run, .owner = OWNER_ALL },
	{ .name = "settle", .run = settle_run, .owner = OWNER_ALL },
	{ .name = "snapshot", .run = snapshot_run, .owner = OWNER_HOST },
	{ .name = "sweep",
	    .run = sweep_run,
	    .owner = OWNER_ALL,
	    .channels = { { "open", true }, { "hour", true },
		{ "day", false } } },
};

static const struct kind *
kind_of(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (str_eq(name, str_of(kinds[i].name)))
			return &kinds[i];
	}
	return NULL;
}

bool
jobs_is_kind(struct str name)
{
	return kind_of(name) != NULL;
}

struct str
jobs_kinds(struct arena *arena)
{
	struct str list = str_of(kinds[0].name);

	for (size_t i = 1; i < ARRAY_LEN(kinds); i++)
		list =
		    str_format(arena, "%.*s, %s", STR_ARG(list), kinds[i].name);
	return list;
}

/* Of no call. */
static struct job_key
key_of(const struct kind *kind, const char *channel)
{
	return (struct job_key){
		.line = STR(""),
		.call_sid = STR(""),
		.kind = str_of(kind->name),
		.channel = str_of(channel),
	};
}

/* What is done again and again is asked for by whoever does it. */
static enum err
ask_for(const struct jobs *jobs, struct arena *arena, const struct kind *kind,
    const char *channel, bool now)
{
	const struct job_key key = key_of(kind, channel);
	const int64_t due_us = kind->after_s == 0
	    ? -1
	    : clock_wall_us() + kind->after_s * SECOND_US;
	enum err e = jobs_add(jobs->pg, arena, &key, due_us);

	return e == ERR_OK && now ? jobs_hasten(jobs->pg, arena, &key) : e;
}

static enum err
ask_for_channels(
    const struct jobs *jobs, struct arena *arena, const struct kind *kind)
{
	enum err e = ERR_OK;

	if (kind->channels[0].name == NULL)
		return ask_for(jobs, arena, kind, "", false);
	for (size_t i = 0; i < MAX_CHANNELS && e == ERR_OK; i++) {
		if (kind->channels[i].name != NULL)
			e = ask_for(jobs, arena, kind, kind->channels[i].name,
			    kind->channels[i].at_start);
	}
	return e;
}

static enum err
ask_for_own(const struct jobs *jobs, struct arena *arena)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < ARRAY_LEN(kinds) && e == ERR_OK; i++) {
		if (kinds[i].owner == OWNER_ALL)
			e = ask_for_channels(jobs, arena, &kinds[i]);
	}
	return e;
}

static enum err
ask_for_host(const struct jobs *jobs, struct arena *arena)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < ARRAY_LEN(kinds) && e == ERR_OK; i++) {
		const struct job_key key = key_of(&kinds[i], jobs->host);

		if (kinds[i].owner == OWNER_HOST)
			e = jobs_add_own(jobs->pg, arena, &key);
	}
	return e;
}

/*
 * What comes before the first job; and now and then, and after the database was
 * away, that this host is there still: meanwhile it may have been forgotten.
 */
static enum err
begin(const struct jobs *jobs, struct arena *arena, const char *who,
    bool *is_known)
{
	enum err e = ERR_OK;

	if (!*is_known && (e = jobs_release(jobs->pg, arena, who)) == ERR_OK)
		e = ask_for_own(jobs, arena);
	*is_known = *is_known || e == ERR_OK;
	return e == ERR_OK ? ask_for_host(jobs, arena) : e;
}

static struct job_end
run(const struct jobs *jobs, struct arena *arena, const struct job *job)
{
	const struct kind *const kind = kind_of(job->key.kind);

	if (kind == NULL) /* a newer program's */
		return job_failed_for(
		    job_failed(arena, job, "this program does not know it"),
		    HOUR_S);
	return job_limited(kind->run(jobs, arena, job),
	    (clock_wall_us() - job->created_us) / SECOND_US,
	    kind->owner == OWNER_CALL ? kind->limit_s : JOB_NO_LIMIT);
}

/* ERR_NOT_FOUND: there was nothing to do. */
static enum err
do_next(const struct jobs *jobs, struct arena *arena, const char *who)
{
	struct log log = *jobs->log;
	struct job_end end;
	struct job job;
	enum err e = jobs_claim(jobs->pg, arena, who, &job);

	if (e != ERR_OK)
		return e;
	log.call_sid = job.key.call_sid.n > 0 ? job.key.call_sid : STR_ABSENT;
	end = run(jobs, arena, &job);
	if (end.why.p != NULL && end.state != JOB_DONE)
		log_event(&log, LOG_JOB_FAILED, ERR_OK, "%.*s%s: %.*s",
		    STR_ARG(job.key.kind),
		    end.state == JOB_DEAD ? ", given up" : "",
		    STR_ARG(end.why));
	e = jobs_end(jobs->pg, arena, who, &job, &end);
	return e == ERR_CONFLICT ? ERR_OK : e;
}

void
jobs_loop(const struct jobs_options *options)
{
	const struct pg_options pg_options = {
		.conninfo = options->conf->database_url,
		.on_connect = stmt(STMT_SESSION),
		.log = options->log,
	};
	struct arena *const arena = arena_new(BLOCK_BYTES);
	const struct jobs jobs = {
		.conf = options->conf,
		.log = options->log,
		.host = options->host,
		.pg = pg_new(&pg_options),
		.fetcher = fetcher_new(options->conf->ca_file),
	};
	bool is_known = false, is_away = true;
	int64_t begin_ms = 0;
	enum err e = ERR_OK;

	do {
		if (is_away || clock_left_ms(begin_ms) == 0) {
			e = begin(&jobs, arena, options->who, &is_known);
			begin_ms = clock_mono_ms() + HERE_MS;
		}
		if (e == ERR_OK || e == ERR_NOT_FOUND)
			e = do_next(&jobs, arena, options->who);
		is_away = e != ERR_OK && e != ERR_NOT_FOUND;
		arena_reset(arena);
	} while (!options->wait(options->arg,
	    is_away           ? AWAY_MS
		: e == ERR_OK ? 0
			      : IDLE_MS));
	fetcher_free(jobs.fetcher);
	pg_free(jobs.pg);
	arena_free(arena);
}
