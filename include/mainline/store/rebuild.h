/*
 * rebuild: the calls anew from their events.
 * Floor: store.
 */
#ifndef MAINLINE_STORE_REBUILD_H
#define MAINLINE_STORE_REBUILD_H

#include "base/arena.h"
#include "base/err.h"
#include "io/pg.h"

#include <stdint.h>

/*
 * Makes every row of `calls` anew from `events`, one call after the other,
 * while calls come in: each row is locked before its events are read, so that
 * an event that is merged meanwhile is merged into the new row.  What people
 * have set (heard, note, done) stays, and so does the place in the feed.
 *
 * `*out_calls` is how many were made.  Errors as pg_run(); what was made before
 * one stays.
 */
MUST_USE enum err rebuild_calls(
    struct pg *pg, struct arena *arena, int64_t *out_calls);

#endif
