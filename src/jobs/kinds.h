/*
 * kinds: what the background work consists of; a file for each kind.
 * Floor: jobs.
 */
#ifndef MAINLINE_JOBS_KINDS_H
#define MAINLINE_JOBS_KINDS_H

#include "base/arena.h"
#include "base/log.h"
#include "io/conf.h"
#include "io/fetch.h"
#include "io/pg.h"
#include "store/jobs.h"

/* What every kind may use; all of it is borrowed. */
struct jobs {
	const struct conf *conf;
	const struct log *log;
	const char *host;
	struct pg *pg;
	struct fetcher *fetcher;
};

/*
 * Does a job, which may have been done before, and says how it ended.  What it
 * allocates lives in `arena` until then.
 */
typedef struct job_end (*job_run)(
    const struct jobs *jobs, struct arena *arena, const struct job *job);

/* It is done. */
struct job_end job_done(void);

/* There was nothing to do, and why: it stands in the list, not in the log. */
struct job_end job_idle(const char *why);

/* It failed, perhaps not for ever: tried again, later each time. */
struct job_end job_failed(struct arena *arena, const struct job *job,
    const char *fmt, ...) PRINTF_LIKE(3, 4);

/* The same, and the other side has said when to come back: at the earliest. */
struct job_end job_failed_for(struct job_end failed, int64_t delay_s);

/* It is of no use to try it again. */
struct job_end job_dead(struct arena *arena, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

/* Done for now, and done again in so many seconds. */
struct job_end job_again(int64_t delay_s);

#define JOB_NO_LIMIT (-1)

/*
 * The end of a job that was asked for `age_s` ago.  What still fails after
 * `limit_s` is given up; with JOB_NO_LIMIT, of what is done again and again, it
 * is not, nor ever put off for longer than the other side wants.
 */
struct job_end job_limited(struct job_end end, int64_t age_s, int64_t limit_s);

/* The rest of an erasure: the second look, the audio, Twilio's copies. */
struct job_end erase_run(
    const struct jobs *jobs, struct arena *arena, const struct job *job);

/* Removes what was kept for as long as MAINLINE_KEEP_*_DAYS say. */
struct job_end retention_run(
    const struct jobs *jobs, struct arena *arena, const struct job *job);

/* A recording's audio: from Twilio to the folder or to the bucket. */
struct job_end archive_run(
    const struct jobs *jobs, struct arena *arena, const struct job *job);

/*
 * A call, or a recording, whose end nobody told us: Twilio is asked.  And what
 * looks for such: with the channel "open" in the database, with "hour" and
 * "day" at Twilio, so far back.
 */
struct job_end reconcile_run(
    const struct jobs *jobs, struct arena *arena, const struct job *job);
struct job_end sweep_run(
    const struct jobs *jobs, struct arena *arena, const struct job *job);

/* Notes which missed and abandoned calls need nobody any more. */
struct job_end settle_run(
    const struct jobs *jobs, struct arena *arena, const struct job *job);

/* The flow's snapshot of this host. */
struct job_end snapshot_run(
    const struct jobs *jobs, struct arena *arena, const struct job *job);

/* What stands between the caller and the answer, for the page. */
struct job_end doctor_job(
    const struct jobs *jobs, struct arena *arena, const struct job *job);

/* Somebody is told of a message or a missed call. */
struct job_end notify_run(
    const struct jobs *jobs, struct arena *arena, const struct job *job);

#endif
