/*
 * retention: removing what has been kept for long enough.
 * Floor: store.
 *
 * Everything goes by a call's first_seen_at, a few rows a transaction, so that
 * no webhook waits.  There is no tombstone: what arrives after so many days
 * counts as new, and its time will be over as well.
 */
#ifndef MAINLINE_STORE_RETENTION_H
#define MAINLINE_STORE_RETENTION_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "store/erasure.h"

#include <stdbool.h>
#include <stdint.h>

/* Background work that was done is known for so long, when its call is gone. */
#define RETENTION_JOBS_DAYS 28

/* Up to 50 calls that are older than `days`, the oldest first; in `arena`. */
MUST_USE enum err retention_calls(struct pg *pg, struct arena *arena, int days,
    struct erasure_call **out, size_t *n);

/*
 * The recordings of a call that are kept here: one row each, its SID and
 * whether it lies in a bucket.
 */
MUST_USE enum err retention_recordings(struct pg *pg, struct arena *arena,
    const struct erasure_call *call, struct pg_rows *out);

/* Removes a call with all its rows, in one transaction. */
MUST_USE enum err retention_remove(
    struct pg *pg, struct arena *arena, const struct erasure_call *call);

struct retention_audio {
	struct str line, sid; /* of a recording */
	bool in_bucket;       /* else in a folder */
};

/* Up to 50 recordings, still kept here, of calls older than `days`. */
MUST_USE enum err retention_audio(struct pg *pg, struct arena *arena, int days,
    struct retention_audio **out, size_t *n);

/* Its files are gone; the row says since when. */
MUST_USE enum err retention_audio_removed(
    struct pg *pg, struct arena *arena, const struct retention_audio *audio);

/* Where a pass over the calls has come to; all zero at its beginning. */
struct retention_cursor {
	int64_t after_us;
	struct str after_sid; /* in an arena that outlives the pass */
	int64_t events;       /* how many were removed so far */
};

/*
 * Removes the events of the next 1000 calls older than `days`, all of a call at
 * once: it stays in the feed as it is, and is never made anew from what might
 * still come.  ERR_NOT_FOUND: the pass is over.
 */
MUST_USE enum err retention_events(struct pg *pg, struct arena *arena, int days,
    struct retention_cursor *cursor);

/*
 * Where the last turn has left a pass, in the row of the job: `*cursor` is all
 * zero at a beginning, else its SID lives in `arena`.
 */
MUST_USE enum err retention_resume(
    struct pg *pg, struct arena *arena, struct retention_cursor *cursor);

/* Keeps it for the next turn; NULL: the pass is over. */
MUST_USE enum err retention_pause(
    struct pg *pg, struct arena *arena, const struct retention_cursor *cursor);

/* Up to 500 of what was set aside more than `days` ago. */
MUST_USE enum err retention_aside(
    struct pg *pg, struct arena *arena, int days, int64_t *n);

/*
 * Up to 500 jobs that were done more than RETENTION_JOBS_DAYS ago and whose
 * call is gone.  Those of a call that is there stay: they are why nobody is
 * told of it twice, and why audio that was removed is not fetched again.
 */
MUST_USE enum err retention_jobs(
    struct pg *pg, struct arena *arena, int64_t *n);

#endif
