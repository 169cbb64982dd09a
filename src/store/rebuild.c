/* rebuild: the calls anew from their events.  Floor: store. */
#include "store/rebuild.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "store/statements.h"

#include <stddef.h>

#define BLOCK_BYTES ((size_t)64 * 1024)

/* One call in a transaction of its own. */
static enum err
rebuild_one(struct pg *pg, struct arena *scratch, const struct pg_param *key)
{
	static const enum stmt steps[] = { STMT_BEGIN, STMT_CALL_LOCK,
		STMT_CALL_REBUILD, STMT_COMMIT };
	struct pg_rows rows;
	enum err e = ERR_OK;

	pg_pin(pg);
	for (size_t i = 0; i < ARRAY_LEN(steps) && e == ERR_OK; i++)
		e = stmt_command(pg, scratch, steps[i], key, &rows);
	pg_unpin(pg);
	return e;
}

/* Up to so many calls behind `key`, which moves to the last of them. */
static enum err
rebuild_page(
    struct pg *pg, struct arena *page, struct pg_param *key, int64_t *out_n)
{
	struct arena *const scratch = arena_new(BLOCK_BYTES);
	struct pg_rows rows;
	enum err e = stmt_command(pg, page, STMT_CALLS_KEYS, key, &rows);

	*out_n = 0;
	for (size_t i = 0; i < rows.n && e == ERR_OK; i++) {
		key[0] = pg_text(pg_str(&rows, i, 0));
		key[1] = pg_text(pg_str(&rows, i, 1));
		e = rebuild_one(pg, scratch, key);
		*out_n += e == ERR_OK;
		arena_reset(scratch);
	}
	arena_free(scratch);
	return e;
}

enum err
rebuild_calls(struct pg *pg, struct arena *arena, int64_t *out_calls)
{
	struct pg_param key[] = { pg_text(STR("")), pg_text(STR("")) };
	int64_t n;
	enum err e;

	*out_calls = 0;
	do {
		/*
		 * The key of the page before lives in `arena`: so do the pages.
		 */
		e = rebuild_page(pg, arena, key, &n);
		*out_calls += n;
	} while (e == ERR_OK && n > 0);
	return e;
}
