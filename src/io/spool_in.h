/*
 * spool_in: the records of one file, one after the other, past any damage.
 * Floor: io.
 *
 * Of the file no more than a window is in memory, whatever a record's length.
 */
#ifndef MAINLINE_IO_SPOOL_IN_H
#define MAINLINE_IO_SPOOL_IN_H

#include "base/compiler.h"
#include "base/err.h"
#include "spool_folder.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct spool_in {
	int fd;
	uint64_t mark;
	bool whole;   /* its end is proven: a record that is torn is damage */
	int64_t size; /* when it was opened */
	int64_t at;   /* where the next record begins, or should */
	uint32_t bad; /* damaged places met so far */
	uint32_t doubtful; /* the same since the last good record: damage, or
			      a torn tail if no good one follows */
	bool is_torn;      /* read to its end, which was so */
	int64_t window_at;
	size_t window_n;
	unsigned char window[64 * 1024];
};

/* A good record; its payload waits in the file. */
struct spool_found {
	int64_t payload_at;
	size_t length;
	int64_t received_us;
};

/*
 * Opens a file to be read from the byte `from`, which is 0 or stood behind a
 * record in an earlier round.
 *
 * ERR_NOT_FOUND it is not there any more
 * ERR_BUSY      not now: descriptors, memory
 * ERR_INPUT     it cannot be read at all
 * The caller closes it with spool_in_close(), after ERR_OK only.
 */
MUST_USE enum err spool_in_open(struct spool_in *in, int folder,
    const struct spool_name *name, int64_t from);

void spool_in_close(const struct spool_in *in);

/* The next good record; false: there is none, and `in->bad` is final. */
MUST_USE bool spool_in_next(struct spool_in *in, struct spool_found *out);

/* Its payload, `length` bytes; false: the disk cannot read it any more. */
MUST_USE bool spool_in_payload(
    struct spool_in *in, const struct spool_found *found, char *out);

#endif
