/*
 * incoming: a file that is written while it comes, and kept only when it is
 * whole.
 * Floor: io.
 *
 * It lies in the folder "incoming" below the one where it is to be kept, under
 * a name that nobody knows, until it is moved there in one step.  Whoever
 * writes it holds a lock on it, so that what a dead process left is known.
 */
#ifndef MAINLINE_IO_INCOMING_H
#define MAINLINE_IO_INCOMING_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/digest.h"

#include <stddef.h>
#include <stdint.h>

#define INCOMING_HEAD_BYTES 16

/* One under way; between incoming_open() and keep or drop. */
struct incoming {
	const char *folder; /* where it is to be kept */
	const char *path;   /* where it is now */
	int fd;             /* readable as well; -1: none */
	int64_t bytes;      /* so many so far */
	struct digest digest;
	size_t head_n;
	char head[INCOMING_HEAD_BYTES]; /* its first bytes */
};

/*
 * Makes the folders if need be and removes what dead processes have left there;
 * then begins a file.  `group`, when not NULL, may list and read `folder`: the
 * one that nginx is of; others may not.  All is in `arena`.  ERR_BUSY: errno
 * says why.
 */
MUST_USE enum err incoming_open(struct arena *arena, const char *folder,
    const char *group, struct incoming *out);

/* ERR_BUSY: it cannot be written, errno says why. */
MUST_USE enum err incoming_add(struct incoming *in, struct str bytes);

/*
 * Ends the digest and makes the bytes durable where they are, so that they can
 * be read at in->fd or kept.  ERR_BUSY: errno says why; drop it then.
 */
MUST_USE enum err incoming_close(
    struct incoming *in, unsigned char sha256[DIGEST_SHA256_BYTES]);

/*
 * Makes it `folder`/`name`, in the place of what has that name, readable to
 * `folder`'s group and, on ERR_OK, durable.  ERR_BUSY: errno says why; drop it
 * then. Only after incoming_close().
 */
MUST_USE enum err incoming_keep(
    struct arena *arena, struct incoming *in, const char *name);

/* Forgets it, at whatever point it is; also after incoming_keep(). */
void incoming_drop(struct incoming *in);

#endif
