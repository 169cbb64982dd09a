/* stats: how many calls there were.  Floor: store. */
#include "store/stats.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "store/statements.h"

#include <stdint.h>

enum err
stats_today(struct pg *pg, struct arena *arena, struct str tz,
    int64_t deadline_ms, struct str *out)
{
	const struct pg_param params[] = { pg_text(tz) };
	const struct pg_query query = {
		.statement = stmt(STMT_STATS_ZONE),
		.params = params,
		.deadline_ms = deadline_ms,
	};
	struct pg_rows rows;
	const enum err e = pg_run(pg, arena, &query, &rows);

	if (e != ERR_OK)
		return e;
	if (rows.n == 0)
		return ERR_NOT_FOUND;
	*out = pg_str(&rows, 0, 0);
	return ERR_OK;
}

enum err
stats_read(struct pg *pg, struct arena *arena, const struct stats_query *q,
    struct pg_rows *out)
{
	const struct pg_param params[] = {
		pg_text(q->since),
		pg_text(q->until),
		pg_text(q->line),
		pg_text(q->tz),
	};
	const struct pg_query query = {
		.statement = stmt(STMT_STATS),
		.params = params,
		.deadline_ms = q->deadline_ms,
	};

	return pg_run(pg, arena, &query, out);
}
