/*
 * export: the calls as CSV, however many there are, in the memory of one page.
 * Floor: store.  The columns are said in openapi/mainline.yaml, /api/calls.csv.
 *
 * Page by page of calls_list(), each behind the last row of the one before, so
 * that no transaction stays open and no call stands there twice.  A call that
 * comes in meanwhile is newer than the first page, and not in it.
 */
#ifndef MAINLINE_STORE_EXPORT_H
#define MAINLINE_STORE_EXPORT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "io/pg.h"
#include "store/calls.h"

#include <stdbool.h>
#include <stddef.h>

/* A piece ends with the first row that brings it to so many bytes. */
#define EXPORT_PIECE_BYTES ((size_t)32 * 1024)

/* Or when it has taken so long: few rows may be far apart. */
#define EXPORT_PIECE_MS 1000

/* No row is as long: a webhook's body has 64 KiB, and texts may be doubled. */
#define EXPORT_PIECE_MAX_BYTES ((size_t)1024 * 1024)

struct export
{
	struct pg *pg;
	struct arena *arena; /* of the page alone */
	struct call_query query;
	int page_ms; /* how long a page may take */
	struct call_list list;
	size_t at; /* the next one of its rows */
	bool is_last;
};

/*
 * Begins with the first page of `query`, whose strings are borrowed; its page
 * and deadline are set here.  `pg` is borrowed.  On ERR_OK, export_end() must
 * follow.  Errors as calls_list().
 */
MUST_USE enum err export_begin(struct export *x, struct pg *pg,
    const struct call_query *query, int page_ms);

/* The names of the columns, as a row. */
void export_head(struct buf *out);

/*
 * Adds the next rows to `out`, about EXPORT_PIECE_BYTES of them; fewer, or
 * none, when it has looked for them for EXPORT_PIECE_MS.  On an error it is
 * over, and what was written so far is not all of it.
 */
MUST_USE enum err export_next(struct export *x, struct buf *out);

/* Have all rows been given? */
bool export_is_over(const struct export *x);

void export_end(struct export *x);

#endif
