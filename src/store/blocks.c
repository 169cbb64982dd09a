/* blocks: callers who are turned away.  Floor: store. */
#include "store/blocks.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "store/statements.h"

#include <stdint.h>

enum err
blocks_list(struct pg *pg, struct arena *arena, const struct blocks_page *page,
    struct pg_rows *out)
{
	const struct pg_param params[] = {
		pg_time(arena, page->after_us),
		pg_text(page->after_number),
		pg_number(arena, page->limit),
	};
	const struct pg_query query = {
		.statement = stmt(STMT_BLOCKS_LIST),
		.params = params,
		.deadline_ms = page->deadline_ms,
	};

	return pg_run(pg, arena, &query, out);
}

enum err
blocks_get(struct pg *pg, struct arena *arena, struct str number,
    int64_t deadline_ms, struct pg_rows *out)
{
	const struct pg_param params[] = { pg_text(number) };
	const struct pg_query query = {
		.statement = stmt(STMT_BLOCK_GET),
		.params = params,
		.deadline_ms = deadline_ms,
	};
	const enum err e = pg_run(pg, arena, &query, out);

	return e == ERR_OK && out->n == 0 ? ERR_NOT_FOUND : e;
}

enum err
blocks_put(struct pg *pg, struct arena *arena, const struct block_wish *wish,
    struct pg_rows *out)
{
	const struct pg_param params[] = {
		pg_text(wish->number),
		pg_text(wish->has_note ? STR("true") : STR("false")),
		pg_text(wish->note),
		pg_text(wish->by),
	};
	const struct pg_query query = {
		.statement = stmt(STMT_BLOCK_PUT),
		.params = params,
		.deadline_ms = wish->deadline_ms,
	};
	const enum err e = pg_run(pg, arena, &query, out);

	return e == ERR_OK && out->n == 0 ? ERR_LIMIT : e;
}

enum err
blocks_remove(
    struct pg *pg, struct arena *arena, struct str number, int64_t deadline_ms)
{
	const struct pg_param params[] = { pg_text(number) };
	const struct pg_query query = {
		.statement = stmt(STMT_BLOCK_REMOVE),
		.params = params,
		.deadline_ms = deadline_ms,
	};
	struct pg_rows rows;
	const enum err e = pg_run(pg, arena, &query, &rows);

	return e == ERR_OK && rows.n == 0 ? ERR_NOT_FOUND : e;
}
