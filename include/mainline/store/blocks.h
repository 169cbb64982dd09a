/*
 * blocks: callers who are turned away, by their numbers.
 * Floor: store.
 *
 * Whether a call is let in is decided from a host's snapshot (flows.h), which
 * every host writes anew within seconds of a change.
 */
#ifndef MAINLINE_STORE_BLOCKS_H
#define MAINLINE_STORE_BLOCKS_H

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"

#include <stdbool.h>
#include <stdint.h>

/* The columns of a block, as every statement gives them. */
enum block_column {
	BLOCK_COLUMN_NUMBER,
	BLOCK_COLUMN_NOTE,
	BLOCK_COLUMN_CREATED_US,
	BLOCK_COLUMN_CREATED_BY
};

struct blocks_page {
	int64_t after_us; /* created then; -1: from the newest */
	struct str after_number;
	int limit;
	int64_t deadline_ms;
};

/*
 * The newest first, of the BLOCK_LIST_MAX that count, behind `after`.  Errors
 * as pg_run().
 */
MUST_USE enum err blocks_list(struct pg *pg, struct arena *arena,
    const struct blocks_page *page, struct pg_rows *out);

/* One row, or ERR_NOT_FOUND.  Else as pg_run(). */
MUST_USE enum err blocks_get(struct pg *pg, struct arena *arena,
    struct str number, int64_t deadline_ms, struct pg_rows *out);

struct block_wish {
	struct str number; /* E.164 */
	bool has_note;     /* false: the one that is there stays */
	struct str note;   /* absent: there is to be none */
	struct str by;
	int64_t deadline_ms;
};

/*
 * Turns a number away, if it is not already: since when and by whom stays then.
 * `*out` is its one row.  ERR_LIMIT: there are BLOCK_LIST_MAX already.  Else as
 * pg_run().
 */
MUST_USE enum err blocks_put(struct pg *pg, struct arena *arena,
    const struct block_wish *wish, struct pg_rows *out);

/* ERR_NOT_FOUND: it was not turned away.  Else as pg_run(). */
MUST_USE enum err blocks_remove(
    struct pg *pg, struct arena *arena, struct str number, int64_t deadline_ms);

#endif
