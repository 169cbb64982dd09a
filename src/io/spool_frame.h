/*
 * spool_frame: how a record lies in a file.  Pure.
 * Floor: io.  The layout is drawn in io/spool.h.
 */
#ifndef MAINLINE_IO_SPOOL_FRAME_H
#define MAINLINE_IO_SPOOL_FRAME_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define SPOOL_HEAD "mainline spool 1"
#define SPOOL_HEAD_BYTES ((int64_t)sizeof(SPOOL_HEAD) - 1)

#define SPOOL_MARK_BYTES 8
#define SPOOL_FRAME_BYTES 24 /* what stands before the payload */

struct spool_frame {
	uint32_t crc;    /* as stored */
	uint32_t so_far; /* over what the frame itself adds to it */
	uint32_t length; /* of the payload; 0: the end mark */
	int64_t received_us;
};

/* The frame of a payload; an empty one makes the end mark. */
void spool_frame_write(unsigned char out[SPOOL_FRAME_BYTES], uint64_t mark,
    struct str payload, int64_t received_us);

/*
 * False: no record begins with these bytes.  True: one may, if its checksum is
 * right, which is for the caller to see with crc32c_add().
 */
bool spool_frame_read(const unsigned char bytes[SPOOL_FRAME_BYTES],
    uint64_t mark, struct spool_frame *out);

/* The mark as it stands in a file. */
void spool_mark_write(unsigned char out[SPOOL_MARK_BYTES], uint64_t mark);

#endif
