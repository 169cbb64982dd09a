/* calls: one call.  Floor: store.  The feed: feed.c. */
#include "store/calls.h"

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "store/statements.h"

#include <stddef.h>
#include <stdint.h>

enum err
calls_get(struct pg *pg, struct arena *arena, struct str sid,
    int64_t deadline_ms, struct call_detail *out)
{
	const struct {
		enum stmt which;
		struct pg_rows *rows;
	} parts[] = {
		{ STMT_CALL_STEPS, &out->steps },
		{ STMT_CALL_LEGS, &out->legs },
		{ STMT_CALL_EVENTS, &out->events },
		{ STMT_CALL_LISTENS, &out->listens },
	};
	struct pg_param params[] = { pg_text(sid), pg_text(sid) };
	struct pg_query query = {
		.statement = stmt(STMT_CALL_GET),
		.params = params,
		.deadline_ms = deadline_ms,
	};
	enum err e = pg_run(pg, arena, &query, &out->call);

	if (e != ERR_OK)
		return e;
	if (out->call.n == 0)
		return ERR_NOT_FOUND;
	params[0] = pg_text(pg_str(&out->call, 0, CALL_COLUMN_LINE));
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		query.statement = stmt(parts[i].which);
		if ((e = pg_run(pg, arena, &query, parts[i].rows)) != ERR_OK)
			return e;
	}
	return ERR_OK;
}

enum err
calls_lines(struct pg *pg, struct arena *arena, int64_t deadline_ms,
    struct pg_rows *out)
{
	const struct pg_query query = {
		.statement = stmt(STMT_LINES),
		.deadline_ms = deadline_ms,
	};

	return pg_run(pg, arena, &query, out);
}

enum err
calls_get_live(struct pg *pg, struct arena *arena, const struct call_key *key,
    int64_t deadline_ms, struct call_detail *out)
{
	const struct pg_param params[] = { pg_text(key->line),
		pg_text(key->sid) };
	struct pg_query query = {
		.statement = stmt(STMT_CALL_OF_LINE),
		.params = params,
		.deadline_ms = deadline_ms,
	};
	enum err e = pg_run(pg, arena, &query, &out->call);

	if (e != ERR_OK)
		return e;
	if (out->call.n == 0)
		return ERR_NOT_FOUND;
	if (pg_str(&out->call, 0, CALL_COLUMN_OUTCOME).p != NULL)
		return ERR_OK;
	query.statement = stmt(STMT_CALL_STEPS);
	if ((e = pg_run(pg, arena, &query, &out->steps)) != ERR_OK)
		return e;
	query.statement = stmt(STMT_CALL_LEGS);
	return pg_run(pg, arena, &query, &out->legs);
}
