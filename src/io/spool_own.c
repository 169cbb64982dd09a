/* spool_own_write: a file of one record, by whoever cannot reach the holder.
 * Floor: io. */
#include "base/err.h"
#include "io/spool.h"
#include "spool_folder.h"
#include "spool_out.h"

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
write_own(int folder, const struct spool_record *record)
{
	const struct spool_name temporary =
	    spool_name_new(SPOOL_TEMPORARY, (uint64_t)record->received_us);
	struct spool_name own = temporary;
	int error;

	own.kind = SPOOL_OWN;
	if (write_file(folder, &temporary, record) &&
	    spool_folder_rename(folder, &temporary, &own) == 0) {
		if (fsync(folder) == 0)
			return true;
		error = errno;
		(void)spool_folder_remove(folder, &own);
	} else {
		error = errno;
		(void)spool_folder_remove(folder, &temporary);
	}
	errno = error;
	return false;
}

enum err
spool_own_write(const char *folder, const struct spool_record *record)
{
	int fd;
	bool ok;

	if (record->bytes.n == 0 || record->bytes.n > SPOOL_RECORD_MAX)
		return ERR_INPUT;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return ERR_BUSY;
	ok = write_own(fd, record);
	(void)close(fd);
	return ok ? ERR_OK : ERR_BUSY;
}
