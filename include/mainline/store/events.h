/*
 * events: writing rows of events, and so their calls.
 * Floor: store.
 */
#ifndef MAINLINE_STORE_EVENTS_H
#define MAINLINE_STORE_EVENTS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "io/pg.h"
#include "store/event_row.h"

#include <stddef.h>
#include <stdint.h>

/* Of one statement: more cost memory and save nothing (measured). */
#define EVENTS_BATCH_MAX 64

/*
 * Which rows can go into one statement: those of the line of the first one that
 * is an event, no two of one call, EVENTS_BATCH_MAX at most.  Moves them to the
 * front of the list, in the order of their calls, and gives their number; 0:
 * there is none but what is to be set aside.
 */
size_t events_batch(const struct event_row **rows, size_t n);

/*
 * The statement that writes such a batch, and merges it into its calls: one
 * commit; what was written before, or belongs to a call that was erased,
 * changes nothing.  Lives in `arena` and borrows from the rows.
 */
struct pg_query events_query(struct arena *arena,
    const struct event_row *const *rows, size_t n, int64_t deadline_ms);

/* The statement that sets one row aside; `why` is not NULL. */
struct pg_query events_aside_query(struct arena *arena,
    const struct event_row *row, const char *why, int64_t deadline_ms);

/*
 * Writes one row, by itself, and waits for it.  What no row can hold (SQLSTATE
 * class 22 and 23) or names no call is set aside, and said in the log: ERR_OK.
 *
 * ERR_BUSY: not before the deadline, as far as is known.  ERR_DB: the database
 * refused our statement.
 */
MUST_USE enum err events_add(struct pg *pg, struct arena *arena,
    const struct log *log, const struct event_row *row, int64_t deadline_ms);

#endif
