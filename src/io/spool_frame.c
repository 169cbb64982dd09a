/* spool_frame: how a record lies in a file.  Pure.  Floor: io. */
#include "spool_frame.h"

#include "base/str.h"
#include "codec/crc32c.h"
#include "io/spool.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define CRC_AT 8
#define LENGTH_AT 12
#define RECEIVED_AT 16

static void
put(unsigned char *out, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		out[i] = (unsigned char)(value >> 8 * i);
}

static uint64_t
take(const unsigned char *in, size_t bytes)
{
	uint64_t value = 0;

	for (size_t i = bytes; i > 0; i--)
		value = value << 8 | in[i - 1];
	return value;
}

static uint32_t
crc_of_frame(const unsigned char *frame)
{
	return crc32c_add(0,
	    (struct str){ (const char *)frame + LENGTH_AT,
		SPOOL_FRAME_BYTES - LENGTH_AT });
}

void
spool_mark_write(unsigned char out[SPOOL_MARK_BYTES], uint64_t mark)
{
	put(out, mark, SPOOL_MARK_BYTES);
}

void
spool_frame_write(unsigned char out[SPOOL_FRAME_BYTES], uint64_t mark,
    struct str payload, int64_t received_us)
{
	put(out, mark, SPOOL_MARK_BYTES);
	put(out + LENGTH_AT, payload.n, 4);
	put(out + RECEIVED_AT, (uint64_t)received_us, 8);
	put(out + CRC_AT, crc32c_add(crc_of_frame(out), payload), 4);
}

bool
spool_frame_read(const unsigned char bytes[SPOOL_FRAME_BYTES], uint64_t mark,
    struct spool_frame *out)
{
	unsigned char wanted[SPOOL_MARK_BYTES];

	spool_mark_write(wanted, mark);
	if (memcmp(bytes, wanted, sizeof(wanted)) != 0)
		return false;
	out->crc = (uint32_t)take(bytes + CRC_AT, 4);
	out->so_far = crc_of_frame(bytes);
	out->length = (uint32_t)take(bytes + LENGTH_AT, 4);
	out->received_us = (int64_t)take(bytes + RECEIVED_AT, 8);
	return out->length <= SPOOL_RECORD_MAX;
}
