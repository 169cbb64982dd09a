/* backup: the database at one moment.  Floor: store. */
#include "store/backup.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "store/erasure.h"
#include "store/statements.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static struct backup_counts
counts_of(const struct pg_rows *rows, size_t column)
{
	return (struct backup_counts){
		.calls = pg_int(rows, 0, column, 0),
		.events = pg_int(rows, 0, column + 1, 0),
		.recordings = pg_int(rows, 0, column + 2, 0),
		.in_bucket = pg_int(rows, 0, column + 3, 0),
		.erased = pg_int(rows, 0, column + 4, 0),
	};
}

enum err
backup_begin(struct pg *pg, struct arena *arena, struct backup_view *out)
{
	struct pg_rows rows;
	enum err e;

	pg_pin(pg);
	if ((e = stmt_scan(pg, arena, STMT_BACKUP_BEGIN, NULL, &rows)) !=
		ERR_OK ||
	    (e = stmt_scan(pg, arena, STMT_BACKUP_VIEW, NULL, &rows)) !=
		ERR_OK) {
		pg_unpin(pg);
		return e;
	}
	*out = (struct backup_view){
		.snapshot = pg_str(&rows, 0, 0),
		.server = (int)pg_int(&rows, 0, 1, 0),
		.schema = (int)pg_int(&rows, 0, 2, 0),
		.counts = counts_of(&rows, 3),
	};
	return ERR_OK;
}

/* Nothing was written, so there is nothing to commit. */
void
backup_end(struct pg *pg)
{
	pg_unpin(pg);
}

enum err
backup_audio(struct pg *pg, struct arena *arena,
    const struct backup_audio *after, struct backup_audio **out, size_t *n)
{
	const struct pg_param params[] = { pg_text(after->line),
		pg_text(after->sid) };
	struct pg_rows rows;
	const enum err e =
	    stmt_scan(pg, arena, STMT_BACKUP_AUDIO, params, &rows);

	if (e != ERR_OK)
		return e;
	*out = ARENA_ARRAY(arena, rows.n, struct backup_audio);
	*n = rows.n;
	for (size_t i = 0; i < rows.n; i++)
		(*out)[i] = (struct backup_audio){
			.line = pg_str(&rows, i, 0),
			.sid = pg_str(&rows, i, 1),
			.sha256 = { pg_str(&rows, i, 2), pg_str(&rows, i, 3) },
		};
	return ERR_OK;
}

enum err
backup_is_wanted(struct pg *pg, struct arena *arena,
    const struct backup_audio *audio, bool *out)
{
	const struct pg_param params[] = { pg_text(audio->line),
		pg_text(audio->sid) };
	struct pg_rows rows;
	const enum err e =
	    stmt_scan(pg, arena, STMT_BACKUP_WANTED, params, &rows);

	if (e == ERR_OK)
		*out = pg_bool(&rows, 0, 0);
	return e;
}

enum err
backup_unarchived(
    struct pg *pg, struct arena *arena, int64_t before_us, int64_t *out)
{
	const struct pg_param params[] = { pg_time(arena, before_us) };
	struct pg_rows rows;
	const enum err e =
	    stmt_scan(pg, arena, STMT_BACKUP_UNARCHIVED, params, &rows);

	if (e == ERR_OK)
		*out = pg_int(&rows, 0, 0, 0);
	return e;
}

enum err
restore_look(struct pg *pg, struct arena *arena, struct restore_target *out)
{
	struct pg_rows rows;
	enum err e = stmt_scan(pg, arena, STMT_RESTORE_TARGET, NULL, &rows);

	if (e != ERR_OK)
		return e;
	*out = (struct restore_target){
		.server = (int)pg_int(&rows, 0, 0, 0),
		.has_schema = pg_bool(&rows, 0, 1),
		.has_others = pg_bool(&rows, 0, 2),
	};
	if (!out->has_schema)
		return ERR_OK;
	e = stmt_scan(pg, arena, STMT_RESTORE_DATA, NULL, &rows);
	if (e == ERR_OK)
		out->has_data = pg_bool(&rows, 0, 0);
	return e;
}

enum err
restore_clear(struct pg *pg, struct arena *arena)
{
	struct pg_rows rows;

	return stmt_scan(pg, arena, STMT_RESTORE_CLEAR, NULL, &rows);
}

enum err
restore_counts(struct pg *pg, struct arena *arena, struct backup_counts *out)
{
	struct pg_rows rows;
	const enum err e =
	    stmt_scan(pg, arena, STMT_RESTORE_COUNTS, NULL, &rows);

	if (e == ERR_OK)
		*out = counts_of(&rows, 0);
	return e;
}

enum err
restore_erased(
    struct pg *pg, struct arena *arena, struct erasure_call **out, size_t *n)
{
	struct pg_rows rows;
	enum err e = stmt_scan(pg, arena, STMT_RESTORE_NOTED, NULL, &rows);

	*n = 0;
	if (e != ERR_OK || !pg_bool(&rows, 0, 0))
		return e;
	if ((e = stmt_scan(pg, arena, STMT_RESTORE_ERASE, NULL, &rows)) !=
	    ERR_OK)
		return e;
	*out = ARENA_ARRAY(arena, rows.n, struct erasure_call);
	*n = rows.n;
	for (size_t i = 0; i < rows.n; i++)
		(*out)[i] = (struct erasure_call){
			.line = pg_str(&rows, i, 0),
			.sid = pg_str(&rows, i, 1),
			.theirs = true,
			.seen_us = -1,
		};
	return ERR_OK;
}

enum err
restore_end(struct pg *pg, struct arena *arena)
{
	struct pg_rows rows;

	return stmt_scan(pg, arena, STMT_RESTORE_FORGET, NULL, &rows);
}
