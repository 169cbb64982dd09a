/*
 * spool_state: what the holder of a spool remembers of it.
 * Floor: io.
 */
#ifndef MAINLINE_IO_SPOOL_STATE_H
#define MAINLINE_IO_SPOOL_STATE_H

#include "base/compiler.h"
#include "io/spool.h"
#include "spool_folder.h"
#include "spool_in.h"
#include "spool_out.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How far a file was read. */
struct spool_progress {
	int64_t at;       /* behind the last record */
	uint64_t records; /* given */
	uint32_t bad;     /* damaged ones met */
};

struct spool_segment {
	struct spool_name name;
	int64_t bytes;    /* of the file; 0: it is not there yet */
	uint64_t records; /* good ones; of an own file the one that should be */
	int64_t oldest_us;
	uint32_t bad; /* damaged ones that are known of */
	struct spool_progress committed;
	struct spool_progress read; /* by the batch that is out */
	bool read_to_end;           /* by that batch */
	bool stuck;                 /* it cannot be removed; was said */
};

struct spool {
	struct spool_options options;
	int lock;   /* holds the lock while it is open */
	int folder; /* its descriptor */

	/* Newest first, so that what is read is taken from the end. */
	struct spool_segment *closed;
	size_t n_closed, cap;
	int64_t closed_bytes;
	size_t n_out; /* of them, from the end: touched by the batch */

	struct spool_segment open;
	int open_fd;        /* -1: no segment is open */
	uint64_t last_when; /* of the newest segment */

	bool alarmed;             /* the quota's alarm was given */
	bool failing;             /* the last write failed; was said */
	int64_t scanned_mtime_us; /* of the folder; -1: must be scanned */
	uint64_t bad_records;     /* found in files that are not closed[] any
				     more */
	size_t bad_files;
	int64_t bad_bytes; /* of those files */

	struct spool_in in;
	struct spool_out out;
};

#endif
