/*
 * jobs: background work as rows, each done by one process at a time.
 * Floor: store.
 *
 * A row is there once for each thing to do, and is claimed for a while: who
 * dies meanwhile has its work done by another when that is over.  So what a job
 * does must bear being done twice.
 */
#ifndef MAINLINE_STORE_JOBS_H
#define MAINLINE_STORE_JOBS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Nothing that a job does may take as long. */
#define JOBS_LEASE_S 600

/* What a job is; line and call_sid are empty for what is no call's. */
struct job_key {
	struct str line, call_sid, kind, channel;
};

struct job {
	struct job_key key;
	int attempts;       /* this one included */
	int64_t created_us; /* when it was first asked for */
	int64_t due_us;
};

enum job_state { JOB_DUE, JOB_DONE, JOB_DEAD };

struct job_end {
	enum job_state state;
	int64_t delay_s; /* JOB_DUE: in so many seconds once more */
	int64_t least_s; /* JOB_DUE: as the other side wants it, not earlier */
	bool anew;       /* JOB_DUE: as if never begun */
	struct str
	    why; /* it failed, or JOB_DONE: nothing was done; or absent */
};

/*
 * Asks for it, not before `due_us` (-1: now); does nothing when it was asked
 * for before.  Errors as pg_run().
 */
MUST_USE enum err jobs_add(struct pg *pg, struct arena *arena,
    const struct job_key *key, int64_t due_us);

/*
 * What was asked for and waits is due at once, unless it was done within the
 * last 20 seconds: who starts again and again need not do all of it each time.
 */
MUST_USE enum err jobs_hasten(
    struct pg *pg, struct arena *arena, const struct job_key *key);

/*
 * When it was last done with success, microseconds; -1: never.  Also for what
 * is done again and again.
 */
MUST_USE enum err jobs_last_done(struct pg *pg, struct arena *arena,
    const struct job_key *key, int64_t deadline_ms, int64_t *out_us);

/*
 * Takes a job that is due, for JOBS_LEASE_S seconds, in the name of `who`: of
 * the kinds that nobody works on the one that has been due for longest, else of
 * all.  `who` is HOST#N, and of each host's own kind (snapshot) only the one
 * whose channel is HOST is taken.  Lives in `arena`.  ERR_NOT_FOUND: nothing is
 * due.  Else as pg_run().
 */
MUST_USE enum err jobs_claim(
    struct pg *pg, struct arena *arena, const char *who, struct job *out);

/*
 * Says how it ended.  ERR_CONFLICT: it is no more ours.  Else as pg_run().
 */
MUST_USE enum err jobs_end(struct pg *pg, struct arena *arena, const char *who,
    const struct job *job, const struct job_end *end);

/*
 * The same of what a host does for itself, at once; to be asked for again at
 * least every four minutes, or others take the host for gone.
 */
MUST_USE enum err jobs_add_own(
    struct pg *pg, struct arena *arena, const struct job_key *key);

/*
 * What is to be done for hosts that no longer do it, nor have asked for it
 * within ten minutes, is asked for no more.
 */
MUST_USE enum err jobs_forget_hosts(struct pg *pg, struct arena *arena);

/* Gives back what an earlier process named `who` held when it died. */
MUST_USE enum err jobs_release(
    struct pg *pg, struct arena *arena, const char *who);

/* For people: which jobs; what is absent or -1 does not matter. */
struct jobs_filter {
	struct str state; /* "due", "done", "dead"; absent: not done */
	struct str kind;
	int limit; /* rows at most */
};

struct jobs_row {
	struct job_key key;
	struct str state;
	int attempts;
	int64_t due_us;
	int64_t finished_us; /* -1: never was */
	bool is_leased;      /* somebody works on it */
	struct str remark;   /* job_end's `why`, of the last time */
};

/* The longest due first; lives in `arena`.  Errors as pg_run(). */
MUST_USE enum err jobs_list(struct pg *pg, struct arena *arena,
    const struct jobs_filter *filter, struct jobs_row **out, size_t *n);

/*
 * Has jobs that wait or were given up begin anew, at once; what somebody works
 * on just now stays as it is.  Of the key only what is not absent counts;
 * `dead`: no others than those given up.  `*n` is how many there were.
 */
MUST_USE enum err jobs_retry(struct pg *pg, struct arena *arena,
    const struct job_key *key, bool dead, size_t *n);

struct jobs_count {
	struct str kind, state;
	int64_t n;
	int64_t oldest_due_us; /* since when the first of them is due */
};

/*
 * How many there are of each kind and state, for health and metrics; without
 * those that are done, which only a look at all of them could count.
 */
MUST_USE enum err jobs_counts(struct pg *pg, struct arena *arena,
    int64_t deadline_ms, struct jobs_count **out, size_t *n);

/* Of these names?  "due", "done", "dead". */
bool jobs_is_state(struct str name);

#endif
