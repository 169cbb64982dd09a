/*
 * live: which calls have changed, for open pages.
 * Floor: store.
 *
 * Whoever changes a call adds a row to `changes` in the same statement (see
 * NOTE_CHANGES), and one process a host looks there a few times a second.  It
 * remembers the snapshot of its last look, so that it sees each row once,
 * however late its transaction commits.
 */
#ifndef MAINLINE_STORE_LIVE_H
#define MAINLINE_STORE_LIVE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "store/calls.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A look gives at most twice as many rows; then there may be more. */
#define LIVE_LOOK_ROWS 400

/* What is counted is counted up to here. */
#define LIVE_COUNT_MAX 100

/*
 * How long after its commit a row of `changes` is there at least: who has not
 * looked for so long may have missed something.
 */
#define LIVE_KEEP_MS 10000

struct live_look {
	struct str snapshot;    /* for the next look */
	struct call_key *calls; /* that have changed, each once, latest first */
	size_t n;
	bool more; /* than were read: `calls` is not all */
};

/*
 * What has changed since the look that gave `since`; absent: nothing is told
 * but the snapshot.  A call that was removed counts as changed.  Errors as
 * pg_run().
 */
MUST_USE enum err live_look(struct pg *pg, struct arena *arena,
    struct str since, int64_t deadline_ms, struct live_look *out);

/*
 * The calls as open pages are told them, a JSON of the shape LiveCall
 * (openapi/mainline.yaml) each into `out`; absent for one that was removed.
 * However many there are, they take three statements at most.  Errors as
 * pg_run().
 */
MUST_USE enum err live_calls_json(struct pg *pg, struct arena *arena,
    const struct call_keys *calls, struct str *out);

/* Each at most LIVE_COUNT_MAX, which means so many or more. */
struct live_counts {
	int64_t unheard, to_do;
};

MUST_USE enum err live_count(struct pg *pg, struct arena *arena,
    int64_t deadline_ms, struct live_counts *out);

/*
 * Removes rows that a snapshot of LIVE_KEEP_MS ago has seen, some of them;
 * `*all`: there are no more.  Errors as pg_run().
 */
MUST_USE enum err live_prune(struct pg *pg, struct arena *arena,
    struct str snapshot, int64_t deadline_ms, bool *all);

#define LIVE_PRUNE_ROWS 20000

#endif
