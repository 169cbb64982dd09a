/* retention: removing what was kept for long enough.  Floor: store. */
#include "store/retention.h"

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "store/erasure.h"
#include "store/statements.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum err
retention_calls(struct pg *pg, struct arena *arena, int days,
    struct erasure_call **out, size_t *n)
{
	const struct pg_param params[] = { pg_number(arena, days) };
	struct pg_rows rows;
	enum err e =
	    stmt_command(pg, arena, STMT_RETENTION_CALLS, params, &rows);

	if (e != ERR_OK)
		return e;
	*n = rows.n;
	*out = ARENA_ARRAY(arena, rows.n + 1, struct erasure_call);
	for (size_t i = 0; i < rows.n; i++) {
		(*out)[i].line = pg_str(&rows, i, 0);
		(*out)[i].sid = pg_str(&rows, i, 1);
	}
	return ERR_OK;
}

enum err
retention_recordings(struct pg *pg, struct arena *arena,
    const struct erasure_call *call, struct pg_rows *out)
{
	const struct pg_param params[] = { pg_text(call->line),
		pg_text(call->sid) };

	return stmt_command(pg, arena, STMT_RETENTION_RECORDINGS, params, out);
}

enum err
retention_remove(
    struct pg *pg, struct arena *arena, const struct erasure_call *call)
{
	/* An event that is being merged is waited for, and goes as well. */
	static const enum stmt steps[] = { STMT_BEGIN, STMT_ERASURE_LOCK,
		STMT_ERASURE_ROWS, STMT_COMMIT };
	const struct pg_param params[] = { pg_text(call->line),
		pg_text(call->sid) };
	struct pg_rows rows;
	enum err e = ERR_OK;

	pg_pin(pg);
	for (size_t i = 0; i < ARRAY_LEN(steps) && e == ERR_OK; i++)
		e = stmt_command(pg, arena, steps[i], params, &rows);
	pg_unpin(pg);
	return e;
}

enum err
retention_audio(struct pg *pg, struct arena *arena, int days,
    struct retention_audio **out, size_t *n)
{
	const struct pg_param params[] = { pg_number(arena, days) };
	struct pg_rows rows;
	enum err e =
	    stmt_command(pg, arena, STMT_RETENTION_AUDIO, params, &rows);

	if (e != ERR_OK)
		return e;
	*n = rows.n;
	*out = ARENA_ARRAY(arena, rows.n + 1, struct retention_audio);
	for (size_t i = 0; i < rows.n; i++) {
		(*out)[i].line = pg_str(&rows, i, 0);
		(*out)[i].sid = pg_str(&rows, i, 1);
		(*out)[i].in_bucket = pg_bool(&rows, i, 2);
	}
	return ERR_OK;
}

enum err
retention_audio_removed(
    struct pg *pg, struct arena *arena, const struct retention_audio *audio)
{
	const struct pg_param params[] = { pg_text(audio->line),
		pg_text(audio->sid) };
	struct pg_rows rows;

	return stmt_command(
	    pg, arena, STMT_RETENTION_AUDIO_REMOVED, params, &rows);
}

enum err
retention_events(struct pg *pg, struct arena *arena, int days,
    struct retention_cursor *cursor)
{
	const bool begun = cursor->after_sid.p != NULL;
	const struct pg_param params[] = {
		pg_number(arena, days),
		pg_time(arena, begun ? cursor->after_us : -1),
		pg_text(begun ? cursor->after_sid : STR("")),
	};
	struct pg_rows rows;
	enum err e =
	    stmt_command(pg, arena, STMT_RETENTION_EVENTS, params, &rows);

	if (e != ERR_OK)
		return e;
	if (rows.n == 0)
		return ERR_NOT_FOUND;
	cursor->after_us = pg_int(&rows, 0, 0, 0);
	cursor->after_sid = pg_str(&rows, 0, 1);
	cursor->events += pg_int(&rows, 0, 2, 0);
	return ERR_OK;
}

enum err
retention_resume(
    struct pg *pg, struct arena *arena, struct retention_cursor *cursor)
{
	struct pg_rows rows;
	enum err e =
	    stmt_command(pg, arena, STMT_RETENTION_RESUME, NULL, &rows);

	if (e != ERR_OK)
		return e;
	*cursor = (struct retention_cursor){ 0 };
	if (rows.n > 0) {
		cursor->after_us = pg_int(&rows, 0, 0, 0);
		cursor->after_sid = pg_str(&rows, 0, 1);
	}
	return ERR_OK;
}

enum err
retention_pause(
    struct pg *pg, struct arena *arena, const struct retention_cursor *cursor)
{
	const bool begun = cursor != NULL && cursor->after_sid.p != NULL;
	const struct pg_param params[] = {
		pg_number(arena, begun ? cursor->after_us : 0),
		pg_text(begun ? cursor->after_sid : STR_ABSENT),
	};
	struct pg_rows rows;

	return stmt_command(pg, arena, STMT_RETENTION_PAUSE, params, &rows);
}

static enum err
remove_some(
    struct pg *pg, struct arena *arena, enum stmt which, int days, int64_t *n)
{
	const struct pg_param params[] = { pg_number(arena, days) };
	struct pg_rows rows;
	enum err e = stmt_command(pg, arena, which, params, &rows);

	if (e == ERR_OK)
		*n = (int64_t)rows.affected;
	return e;
}

enum err
retention_aside(struct pg *pg, struct arena *arena, int days, int64_t *n)
{
	return remove_some(pg, arena, STMT_RETENTION_ASIDE, days, n);
}

enum err
retention_jobs(struct pg *pg, struct arena *arena, int64_t *n)
{
	return remove_some(
	    pg, arena, STMT_RETENTION_JOBS, RETENTION_JOBS_DAYS, n);
}
