/* erasure: removing all that is known of a call.  Floor: store. */
#include "store/erasure.h"

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "store/statements.h"

#include <stddef.h>
#include <stdint.h>

static struct erasure_call *
calls_of_rows(struct arena *arena, const struct pg_rows *rows)
{
	struct erasure_call *const calls =
	    ARENA_ARRAY(arena, rows->n + 1, struct erasure_call);

	for (size_t i = 0; i < rows->n; i++)
		calls[i] = (struct erasure_call){
			.line = pg_str(rows, i, 0),
			.sid = pg_str(rows, i, 1),
			.theirs = pg_bool(rows, i, 2),
			.seen_us = pg_int(rows, i, 3, -1),
			.outcome = pg_str(rows, i, 4),
		};
	return calls;
}

enum err
erasure_calls_of(struct pg *pg, struct arena *arena, struct str sid,
    int64_t deadline_ms, struct erasure_call **out, size_t *n)
{
	const struct pg_param params[] = { pg_text(sid) };
	const struct pg_query query = {
		.statement = stmt(STMT_ERASURE_LINES),
		.params = params,
		.deadline_ms = deadline_ms,
	};
	struct pg_rows rows;
	enum err e = pg_run(pg, arena, &query, &rows);

	if (e != ERR_OK)
		return e;
	*out = calls_of_rows(arena, &rows);
	*n = rows.n;
	return rows.n == 0 ? ERR_NOT_FOUND : ERR_OK;
}

enum err
erasure_find(struct pg *pg, struct arena *arena, struct str digits,
    struct erasure_call **out, size_t *n)
{
	const struct pg_param params[] = { pg_text(digits) };
	struct pg_rows rows;
	enum err e = stmt_scan(pg, arena, STMT_ERASURE_FIND, params, &rows);

	if (e != ERR_OK)
		return e;
	*out = calls_of_rows(arena, &rows);
	*n = rows.n;
	return ERR_OK;
}

enum err
erasure_flow_with(
    struct pg *pg, struct arena *arena, struct str digits, int *version)
{
	const struct pg_param params[] = { pg_text(digits) };
	struct pg_rows rows;
	enum err e = stmt_scan(pg, arena, STMT_ERASURE_FLOW, params, &rows);

	if (e != ERR_OK)
		return e;
	*version = (int)pg_int(&rows, 0, 0, 0);
	return *version == 0 ? ERR_NOT_FOUND : ERR_OK;
}

static void
add_counts(const struct pg_rows *rows, struct erasure_counts *counts)
{
	counts->calls += pg_int(rows, 0, 0, 0);
	counts->events += pg_int(rows, 0, 1, 0);
	counts->recordings += pg_int(rows, 0, 2, 0);
	counts->listens += pg_int(rows, 0, 3, 0);
	counts->jobs += pg_int(rows, 0, 4, 0);
}

enum err
erasure_erase(struct pg *pg, struct arena *arena,
    const struct erasure_call *call, int64_t deadline_ms,
    struct erasure_counts *counts)
{
	/*
	 * The call is locked before its rows are looked for: an event that is
	 * being merged is waited for and seen, a later one waits for us.
	 */
	static const enum stmt steps[] = { STMT_BEGIN, STMT_ERASURE_LOCK,
		STMT_ERASURE_STONE, STMT_ERASURE_ASK, STMT_ERASURE_ROWS,
		STMT_ERASURE_ASIDE_OF_CALL, STMT_COMMIT };
	const struct pg_param params[] = { pg_text(call->line),
		pg_text(call->sid), pg_number(arena, ERASURE_SECOND_LOOK_S) };
	struct pg_query query = { .params = params,
		.deadline_ms = deadline_ms };
	struct erasure_counts removed = *counts;
	struct pg_rows rows;
	enum err e = ERR_OK;

	pg_pin(pg);
	for (size_t i = 0; i < ARRAY_LEN(steps) && e == ERR_OK; i++) {
		query.statement = stmt(steps[i]);
		e = pg_run(pg, arena, &query, &rows);
		if (e == ERR_OK && steps[i] == STMT_ERASURE_ROWS)
			add_counts(&rows, &removed);
		if (e == ERR_OK && steps[i] == STMT_ERASURE_ASIDE_OF_CALL)
			removed.aside += (int64_t)rows.affected;
	}
	pg_unpin(pg);
	if (e == ERR_OK)
		*counts = removed;
	return e;
}

enum err
erasure_count(struct pg *pg, struct arena *arena,
    const struct erasure_call *call, struct erasure_counts *counts)
{
	const struct pg_param params[] = { pg_text(call->line),
		pg_text(call->sid) };
	struct pg_rows rows;
	enum err e = stmt_command(pg, arena, STMT_ERASURE_COUNT, params, &rows);

	if (e == ERR_OK)
		add_counts(&rows, counts);
	return e;
}

enum err
erasure_recordings(struct pg *pg, struct arena *arena,
    const struct erasure_call *call, struct pg_rows *out)
{
	const struct pg_param params[] = { pg_text(call->line),
		pg_text(call->sid) };

	return stmt_command(pg, arena, STMT_ERASURE_RECORDINGS, params, out);
}

enum err
erasure_aside(struct pg *pg, struct arena *arena, struct str digits,
    bool only_count, int64_t *n)
{
	const struct pg_param params[] = { pg_text(digits) };
	struct pg_rows rows;
	enum err e = stmt_scan(pg, arena,
	    only_count ? STMT_ERASURE_ASIDE_COUNT : STMT_ERASURE_ASIDE, params,
	    &rows);

	if (e == ERR_OK)
		*n = only_count ? pg_int(&rows, 0, 0, 0)
				: (int64_t)rows.affected;
	return e;
}

enum err
erasure_block(struct pg *pg, struct arena *arena, struct str digits,
    bool only_count, int64_t *n)
{
	const struct pg_param params[] = { pg_text(digits),
		pg_text(only_count ? STR("true") : STR("false")) };
	struct pg_rows rows;
	enum err e = stmt_command(pg, arena, STMT_ERASURE_BLOCK, params, &rows);

	if (e == ERR_OK)
		*n = pg_int(&rows, 0, 0, 0);
	return e;
}

enum err
erasure_recording(struct pg *pg, struct arena *arena, struct str line,
    struct str recording_sid)
{
	const struct pg_param params[] = { pg_text(line),
		pg_text(recording_sid) };
	struct pg_rows rows;

	return stmt_command(pg, arena, STMT_ERASURE_RECORDING, params, &rows);
}

enum err
erasure_forget_job(struct pg *pg, struct arena *arena,
    const struct erasure_call *call, struct str channel)
{
	const struct pg_param params[] = { pg_text(call->line),
		pg_text(call->sid), pg_text(channel) };
	struct pg_rows rows;

	return stmt_command(pg, arena, STMT_ERASURE_FORGET_JOB, params, &rows);
}

enum err
erasure_vacuum(struct pg *pg, struct arena *arena)
{
	struct pg_rows rows;

	return stmt_scan(pg, arena, STMT_ERASURE_VACUUM, NULL, &rows);
}
