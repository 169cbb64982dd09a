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

static enum err
run_of_keys(struct pg *pg, struct arena *arena, enum stmt which,
    const struct call_keys *keys, struct pg_rows *out)
{
	struct str *const lines = ARENA_ARRAY(arena, keys->n, struct str);
	struct str *const sids = ARENA_ARRAY(arena, keys->n, struct str);
	struct pg_param params[2];
	const struct pg_query query = {
		.statement = stmt(which),
		.params = params,
		.deadline_ms = keys->deadline_ms,
	};

	for (size_t i = 0; i < keys->n; i++) {
		lines[i] = keys->list[i].line;
		sids[i] = keys->list[i].sid;
	}
	params[0] = pg_texts(arena, lines, keys->n);
	params[1] = pg_texts(arena, sids, keys->n);
	return pg_run(pg, arena, &query, out);
}

/* The rows from `*at` on about the key `i`, which their last column names. */
static struct pg_rows
rows_of_key(const struct pg_rows *all, size_t i, size_t *at)
{
	const size_t first = *at;
	struct pg_rows rows = *all;

	while (*at < all->n &&
	    pg_int(all, *at, all->columns - 1, 0) == (int64_t)i + 1)
		(*at)++;
	rows.n = *at - first;
	rows.values = all->values + first * all->columns;
	return rows;
}

/* Steps and legs of those that last. */
static enum err
courses_of_keys(struct pg *pg, struct arena *arena,
    const struct call_keys *lasting, const size_t *places,
    struct call_detail *out)
{
	struct pg_rows steps;
	struct pg_rows legs;
	size_t step = 0;
	size_t leg = 0;
	enum err e;

	if (lasting->n == 0)
		return ERR_OK;
	if ((e = run_of_keys(pg, arena, STMT_STEPS_OF_KEYS, lasting, &steps)) !=
		ERR_OK ||
	    (e = run_of_keys(pg, arena, STMT_LEGS_OF_KEYS, lasting, &legs)) !=
		ERR_OK)
		return e;
	for (size_t i = 0; i < lasting->n; i++) {
		out[places[i]].steps = rows_of_key(&steps, i, &step);
		out[places[i]].legs = rows_of_key(&legs, i, &leg);
	}
	return ERR_OK;
}

enum err
calls_get_live(struct pg *pg, struct arena *arena, const struct call_keys *keys,
    struct call_detail *out)
{
	struct call_key *const list =
	    ARENA_ARRAY(arena, keys->n, struct call_key);
	size_t *const places = ARENA_ARRAY(arena, keys->n, size_t);
	struct call_keys lasting = { .list = list,
		.deadline_ms = keys->deadline_ms };
	struct pg_rows calls;
	size_t at = 0;
	enum err e;

	if ((e = run_of_keys(pg, arena, STMT_CALLS_OF_KEYS, keys, &calls)) !=
	    ERR_OK)
		return e;
	for (size_t i = 0; i < keys->n; i++) {
		out[i] =
		    (struct call_detail){ .call = rows_of_key(&calls, i, &at) };
		if (out[i].call.n == 0 ||
		    pg_str(&out[i].call, 0, CALL_COLUMN_OUTCOME).p != NULL)
			continue;
		places[lasting.n] = i;
		list[lasting.n++] = keys->list[i];
	}
	return courses_of_keys(pg, arena, &lasting, places, out);
}
