/*
 * backing_up: how mainline backup does it.  Floor: process.
 *
 * The order is the promise.  What was acknowledged is in the database or in the
 * spool, and goes from there to here: so the spool is copied first, and what
 * has left it meanwhile was committed before the database's snapshot was taken.
 * Audio is durable before its row: so the rows of that snapshot say which files
 * there must be, and these are copied last.
 */
#include "backing_up.h"

#include "backup_set.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "cli.h"
#include "io/copying.h"
#include "io/pg.h"
#include "journal_run.h"
#include "pg_tools.h"
#include "store/backup.h"
#include "store/recordings.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS 500
#define SECOND_MS 1000
#define SHOWN_MAX 20
#define SCRATCH_BLOCK_BYTES ((size_t)256 * 1024)
#define OWNER_ALONE 0700

static const char *
below(struct arena *arena, const char *folder, struct str name)
{
	return str_format(arena, "%s/%.*s", folder, STR_ARG(name)).p;
}

static bool
fail_file(const struct backing_up *b, const char *path)
{
	cli_error(b->cli, "%s: %s", path, strerror(errno));
	return false;
}

static bool
make_folders(struct backing_up *b)
{
	static const char *const names[] = { "", "/" BACKUP_SPOOL,
		"/" BACKUP_AUDIO };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *const path =
		    str_format(b->cli->arena, "%s%s", b->folder, names[i]).p;

		if (mkdir(path, OWNER_ALONE) != 0)
			return fail_file(b, path);
	}
	return backup_sums_open(b->cli->arena, b->folder, &b->sums) == ERR_OK ||
	    fail_file(b, b->folder);
}

/* Copies a file into the backup, and notes it. */
static enum err
take_file(struct backing_up *b, struct arena *scratch, const char *from,
    struct str name, struct copying_sum *sum)
{
	const enum err e =
	    copying_file(from, below(scratch, b->folder, name), sum);

	return e == ERR_OK ? backup_sums_add(&b->sums, scratch, name, sum) : e;
}

/* A file that holds events, or did before something spoilt it. */
static bool
is_of_spool(const char *name)
{
	const size_t n = strlen(name);

	return n > 4 &&
	    (strcmp(name + n - 4, ".seg") == 0 ||
		strcmp(name + n - 4, ".own") == 0 ||
		strcmp(name + n - 4, ".bad") == 0);
}

/* One that is gone has been committed, after we had begun. */
static bool
take_spool_file(struct backing_up *b, const char *spool, const char *file)
{
	struct arena *const arena = b->cli->arena;
	const char *const from = below(arena, spool, str_of(file));
	struct copying_sum sum;
	const enum err e = take_file(
	    b, arena, from, str_format(arena, BACKUP_SPOOL "/%s", file), &sum);

	b->spool_files += e == ERR_OK;
	return e == ERR_OK || e == ERR_NOT_FOUND || fail_file(b, from);
}

static bool
take_spool(struct backing_up *b)
{
	const char *const spool = journal_spool_path(b->cli->arena, b->conf);
	DIR *const dir = opendir(spool);
	const struct dirent *entry;
	bool ok = true;

	if (dir == NULL)
		return errno == ENOENT || fail_file(b, spool);
	while (ok && (entry = readdir(dir)) != NULL) {
		if (is_of_spool(entry->d_name))
			ok = take_spool_file(b, spool, entry->d_name);
	}
	(void)closedir(dir);
	return ok;
}

/*
 * Gives what is on its way from Twilio a while to come: where Twilio's copy is
 * deleted, it could not be brought again.
 */
static bool
wait_for_audio(struct backing_up *b)
{
	const int64_t deadline_ms =
	    clock_mono_ms() + (int64_t)b->wait_s * SECOND_MS;
	const struct timespec pause = { 0, TICK_MS * 1000000L };

	for (;;) {
		const enum err e = backup_unarchived(
		    b->pg, b->cli->arena, b->manifest.begun_us, &b->unarchived);

		if (e != ERR_OK) {
			(void)cli_db_failed(b->cli, e);
			return false;
		}
		if (b->unarchived == 0 || clock_left_ms(deadline_ms) == 0)
			return true;
		(void)nanosleep(&pause, NULL);
	}
}

/* Erased, or its time is over, since the snapshot: then nobody misses it. */
static bool
note_missing(struct backing_up *b, struct arena *scratch,
    const struct backup_audio *audio, struct str file, const char *why)
{
	int64_t *const missing = &b->manifest.figure[FIGURE_MISSING];
	bool wanted = true;
	const enum err e = backup_is_wanted(b->now, scratch, audio, &wanted);

	if (e != ERR_OK) {
		(void)cli_db_failed(b->cli, e);
		return false;
	}
	if (!wanted)
		return true;
	(*missing)++;
	if (*missing <= SHOWN_MAX)
		cli_error(b->cli, "%.*s %s", STR_ARG(file), why);
	return true;
}

static bool
take_audio_file(struct backing_up *b, struct arena *scratch,
    const struct backup_audio *audio, enum recording_format format)
{
	const struct str file = recordings_name(scratch, audio->sid, format);
	const char *const from =
	    below(scratch, recordings_folder(scratch, b->conf->data), file);
	struct copying_sum sum;
	enum err e;

	if (audio->sha256[format].p == NULL)
		return true;
	e = take_file(b, scratch, from,
	    str_format(scratch, BACKUP_AUDIO "/%.*s", STR_ARG(file)), &sum);
	if (e == ERR_NOT_FOUND)
		return note_missing(
		    b, scratch, audio, file, "is not in this host's folder");
	if (e != ERR_OK)
		return fail_file(b, from);
	b->audio_files++;
	if (str_eq(backup_hex(scratch, sum.sha256), audio->sha256[format]))
		return true;
	return note_missing(b, scratch, audio, file,
	    "is not the file that was kept; it is in the backup as it is");
}

static bool
take_audio_page(struct backing_up *b, const struct backup_audio *page, size_t n)
{
	struct arena *const scratch = arena_new(SCRATCH_BLOCK_BYTES);
	bool ok = true;

	for (size_t i = 0; i < n && ok; i++) {
		ok = take_audio_file(b, scratch, &page[i], RECORDING_MP3) &&
		    take_audio_file(b, scratch, &page[i], RECORDING_WAV);
		arena_reset(scratch);
	}
	arena_free(scratch);
	return ok;
}

static bool
take_audio(struct backing_up *b)
{
	/* Two in turn, so that the last of a page outlives its arena. */
	struct arena *const arenas[] = { arena_new(SCRATCH_BLOCK_BYTES),
		arena_new(SCRATCH_BLOCK_BYTES) };
	struct backup_audio after = { .line = STR(""), .sid = STR("") };
	bool ok = true;
	size_t n = 1;

	for (size_t turn = 0; ok && n > 0; turn++) {
		struct arena *const arena = arenas[turn % 2];
		struct backup_audio *page = NULL;
		enum err e;

		arena_reset(arena);
		if ((e = backup_audio(b->pg, arena, &after, &page, &n)) !=
		    ERR_OK) {
			(void)cli_db_failed(b->cli, e);
			ok = false;
		} else if (n > 0) {
			ok = take_audio_page(b, page, n);
			after = page[n - 1];
		}
	}
	arena_free(arenas[0]);
	arena_free(arenas[1]);
	return ok;
}

/* The dump, and the sum of it. */
static bool
take_database(struct backing_up *b, const struct backup_view *view)
{
	struct arena *const arena = b->cli->arena;
	const char *const path = below(arena, b->folder, STR(BACKUP_DUMP));
	struct copying_sum sum;

	if (!pg_tools_dump(b->cli, b->conf, view->snapshot.p, path))
		return false;
	return (copying_sum(path, &sum) == ERR_OK &&
		   backup_sums_add(&b->sums, arena, STR(BACKUP_DUMP), &sum) ==
		       ERR_OK) ||
	    fail_file(b, path);
}

static bool
take_snapshot(struct backing_up *b)
{
	int64_t *const figure = b->manifest.figure;
	struct backup_view view;
	int dump = 0;
	bool ok;
	const enum err e = backup_begin(b->pg, b->cli->arena, &view);

	if (e != ERR_OK) {
		(void)cli_db_failed(b->cli, e);
		return false;
	}
	ok = pg_tools_check(b->cli, "pg_dump", view.server, &dump) &&
	    take_database(b, &view) && take_audio(b);
	backup_end(b->pg);
	figure[FIGURE_SCHEMA] = view.schema;
	figure[FIGURE_POSTGRESQL] = view.server;
	figure[FIGURE_PG_DUMP] = dump;
	figure[FIGURE_CALLS] = view.counts.calls;
	figure[FIGURE_EVENTS] = view.counts.events;
	figure[FIGURE_RECORDINGS] = view.counts.recordings;
	figure[FIGURE_IN_BUCKET] = view.counts.in_bucket;
	figure[FIGURE_ERASED] = view.counts.erased;
	return ok;
}

static bool
finish(struct backing_up *b)
{
	return (backup_sums_close(&b->sums, b->cli->arena, &b->manifest) ==
		       ERR_OK &&
		   copying_sync(b->folder) == ERR_OK) ||
	    fail_file(b, b->folder);
}

bool
backing_up_do(struct backing_up *b)
{
	bool done;

	b->manifest.program = STR(MAINLINE_VERSION);
	b->manifest.begun_us = clock_wall_us();
	b->sums.fd = -1;
	if (!make_folders(b))
		return false;
	b->now = cli_pg(b->cli, b->conf);
	done =
	    wait_for_audio(b) && take_spool(b) && take_snapshot(b) && finish(b);
	pg_free(b->now);
	if (done)
		return true;
	if (b->sums.fd >= 0)
		(void)close(b->sums.fd);
	copying_remove(b->cli->arena, b->folder);
	return false;
}
