/*
 * erasure: removing all that is known of a call.
 * Floor: store.
 *
 * What is left is a tombstone, a keyed hash of the call's SID, which
 * STMT_EVENTS_ADD respects: what arrives late, is replayed from a spool or read
 * at Twilio brings nothing back.  A statement that had begun before the
 * tombstone was there may still write a row; so a job, kind "erase", looks a
 * second time some seconds later, and removes the call, its legs and its
 * recordings at Twilio as well.
 */
#ifndef MAINLINE_STORE_ERASURE_H
#define MAINLINE_STORE_ERASURE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"

#include <stdbool.h>
#include <stdint.h>

/* No statement that had begun before an erasure runs for as long. */
#define ERASURE_SECOND_LOOK_S 5

struct erasure_call {
	struct str line, sid;
	bool theirs;        /* erasure_find(): the number's own call */
	int64_t seen_us;    /* when it began; -1: not known */
	struct str outcome; /* absent: none yet */
};

/* Rows, of each table. */
struct erasure_counts {
	int64_t calls, events, recordings, listens, jobs, aside, blocks;
};

/*
 * The calls that have this SID, one a line; in `arena`.  ERR_NOT_FOUND: none.
 * Else as pg_run().
 */
MUST_USE enum err erasure_calls_of(struct pg *pg, struct arena *arena,
    struct str sid, int64_t deadline_ms, struct erasure_call **out, size_t *n);

/*
 * The calls in which a number stands: "15550100123", digits alone.  `theirs`:
 * it called, however it was spelt.  The others merely mention it: in a
 * transcript, a note, as who had forwarded the call, or as a phone that was
 * rung.  Reads every event: a minute for millions of them.
 */
MUST_USE enum err erasure_find(struct pg *pg, struct arena *arena,
    struct str digits, struct erasure_call **out, size_t *n);

/*
 * The latest version of the flow in which the number stands; ERR_NOT_FOUND:
 * none.
 */
MUST_USE enum err erasure_flow_with(
    struct pg *pg, struct arena *arena, struct str digits, int *version);

/*
 * Erases one call, in one transaction, and asks for the rest of the work (jobs
 * of kind "erase": channel "" for the call itself, else the SID of a leg or
 * of a recording, "RE...@bucket" where its audio lies in one).  A call
 * that is not there gets its tombstone all the same.  To be done twice is no
 * harm.  `*counts` is added to.  Errors as pg_run(): then nothing was changed,
 * as far as is known.
 */
MUST_USE enum err erasure_erase(struct pg *pg, struct arena *arena,
    const struct erasure_call *call, int64_t deadline_ms,
    struct erasure_counts *counts);

/* What erasure_erase() would remove; added to `*counts`. */
MUST_USE enum err erasure_count(struct pg *pg, struct arena *arena,
    const struct erasure_call *call, struct erasure_counts *counts);

/*
 * The recordings of a call that was erased, as long as their jobs are not done:
 * one row each, of one column.
 */
MUST_USE enum err erasure_recordings(struct pg *pg, struct arena *arena,
    const struct erasure_call *call, struct pg_rows *out);

/*
 * Removes what was set aside and holds the number, or with `only_count` says
 * how much it is.
 */
MUST_USE enum err erasure_aside(struct pg *pg, struct arena *arena,
    struct str digits, bool only_count, int64_t *n);

/*
 * Removes the number's block, or with `only_count` says how many there are: one
 * or none.  The snapshots of the hosts hold it for some seconds more.
 */
MUST_USE enum err erasure_block(struct pg *pg, struct arena *arena,
    struct str digits, bool only_count, int64_t *n);

/* A recording's row and who has listened to it, if they have come back. */
MUST_USE enum err erasure_recording(struct pg *pg, struct arena *arena,
    struct str line, struct str recording_sid);

/* The job is done: its row, which names the call, is removed. */
MUST_USE enum err erasure_forget_job(struct pg *pg, struct arena *arena,
    const struct erasure_call *call, struct str channel);

/*
 * Has PostgreSQL use again the room of the rows that were removed, so that what
 * stands in its files is overwritten; else it does so some time later.  Minutes
 * for millions of rows, and nobody waits for it.  What the user may not vacuum
 * is left out.  Errors as pg_run(), and no harm.
 */
MUST_USE enum err erasure_vacuum(struct pg *pg, struct arena *arena);

#endif
