/*
 * spool_write: the open segment, and what becomes of it when the disk fails.
 * Floor: io.
 *
 * What was told to be durable ends at `open.bytes`.  A write that fails for
 * want of room is cut off again.  After any other failure, of a sync above all,
 * the kernel may have dropped what it could not write and will not say so
 * twice: that file is left alone, and a new segment is begun.  Source:
 * https://wiki.postgresql.org/wiki/Fsync_Errors
 */
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "io/spool.h"
#include "spool_files.h"
#include "spool_folder.h"
#include "spool_frame.h"
#include "spool_out.h"
#include "spool_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What the records take in a file, or -1 when one of them cannot be one. */
static int64_t
bytes_of(const struct spool_record *records, size_t n)
{
	int64_t bytes = 0;

	for (size_t i = 0; i < n; i++) {
		if (records[i].bytes.n == 0 ||
		    records[i].bytes.n > SPOOL_RECORD_MAX)
			return -1;
		bytes += spool_out_bytes(&records[i]);
	}
	return bytes;
}

static bool
open_begin(struct spool *spool)
{
	const uint64_t now = (uint64_t)clock_wall_us();
	const uint64_t when =
	    now > spool->last_when ? now : spool->last_when + 1;

	spool->open = (struct spool_segment){
		.name = spool_name_new(SPOOL_SEGMENT, when),
		.oldest_us = INT64_MAX,
	};
	spool->open_fd = spool_folder_open(
	    spool->folder, &spool->open.name, O_WRONLY | O_CREAT | O_EXCL);
	if (spool->open_fd < 0)
		return false;
	spool->last_when = when;
	return true;
}

static void
open_forget(struct spool *spool)
{
	(void)close(spool->open_fd);
	spool->open_fd = -1;
	spool->open = (struct spool_segment){ .oldest_us = INT64_MAX };
}

/*
 * Never again writes to the open segment.  What it held before stays; one in
 * which nothing was told to be durable is not kept.
 */
static void
open_abandon(struct spool *spool)
{
	struct stat st;

	if (spool->open.bytes == 0) {
		(void)spool_folder_remove(spool->folder, &spool->open.name);
	} else {
		if (fstat(spool->open_fd, &st) == 0)
			spool->open.bytes = st.st_size;
		spool_files_push(spool, &spool->open);
	}
	open_forget(spool);
}

static bool
is_no_room(int error)
{
	return error == ENOSPC || error == EDQUOT;
}

/* On failure errno says why, and the open segment is fit for the next one. */
static bool
attempt(struct spool *spool, const struct spool_record *records, size_t n)
{
	struct spool_segment *const open = &spool->open;
	struct spool_out *const out = &spool->out;
	int error;

	if (spool->open_fd < 0 && !open_begin(spool))
		return false;
	spool_out_begin(out, spool->open_fd, open->bytes, open->name.mark);
	for (size_t i = 0; i < n; i++)
		spool_out_record(out, &records[i]);
	if (!spool_out_flush(out)) {
		error = out->error;
		if (open->bytes == 0 || !is_no_room(error) ||
		    ftruncate(spool->open_fd, open->bytes) != 0)
			open_abandon(spool);
		errno = error;
		return false;
	}
	if (fdatasync(spool->open_fd) != 0 ||
	    (open->bytes == 0 && fsync(spool->folder) != 0)) {
		error = errno;
		open_abandon(spool);
		errno = error;
		return false;
	}
	open->bytes = out->at;
	return true;
}

static void
count_in(
    struct spool_segment *open, const struct spool_record *records, size_t n)
{
	open->records += n;
	for (size_t i = 0; i < n; i++) {
		if (records[i].received_us < open->oldest_us)
			open->oldest_us = records[i].received_us;
	}
}

/* Said once when it begins and once when it is over, not for each write. */
static void
say_whether_it_works(struct spool *spool, bool ok)
{
	if (spool->failing == !ok)
		return;
	spool->failing = !ok;
	if (ok)
		log_event(spool->options.log, LOG_SPOOL, ERR_OK,
		    "%s can be written again", spool->options.folder);
	else
		log_event(spool->options.log, LOG_SPOOL_FAILED, ERR_BUSY,
		    "%s cannot be written: %s", spool->options.folder,
		    strerror(errno));
}

enum err
spool_write(struct spool *spool, const struct spool_record *records, size_t n)
{
	const int64_t bytes = bytes_of(records, n);
	const int64_t around = SPOOL_HEAD_BYTES + SPOOL_FRAME_BYTES;
	bool ok;

	if (bytes < 0)
		return ERR_INPUT;
	if (n == 0)
		return ERR_OK;
	if (spool_files_bytes(spool) + bytes + around >
	    spool->options.quota_bytes)
		return ERR_LIMIT;
	if (spool->open.bytes + bytes + around > spool->options.segment_bytes)
		spool_seal(spool);
	ok = attempt(spool, records, n) ||
	    (!is_no_room(errno) && attempt(spool, records, n));
	if (ok)
		count_in(&spool->open, records, n);
	say_whether_it_works(spool, ok);
	spool_files_watch(spool);
	return ok ? ERR_OK : ERR_BUSY;
}

/*
 * The end mark is not synced: where it is lost, a damaged last record would be
 * taken for a torn one, no more.
 */
void
spool_seal(struct spool *spool)
{
	const struct spool_record end = { .bytes = STR_ABSENT };
	struct spool_out *const out = &spool->out;

	if (spool->open_fd < 0)
		return;
	if (spool->open.bytes > 0) {
		spool_out_begin(out, spool->open_fd, spool->open.bytes,
		    spool->open.name.mark);
		spool_out_record(out, &end);
		if (spool_out_flush(out))
			spool->open.bytes = out->at;
	}
	open_abandon(spool);
}
