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

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of one statement: more cost memory and save nothing (measured). */
#define EVENTS_BATCH_MAX 64

/*
 * Can `row` join these in one statement?  If it is an event of their line and
 * none of their calls, and they are not EVENTS_BATCH_MAX yet.
 */
bool events_fit(
    const struct event_row *const *rows, size_t n, const struct event_row *row);

/*
 * The statement that writes rows that fit together, and merges them into
 * their calls: one commit; what was written before, or belongs to a call that
 * was erased, changes nothing.  Lives in `arena` and borrows from the rows.
 */
struct pg_query events_query(struct arena *arena,
    const struct event_row *const *rows, size_t n, int64_t deadline_ms);

/* The statement that sets one row aside, for the reason in its ROW_ASIDE. */
struct pg_query events_aside_query(
    struct arena *arena, const struct event_row *row, int64_t deadline_ms);

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
