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
	bool anew;       /* JOB_DUE: as if never begun */
	struct str why;  /* it failed; absent: it did not */
};

/*
 * Asks for it, not before `due_us` (-1: now); does nothing when it was asked
 * for before.  Errors as pg_run().
 */
MUST_USE enum err jobs_add(struct pg *pg, struct arena *arena,
    const struct job_key *key, int64_t due_us);

/*
 * Takes the job that has been due for longest, for JOBS_LEASE_S seconds, in the
 * name of `who`.  Lives in `arena`.  ERR_NOT_FOUND: nothing is due.  Else as
 * pg_run().
 */
MUST_USE enum err jobs_claim(
    struct pg *pg, struct arena *arena, const char *who, struct job *out);

/*
 * Says how it ended.  ERR_CONFLICT: it is no more ours.  Else as pg_run().
 */
MUST_USE enum err jobs_end(struct pg *pg, struct arena *arena, const char *who,
    const struct job *job, const struct job_end *end);

/* Gives back what an earlier process named `who` held when it died. */
MUST_USE enum err jobs_release(
    struct pg *pg, struct arena *arena, const char *who);

#endif
