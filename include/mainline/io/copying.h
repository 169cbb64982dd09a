/*
 * copying: files from one folder to another, with their sums.
 * Floor: io.
 */
#ifndef MAINLINE_IO_COPYING_H
#define MAINLINE_IO_COPYING_H

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "codec/digest.h"

#include <stdint.h>

struct copying_sum {
	unsigned char sha256[DIGEST_SHA256_BYTES];
	int64_t bytes;
};

/*
 * Copies what the file holds when it is read, into a new file that its owner
 * alone may read; nothing is synced (copying_sync()).
 *
 * ERR_NOT_FOUND there is none
 * ERR_INPUT     it cannot be read (errno)
 * ERR_BUSY      the copy cannot be written (errno); nothing is left of it
 */
MUST_USE enum err copying_file(
    const char *from, const char *to, struct copying_sum *out);

/* The sum of a file.  ERR_NOT_FOUND, ERR_INPUT as above. */
MUST_USE enum err copying_sum(const char *path, struct copying_sum *out);

/*
 * Makes durable all that was written to the file system on which the folder
 * lies.  ERR_BUSY: errno says why.
 */
MUST_USE enum err copying_sync(const char *folder);

/*
 * Removes a folder that holds files and folders of files, and no more.  What
 * cannot be removed stays.
 */
void copying_remove(struct arena *arena, const char *folder);

#endif
