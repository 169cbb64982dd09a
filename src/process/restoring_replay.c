/*
 * restoring_replay: the events that a backup's spool holds, into the database.
 * Floor: process.
 */
#include "backup_set.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "cli.h"
#include "io/copying.h"
#include "io/spool.h"
#include "restoring.h"
#include "store/event_row.h"
#include "store/events.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#define BLOCK_BYTES ((size_t)256 * 1024)
#define BATCH_RECORDS ((size_t)64)
#define BATCH_BYTES ((size_t)1024 * 1024)
#define WRITE_MS 30000
#define OWNER_ALONE 0700

/* Copies, since reading a spool uses it up.  What nobody could read stays. */
static bool
copy_spool(struct restoring *r, const char *to)
{
	struct arena *const arena = r->cli->arena;
	const struct str folder = STR(BACKUP_SPOOL "/");

	if (mkdir(to, OWNER_ALONE) != 0)
		return false;
	for (int64_t i = 0; i < r->manifest.figure[FIGURE_FILES]; i++) {
		const struct str name = r->files[i].name;
		const struct str file = str_slice(name, folder.n, SIZE_MAX);
		struct copying_sum sum;

		if (!str_starts(name, folder) || file.n < 4 ||
		    str_eq(str_slice(file, file.n - 4, 4), STR(".bad")))
			continue;
		if (copying_file(
			str_format(arena, "%s/%.*s", r->folder, STR_ARG(name))
			    .p,
			str_format(arena, "%s/%.*s", to, STR_ARG(file)).p,
			&sum) != ERR_OK)
			return false;
	}
	return true;
}

static bool
write_record(struct restoring *r, struct arena *scratch,
    const struct spool_record *record)
{
	struct event_row row;
	enum err e;

	if (event_row_unpack(record->bytes, &row) != ERR_OK &&
	    event_row_unpack(event_row_unreadable(
				 scratch, record->bytes, record->received_us),
		&row) != ERR_OK)
		return false;
	e = events_add(
	    r->pg, scratch, &r->cli->log, &row, clock_mono_ms() + WRITE_MS);
	if (e != ERR_OK)
		(void)cli_db_failed(r->cli, e);
	r->replayed += e == ERR_OK;
	return e == ERR_OK;
}

static bool
write_all(struct restoring *r, struct spool *spool)
{
	struct arena *const scratch = arena_new(BLOCK_BYTES);
	struct spool_batch batch = { .n = 1 };
	bool ok = true;

	while (ok && batch.n > 0) {
		arena_reset(scratch);
		ok = spool_read(spool, scratch, BATCH_RECORDS, BATCH_BYTES,
			 &batch) == ERR_OK;
		for (size_t i = 0; ok && i < batch.n; i++)
			ok = write_record(r, scratch, &batch.records[i]);
		if (ok)
			spool_commit(spool);
	}
	arena_free(scratch);
	return ok;
}

bool
restoring_replay(struct restoring *r, const char *work)
{
	struct arena *const arena = r->cli->arena;
	const struct spool_options options = {
		.folder = str_format(arena, "%s/" BACKUP_SPOOL, work).p,
		.quota_bytes = INT64_MAX,
		.log = &r->cli->log,
	};
	struct spool_depth depth;
	struct spool *spool;
	struct str why = STR_ABSENT;
	bool ok;

	if (!copy_spool(r, options.folder)) {
		cli_error(r->cli, "%s: %s", options.folder, strerror(errno));
		return false;
	}
	if (spool_open(arena, &options, &spool, &why) != ERR_OK) {
		cli_error(r->cli, "the backup's spool: %.*s", STR_ARG(why));
		return false;
	}
	ok = write_all(r, spool);
	spool_depth(spool, &depth);
	r->bad = (int64_t)depth.bad_records;
	spool_close(spool);
	if (!ok)
		cli_error(r->cli,
		    "the rows are restored, and not all of what waited in the "
		    "spool; restore again, with --force");
	return ok;
}
