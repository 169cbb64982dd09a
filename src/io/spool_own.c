/*
 * spool_own: files of one record: what somebody writes who cannot reach the
 * holder, and what is never replayed.  Floor: io.
 */
#include "base/err.h"
#include "base/log.h"
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
#include <unistd.h>

/* The temporary file, whole and synced; errno says why not. */
static bool
write_file(int folder, const struct spool_name *name,
    const struct spool_record *record)
{
	const int fd =
	    spool_folder_open(folder, name, O_WRONLY | O_CREAT | O_EXCL);
	struct spool_out out;
	bool ok;

	if (fd < 0)
		return false;
	spool_out_begin(&out, fd, 0, name->mark);
	spool_out_record(&out, record);
	ok = spool_out_flush(&out);
	if (!ok)
		errno = out.error;
	ok = ok && fsync(fd) == 0;
	return close(fd) == 0 && ok;
}

static bool
write_as(int folder, const struct spool_name *name,
    const struct spool_record *record)
{
	struct spool_name temporary = *name;
	int error;

	temporary.kind = SPOOL_TEMPORARY;
	if (write_file(folder, &temporary, record) &&
	    spool_folder_rename(folder, &temporary, name) == 0) {
		if (fsync(folder) == 0)
			return true;
		error = errno;
		(void)spool_folder_remove(folder, name);
	} else {
		error = errno;
		(void)spool_folder_remove(folder, &temporary);
	}
	errno = error;
	return false;
}

int64_t
spool_own_bytes(const struct spool_record *record)
{
	return SPOOL_HEAD_BYTES + spool_out_bytes(record);
}

static bool
fits(const struct spool_record *record)
{
	return record->bytes.n > 0 && record->bytes.n <= SPOOL_RECORD_MAX;
}

enum err
spool_own_write(const char *folder, const struct spool_record *record)
{
	const struct spool_name name =
	    spool_name_new(SPOOL_OWN, (uint64_t)record->received_us);
	int fd;
	bool ok;

	if (!fits(record))
		return ERR_INPUT;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return ERR_BUSY;
	ok = write_as(fd, &name, record);
	(void)close(fd);
	return ok ? ERR_OK : ERR_BUSY;
}

enum err
spool_refuse(
    struct spool *spool, const struct spool_record *record, const char *why)
{
	const struct spool_name name =
	    spool_name_new(SPOOL_BAD, (uint64_t)record->received_us);
	const int64_t bytes = spool_own_bytes(record);
	char text[SPOOL_NAME_BYTES];

	if (!fits(record))
		return ERR_INPUT;
	if (!spool_files_bad_fits(spool, bytes))
		return ERR_LIMIT;
	if (!write_as(spool->folder, &name, record))
		return ERR_BUSY;
	spool->bad_files++;
	spool->bad_bytes += bytes;
	spool_name_text(&name, text);
	log_event(spool->options.log, LOG_SPOOL_BAD, ERR_OK,
	    "%s; it is kept in %s", why, text);
	return ERR_OK;
}
