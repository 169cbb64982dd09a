/*
 * crc32c: the checksum of stored records.  Pure.
 * Floor: codec.  Source: RFC 3720, appendix B.4 (the Castagnoli polynomial).
 *
 * It finds damage, not deceit: anybody can make bytes of any checksum.
 */
#ifndef MAINLINE_CODEC_CRC32C_H
#define MAINLINE_CODEC_CRC32C_H

#include "base/str.h"

#include <stdint.h>

/*
 * The checksum of all that was added so far and of `bytes` behind it; `so_far`
 * is 0 at first.  What was added in pieces has the checksum of the whole.
 */
uint32_t crc32c_add(uint32_t so_far, struct str bytes);

#endif
