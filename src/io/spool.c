/* spool: taking the folder, giving it back, looking into it.  Floor: io. */
#include "io/spool.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "io/files.h"
#include "spool_files.h"
#include "spool_state.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_DEPTH 64

/*
 * The folder's own name must outlive the power as well, and those of the
 * folders above it, which may be as new.  One that we may not read was there
 * before us.
 */
static void
sync_names_above(int folder)
{
	int at = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	for (int i = 0; at >= 0 && i < FOLDER_DEPTH; i++) {
		const int above =
		    openat(at, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		struct stat a;
		struct stat b;
		const bool is_top = above < 0 || fstat(at, &a) != 0 ||
		    fstat(above, &b) != 0 ||
		    (a.st_ino == b.st_ino && a.st_dev == b.st_dev);

		(void)close(at);
		at = above;
		if (is_top)
			break;
		(void)fsync(at);
	}
	if (at >= 0)
		(void)close(at);
}

static enum err
take_folder(struct spool *spool, struct arena *arena)
{
	const char *const path = spool->options.folder;

	if (files_make_folder(arena, path) != ERR_OK)
		return ERR_BUSY;
	spool->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (spool->folder < 0)
		return ERR_BUSY;
	spool->lock = openat(spool->folder, "lock",
	    O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (spool->lock < 0)
		return ERR_BUSY;
	if (flock(spool->lock, LOCK_EX | LOCK_NB) != 0)
		return errno == EWOULDBLOCK ? ERR_CONFLICT : ERR_BUSY;
	sync_names_above(spool->folder);
	return spool_files_list(spool, true);
}

/* Without closing what is open in good order. */
static void
let_go(struct spool *spool)
{
	if (spool->folder >= 0)
		(void)close(spool->folder);
	if (spool->lock >= 0)
		(void)close(spool->lock);
	free(spool->closed);
	free(spool);
}

static void
say_what_waits(const struct spool *spool)
{
	struct spool_depth depth;

	spool_depth(spool, &depth);
	if (depth.records > 0 || depth.bad_records > 0)
		log_event(spool->options.log, LOG_SPOOL, ERR_OK,
		    "%" PRIu64 " records wait in %zu files, %" PRIu64
		    " are damaged",
		    depth.records, depth.files, depth.bad_records);
}

enum err
spool_open(struct arena *arena, const struct spool_options *options,
    struct spool **out, struct str *why)
{
	struct spool *const spool = calloc(1, sizeof(*spool));
	enum err e;

	if (spool == NULL)
		abort();
	spool->options = *options;
	if (spool->options.segment_bytes == 0)
		spool->options.segment_bytes = SPOOL_SEGMENT_BYTES;
	spool->lock = -1;
	spool->folder = -1;
	spool->open_fd = -1;
	spool->scanned_mtime_us = -1;
	e = take_folder(spool, arena);
	if (e != ERR_OK) {
		*why = e == ERR_CONFLICT
		    ? str_format(arena, "%s is in use by another process",
			  options->folder)
		    : str_format(
			  arena, "%s: %s", options->folder, strerror(errno));
		let_go(spool);
		return e;
	}
	say_what_waits(spool);
	spool_files_watch(spool);
	*out = spool;
	return ERR_OK;
}

void
spool_close(struct spool *spool)
{
	if (spool == NULL)
		return;
	spool_seal(spool);
	let_go(spool);
}

static int64_t
folder_mtime_us(const struct spool *spool)
{
	struct stat st;

	if (fstat(spool->folder, &st) != 0)
		return -1;
	return (int64_t)st.st_mtim.tv_sec * 1000000 + st.st_mtim.tv_nsec / 1000;
}

/*
 * A file's time has a grain: a change within the tick of the last one leaves no
 * trace.  So a time is trusted only when it is well past.
 */
static bool
is_settled(int64_t mtime_us)
{
	const int64_t age_us = clock_wall_us() - mtime_us;

	return mtime_us >= 0 && age_us > 1000000;
}

enum err
spool_scan(struct spool *spool)
{
	const int64_t mtime_us = folder_mtime_us(spool);
	const bool settled = is_settled(mtime_us);
	const size_t before = spool->n_closed;
	enum err e;

	if (spool->n_out > 0 ||
	    (settled && mtime_us == spool->scanned_mtime_us))
		return ERR_OK;
	e = spool_files_list(spool, false);
	if (e != ERR_OK)
		return e;
	if (settled && spool->n_closed - before < SPOOL_SCAN_MAX)
		spool->scanned_mtime_us = mtime_us;
	spool_files_watch(spool);
	return ERR_OK;
}

static void
add_depth(struct spool_depth *depth, const struct spool_segment *segment)
{
	depth->bytes += segment->bytes;
	depth->bad_records += segment->bad;
	if (segment->records <= segment->committed.records)
		return;
	depth->files++;
	depth->records += segment->records - segment->committed.records;
	if (segment->oldest_us < depth->oldest_us)
		depth->oldest_us = segment->oldest_us;
}

void
spool_depth(const struct spool *spool, struct spool_depth *out)
{
	*out = (struct spool_depth){
		.bytes = spool->bad_bytes,
		.quota_bytes = spool->options.quota_bytes,
		.oldest_us = INT64_MAX,
		.bad_records = spool->bad_records,
		.bad_files = spool->bad_files,
	};
	for (size_t i = 0; i < spool->n_closed; i++)
		add_depth(out, &spool->closed[i]);
	if (spool->open_fd >= 0)
		add_depth(out, &spool->open);
}
