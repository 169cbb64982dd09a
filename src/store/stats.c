/* stats: how many calls there were.  Floor: store. */
#include "store/stats.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "store/statements.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/*
 * "Europe/Paris", "America/Port-au-Prince": the server takes this for a name
 * and for nothing else.  "PST" or "Nowhere/City3" it would take for a zone as
 * well, and it is none of the database's.
 */
static bool
is_plain_name(struct str tz)
{
	bool is_path = false;

	for (size_t i = 0; i < tz.n; i++) {
		const char next = i + 1 < tz.n ? tz.p[i + 1] : '\0';

		if (!is_letter(tz.p[i]) &&
		    ((tz.p[i] != '/' && tz.p[i] != '-') || !is_letter(next)))
			return false;
		is_path = is_path || (tz.p[i] == '/' && i > 0);
	}
	return is_path || str_eq(tz, STR("UTC"));
}

enum err
stats_today(struct pg *pg, struct arena *arena, struct str tz,
    int64_t deadline_ms, struct str *out)
{
	const struct pg_param params[] = { pg_text(tz) };
	const struct pg_query query = {
		.statement = stmt(is_plain_name(tz) ? STMT_STATS_ZONE
						    : STMT_STATS_ZONE_LISTED),
		.params = params,
		.deadline_ms = deadline_ms,
	};
	struct pg_rows rows;
	const enum err e = pg_run(pg, arena, &query, &rows);

	if (e == ERR_INPUT || (e == ERR_OK && rows.n == 0))
		return ERR_NOT_FOUND;
	if (e != ERR_OK)
		return e;
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

enum err
stats_last_hour(struct pg *pg, struct arena *arena, int64_t deadline_ms,
    struct stats_outcome **out, size_t *n)
{
	const struct pg_query query = { stmt(STMT_STATS_LAST_HOUR), NULL,
		deadline_ms };
	struct pg_rows rows;
	const enum err e = pg_run(pg, arena, &query, &rows);

	if (e != ERR_OK)
		return e;
	*n = rows.n;
	*out = ARENA_ARRAY(arena, rows.n, struct stats_outcome);
	for (size_t i = 0; i < rows.n; i++)
		(*out)[i] = (struct stats_outcome){
			.line = pg_str(&rows, i, 0),
			.outcome = pg_str(&rows, i, 1),
			.n = pg_int(&rows, i, 2, 0),
		};
	return ERR_OK;
}
