/*
 * spool_out: records on their way into one file.
 * Floor: io.
 *
 * Gathers small pieces.  The first failure is kept, and nothing is written
 * after it; spool_out_flush() says so once.
 */
#ifndef MAINLINE_IO_SPOOL_OUT_H
#define MAINLINE_IO_SPOOL_OUT_H

#include "base/compiler.h"
#include "base/str.h"
#include "io/spool.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct spool_out {
	int fd;     /* borrowed */
	int64_t at; /* where in the file the gathered bytes go */
	uint64_t mark;
	int error; /* errno of the first failure, or 0 */
	size_t n;  /* gathered */
	char bytes[16 * 1024];
};

/* Begins at the byte `at`; at 0 with the file's head. */
void spool_out_begin(struct spool_out *out, int fd, int64_t at, uint64_t mark);

/* One record; an empty one is the end mark. */
void spool_out_record(struct spool_out *out, const struct spool_record *record);

/*
 * Writes what was gathered; `out->at` is then the end.  False: something was
 * not written, `out->error` says why, and what stands behind the byte at which
 * it began is of no use.
 */
MUST_USE bool spool_out_flush(struct spool_out *out);

/* The bytes that a record takes in a file. */
int64_t spool_out_bytes(const struct spool_record *record);

#endif
