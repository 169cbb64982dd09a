/*
 * files: whole files in, whole files out.
 * Floor: io.
 */
#ifndef MAINLINE_IO_FILES_H
#define MAINLINE_IO_FILES_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

/*
 * The whole file, with a NUL behind it.  ERR_NOT_FOUND: there is none.
 * ERR_LIMIT: it has more than `max` bytes.  ERR_INPUT: it cannot be read (errno
 * says why).
 */
MUST_USE enum err files_read(
    struct arena *arena, const char *path, size_t max, struct str *out);

/* The same from an open descriptor up to its end; it stays open. */
MUST_USE enum err files_read_fd(
    struct arena *arena, int fd, size_t max, struct str *out);

/*
 * Replaces the file in one step: temporary name beside it, fsync, rename, fsync
 * of the folder.  A reader sees the old or the new one, whole; so does a
 * machine that lost its power.  `mode` is that of chmod(2).  ERR_BUSY: errno
 * says why, and the old file is untouched.
 */
MUST_USE enum err files_replace(struct arena *arena, const char *path,
    struct str content, unsigned int mode);

/*
 * The same for what is of no use any more when the power is gone: whole for
 * every reader, and nothing is synced.
 */
MUST_USE enum err files_replace_volatile(struct arena *arena, const char *path,
    struct str content, unsigned int mode);

/* All of it, wherever the offset stands.  ERR_BUSY: errno says why. */
MUST_USE enum err files_write(int fd, struct str content);

/* Makes durable which names a folder holds.  ERR_BUSY: errno says why. */
MUST_USE enum err files_sync_folder(const char *path);

/*
 * Makes the folder, and those above it, unless it is there.  ERR_INPUT: cannot.
 */
MUST_USE enum err files_make_folder(struct arena *arena, const char *path);

/*
 * A file's identity: another one whenever it was replaced, or its contents or
 * rights changed.  All zero when there is none.
 */
struct files_stamp {
	uint64_t inode;
	int64_t size;
	int64_t changed_ns;
};

struct files_stamp files_stamp(const char *path);

/*
 * Waits for an exclusive lock on a file, which is made if need be, and gives a
 * descriptor that holds it until it is closed; -1: cannot (errno).
 */
int files_lock(const char *path);

/*
 * The same without waiting, and for a whole process with its children: -1, and
 * errno EWOULDBLOCK, when somebody has it.
 */
int files_lock_now(const char *path);

#endif
