/*
 * restoring: how mainline restore does it.  Floor: process.
 *
 * Audio first, for a row must not say what is not so; then the rows, in one
 * transaction; then what was on its way into them.
 */
#include "restoring.h"

#include "backup_set.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "cli.h"
#include "codec/digest.h"
#include "io/copying.h"
#include "io/incoming.h"
#include "io/pg.h"
#include "pg_tools.h"
#include "store/backup.h"
#include "store/erasure.h"
#include "store/migrate.h"
#include "store/recordings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SHOWN_MAX 20
#define SCRATCH_BLOCK_BYTES ((size_t)256 * 1024)
#define PIECE_BYTES ((size_t)64 * 1024)
#define ERASE_MS 30000
#define OWNER_ALONE 0700

static bool
fail_db(const struct restoring *r, enum err e)
{
	(void)cli_db_failed(r->cli, e);
	return false;
}

static bool
fail_file(const struct restoring *r, const char *path)
{
	cli_error(r->cli, "%s: %s", path, strerror(errno));
	return false;
}

bool
restoring_check(struct restoring *r)
{
	struct arena *const scratch = arena_new(SCRATCH_BLOCK_BYTES);
	struct str why = STR_ABSENT;
	int64_t wrong = 0;

	if (backup_manifest_read(
		r->cli->arena, r->folder, &r->manifest, &why) != ERR_OK ||
	    backup_files(r->cli->arena, r->folder, &r->manifest, &r->files,
		&why) != ERR_OK) {
		cli_error(r->cli, "%.*s", STR_ARG(why));
		arena_free(scratch);
		return false;
	}
	for (int64_t i = 0; i < r->manifest.figure[FIGURE_FILES]; i++) {
		arena_reset(scratch);
		if (backup_file_check(scratch, r->folder, &r->files[i], &why) ==
		    ERR_OK)
			continue;
		wrong++;
		if (wrong <= SHOWN_MAX)
			cli_error(r->cli, "%.*s", STR_ARG(why));
	}
	arena_free(scratch);
	if (wrong > 0)
		cli_error(r->cli,
		    "%lld files of %s are not what they were; nothing was "
		    "restored",
		    (long long)wrong, r->folder);
	return wrong == 0;
}

/* Whoever restores as root makes it for those to whom MAINLINE_DATA belongs. */
static bool
give_away(const struct restoring *r, const char *path)
{
	struct stat st;

	if (geteuid() != 0)
		return true;
	return stat(r->conf->data, &st) == 0 &&
	    lchown(path, st.st_uid, (gid_t)-1) == 0;
}

static bool
give_folders_away(const struct restoring *r, const char *folder)
{
	struct arena *const arena = r->cli->arena;

	return (give_away(r, folder) &&
		   give_away(r, str_format(arena, "%s/incoming", folder).p)) ||
	    fail_file(r, folder);
}

/* From the backup to the folder that nginx reads. */
static bool
put_audio_file(struct restoring *r, struct arena *scratch, struct str name)
{
	const char *const from =
	    str_format(scratch, "%s/%.*s", r->folder, STR_ARG(name)).p;
	const char *const folder = recordings_folder(scratch, r->conf->data);
	const char *const file =
	    str_cstr(scratch, str_slice(name, sizeof(BACKUP_AUDIO), SIZE_MAX));
	unsigned char sha256[DIGEST_SHA256_BYTES];
	char piece[PIECE_BYTES];
	const int fd = open(from, O_RDONLY | O_CLOEXEC);
	struct incoming in = { .fd = -1 };
	ssize_t n = 0;
	bool ok;

	if (fd < 0)
		return fail_file(r, from);
	ok = incoming_open(scratch, folder, r->conf->socket_group, &in) ==
		ERR_OK &&
	    give_away(r, in.path);
	while (ok && (n = read(fd, piece, sizeof(piece))) > 0)
		ok = incoming_add(&in, (struct str){ piece, (size_t)n }) ==
		    ERR_OK;
	ok = ok && n == 0 && incoming_close(&in, sha256) == ERR_OK &&
	    incoming_keep(scratch, &in, file) == ERR_OK;
	if (!ok)
		(void)fail_file(r, folder);
	incoming_drop(&in);
	(void)close(fd);
	return ok;
}

static bool
put_audio(struct restoring *r)
{
	struct arena *const scratch = arena_new(SCRATCH_BLOCK_BYTES);
	bool ok = true;

	for (int64_t i = 0; i < r->manifest.figure[FIGURE_FILES] && ok; i++) {
		if (!str_starts(r->files[i].name, STR(BACKUP_AUDIO "/")))
			continue;
		arena_reset(scratch);
		ok = put_audio_file(r, scratch, r->files[i].name);
		r->audio_files += ok;
	}
	arena_free(scratch);
	return ok &&
	    (r->audio_files == 0 ||
		give_folders_away(
		    r, recordings_folder(r->cli->arena, r->conf->data)));
}

/* The schema is the backup's: up to ours. */
static bool
migrate(struct restoring *r)
{
	struct migrate_report report;
	const enum err e = migrate_run(
	    r->pg, r->cli->arena, migrations, n_migrations, &report);

	if (e == ERR_OK)
		return true;
	if (report.error.n == 0)
		return fail_db(r, e);
	cli_error(r->cli, "%.*s", STR_ARG(report.error));
	return false;
}

/* As many rows as there were? */
static bool
compare(struct restoring *r)
{
	const int64_t *const figure = r->manifest.figure;
	struct backup_counts counts;
	const enum err e = restore_counts(r->pg, r->cli->arena, &counts);

	if (e != ERR_OK)
		return fail_db(r, e);
	if (counts.calls >= figure[FIGURE_CALLS] &&
	    counts.events >= figure[FIGURE_EVENTS] &&
	    counts.recordings >= figure[FIGURE_RECORDINGS])
		return true;
	cli_error(r->cli,
	    "the database has %lld calls and %lld events after it, and the "
	    "backup %lld and %lld: does something else write to it?",
	    (long long)counts.calls, (long long)counts.events,
	    (long long)figure[FIGURE_CALLS], (long long)figure[FIGURE_EVENTS]);
	return false;
}

static bool
erase_call(struct restoring *r, const struct erasure_call *call)
{
	struct arena *const arena = r->cli->arena;
	struct erasure_counts counts = { 0 };
	struct pg_rows rows;
	enum err e;

	if ((e = erasure_erase(r->pg, arena, call, clock_mono_ms() + ERASE_MS,
		 &counts)) != ERR_OK ||
	    (e = erasure_recordings(r->pg, arena, call, &rows)) != ERR_OK)
		return fail_db(r, e);
	for (size_t i = 0; i < rows.n; i++) {
		if (recordings_remove(
			arena, r->conf->data, pg_str(&rows, i, 0)) != ERR_OK)
			return fail_file(r, r->conf->data);
	}
	r->erased++;
	return true;
}

/* Whom the database that is replaced had forgotten is forgotten here too. */
static bool
erase_again(struct restoring *r)
{
	struct erasure_call *calls = NULL;
	size_t n = 0;
	const enum err e = restore_erased(r->pg, r->cli->arena, &calls, &n);

	if (e != ERR_OK)
		return fail_db(r, e);
	for (size_t i = 0; i < n; i++) {
		if (!erase_call(r, &calls[i]))
			return false;
	}
	return true;
}

static bool
end(struct restoring *r)
{
	const enum err e = restore_end(r->pg, r->cli->arena);

	return e == ERR_OK || fail_db(r, e);
}

/* What is removed is gone; until then nothing was changed. */
static bool
fill(struct restoring *r, const char *work, const char *dump, const char *list)
{
	if (!pg_tools_restore(r->cli, r->conf, dump, list)) {
		cli_error(r->cli,
		    "the database is empty now; mend what is said above, then "
		    "restore again");
		return false;
	}
	return migrate(r) && compare(r) && erase_again(r) &&
	    restoring_replay(r, work) && end(r);
}

static bool
clear(struct restoring *r)
{
	struct restore_target target;
	enum err e = restore_look(r->pg, r->cli->arena, &target);

	if (e == ERR_OK && target.has_schema)
		e = restore_clear(r->pg, r->cli->arena);
	return e == ERR_OK || fail_db(r, e);
}

bool
restoring_do(struct restoring *r)
{
	struct arena *const arena = r->cli->arena;
	const char *const work =
	    str_format(arena, "%s/restore-%ld", r->conf->data, (long)getpid())
		.p;
	const char *const dump =
	    str_format(arena, "%s/" BACKUP_DUMP, r->folder).p;
	const char *const list = str_format(arena, "%s/list", work).p;
	bool ok;

	if (mkdir(work, OWNER_ALONE) != 0)
		return fail_file(r, work);
	ok = pg_tools_list(r->cli, dump, list) && put_audio(r) && clear(r) &&
	    fill(r, work, dump, list);
	copying_remove(arena, work);
	return ok;
}
