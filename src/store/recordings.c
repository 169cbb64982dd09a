/* recordings: the audio that is ours.  Floor: store. */
#include "store/recordings.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/digest.h"
#include "io/pg.h"
#include "store/statements.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

enum column {
	COLUMN_LINE,
	COLUMN_STATUS,
	COLUMN_GIVEN_UP,
	COLUMN_PLACE,
	COLUMN_REMOVED,
	COLUMN_FROM,
	COLUMN_STARTED_US,
	COLUMN_SHA256 /* and its size; for each format */
};

struct str
recording_suffix(enum recording_format format)
{
	return format == RECORDING_MP3 ? STR(".mp3") : STR(".wav");
}

struct str
recording_type(enum recording_format format)
{
	return format == RECORDING_MP3 ? STR("audio/mpeg") : STR("audio/x-wav");
}

struct str
recordings_name(
    struct arena *arena, struct str sid, enum recording_format format)
{
	const struct str suffix = recording_suffix(format);

	return str_format(arena, "%.*s%.*s", STR_ARG(sid), STR_ARG(suffix));
}

const char *
recordings_folder(struct arena *arena, const char *data)
{
	return str_cstr(arena, str_format(arena, "%s/recordings", data));
}

enum err
recordings_remove(struct arena *arena, const char *data, struct str sid)
{
	const char *const folder = recordings_folder(arena, data);

	for (enum recording_format f = RECORDING_MP3; f < RECORDING_FORMATS;
	    f++) {
		const struct str name = recordings_name(arena, sid, f);
		const struct str path =
		    str_format(arena, "%s/%.*s", folder, STR_ARG(name));

		if (unlink(str_cstr(arena, path)) != 0 && errno != ENOENT)
			return ERR_BUSY;
	}
	return ERR_OK;
}

static enum recording_place
place_of(struct str word)
{
	if (str_eq(word, STR("folder")))
		return RECORDING_FOLDER;
	return str_eq(word, STR("bucket")) ? RECORDING_BUCKET
					   : RECORDING_NOWHERE;
}

static void
read_row(const struct pg_rows *rows, struct recording *out)
{
	*out = (struct recording){
		.line = pg_str(rows, 0, COLUMN_LINE),
		.status = pg_str(rows, 0, COLUMN_STATUS),
		.given_up = pg_bool(rows, 0, COLUMN_GIVEN_UP),
		.removed = pg_bool(rows, 0, COLUMN_REMOVED),
		.place = place_of(pg_str(rows, 0, COLUMN_PLACE)),
		.from = pg_str(rows, 0, COLUMN_FROM),
		.started_us = pg_int(rows, 0, COLUMN_STARTED_US, -1),
	};
	for (size_t f = 0; f < RECORDING_FORMATS; f++) {
		const size_t at = COLUMN_SHA256 + 2 * f;

		out->files[f].sha256 = pg_str(rows, 0, at);
		out->files[f].bytes = pg_int(rows, 0, at + 1, 0);
	}
}

enum err
recordings_find(struct pg *pg, struct arena *arena, struct str sid,
    int64_t deadline_ms, struct recording *out)
{
	const struct pg_param params[] = { pg_text(sid) };
	const struct pg_query query = {
		.statement = stmt(STMT_RECORDING_FIND),
		.params = params,
		.deadline_ms = deadline_ms,
	};
	struct pg_rows rows;
	enum err e;

	if ((e = pg_run(pg, arena, &query, &rows)) != ERR_OK)
		return e;
	if (rows.n == 0)
		return ERR_NOT_FOUND;
	read_row(&rows, out);
	return ERR_OK;
}

enum err
recordings_kept(struct pg *pg, struct arena *arena,
    const struct recording_key *key, bool *deleted)
{
	const struct pg_param params[] = { pg_text(key->line),
		pg_text(key->sid) };
	struct pg_rows rows;
	enum err e;

	e = stmt_command(pg, arena, STMT_RECORDING_KEPT, params, &rows);
	if (e != ERR_OK)
		return e;
	if (rows.n == 0)
		return ERR_NOT_FOUND;
	*deleted = pg_bool(&rows, 0, 0);
	return ERR_OK;
}

static struct pg_param
sum_of(const struct recording_kept *kept, enum recording_format format)
{
	return pg_bytea((struct str){
	    (const char *)kept->files[format].sha256, DIGEST_SHA256_BYTES });
}

enum err
recordings_keep(struct pg *pg, struct arena *arena,
    const struct recording_key *key, const struct recording_kept *kept)
{
	const struct pg_param params[] = {
		pg_text(key->line),
		pg_text(key->sid),
		pg_text(key->call_sid),
		pg_text(kept->place == RECORDING_BUCKET ? STR("bucket")
							: STR("folder")),
		sum_of(kept, RECORDING_MP3),
		pg_number(arena, kept->files[RECORDING_MP3].bytes),
		sum_of(kept, RECORDING_WAV),
		pg_number(arena, kept->files[RECORDING_WAV].bytes),
	};
	struct pg_rows rows;
	const enum err e =
	    stmt_command(pg, arena, STMT_RECORDING_KEEP, params, &rows);

	return e == ERR_OK && rows.n == 0 ? ERR_GONE : e;
}

enum err
recordings_deleted(
    struct pg *pg, struct arena *arena, const struct recording_key *key)
{
	const struct pg_param params[] = { pg_text(key->line),
		pg_text(key->sid) };
	struct pg_rows rows;

	return stmt_command(pg, arena, STMT_RECORDING_DELETED, params, &rows);
}

enum err
recordings_listen(struct pg *pg, struct arena *arena,
    const struct listen *listen, int64_t deadline_ms)
{
	const struct pg_param params[] = {
		pg_text(listen->line),
		pg_text(listen->sid),
		pg_text(listen->who),
	};
	const struct pg_query query = {
		.statement = stmt(STMT_LISTEN_ADD),
		.params = params,
		.deadline_ms = deadline_ms,
	};
	struct pg_rows rows;

	return pg_run(pg, arena, &query, &rows);
}
