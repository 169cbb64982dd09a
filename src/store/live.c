/* live: which calls have changed, for open pages.  Floor: store. */
#include "store/live.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/jsonw.h"
#include "io/pg.h"
#include "store/call_json.h"
#include "store/calls.h"
#include "store/statements.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CALL_MAX_BYTES ((size_t)64 * 1024)

static enum err
run(struct pg *pg, struct arena *arena, enum stmt which,
    const struct pg_param *params, int64_t deadline_ms, struct pg_rows *out)
{
	const struct pg_query query = {
		.statement = stmt(which),
		.params = params,
		.deadline_ms = deadline_ms,
	};

	return pg_run(pg, arena, &query, out);
}

static bool
is_there(const struct live_look *look, const struct call_key *call)
{
	for (size_t i = 0; i < look->n; i++) {
		if (str_eq(look->calls[i].sid, call->sid) &&
		    str_eq(look->calls[i].line, call->line))
			return true;
	}
	return false;
}

enum err
live_look(struct pg *pg, struct arena *arena, struct str since,
    int64_t deadline_ms, struct live_look *out)
{
	const struct pg_param params[] = { pg_text(since) };
	struct pg_rows rows;
	enum err e = run(pg, arena, STMT_LIVE_LOOK, params, deadline_ms, &rows);

	if (e != ERR_OK)
		return e;
	*out = (struct live_look){
		.snapshot = pg_str(&rows, 0, 0),
		.calls = ARENA_ARRAY(arena, rows.n + 1, struct call_key),
		.more = rows.n >= LIVE_LOOK_ROWS,
	};
	for (size_t i = 0; i < rows.n; i++) {
		const struct call_key call = { pg_str(&rows, i, 1),
			pg_str(&rows, i, 2) };

		if (call.sid.p != NULL && !is_there(out, &call))
			out->calls[out->n++] = call;
	}
	return ERR_OK;
}

static enum err
json_of(struct arena *arena, const struct call_detail *detail, struct str *out)
{
	struct buf body;
	struct jsonw w;

	*out = STR_ABSENT;
	if (detail->call.n == 0)
		return ERR_OK;
	buf_init(&body, arena, CALL_MAX_BYTES);
	jsonw_init(&w, &body);
	jsonw_object(&w, NULL);
	call_json_members(&w, &detail->call, 0, "");
	call_json_course(&w, detail);
	jsonw_object_end(&w);
	if (buf_close(&body) != ERR_OK)
		return ERR_BUG;
	*out = buf_str(&body);
	return ERR_OK;
}

enum err
live_calls_json(struct pg *pg, struct arena *arena,
    const struct call_keys *calls, struct str *out)
{
	struct call_detail *const details =
	    ARENA_ARRAY(arena, calls->n, struct call_detail);
	enum err e = calls_get_live(pg, arena, calls, details);

	for (size_t i = 0; i < calls->n && e == ERR_OK; i++)
		e = json_of(arena, &details[i], &out[i]);
	return e;
}

enum err
live_count(struct pg *pg, struct arena *arena, int64_t deadline_ms,
    struct live_counts *out)
{
	struct pg_rows rows;
	enum err e = run(pg, arena, STMT_LIVE_COUNTS, NULL, deadline_ms, &rows);

	if (e == ERR_OK)
		*out = (struct live_counts){ pg_int(&rows, 0, 0, 0),
			pg_int(&rows, 0, 1, 0) };
	return e;
}

enum err
live_prune(struct pg *pg, struct arena *arena, struct str snapshot,
    int64_t deadline_ms, bool *all)
{
	const struct pg_param params[] = { pg_text(snapshot) };
	struct pg_rows rows;
	enum err e =
	    run(pg, arena, STMT_LIVE_PRUNE, params, deadline_ms, &rows);

	if (e == ERR_OK)
		*all = rows.affected < LIVE_PRUNE_ROWS;
	return e;
}
