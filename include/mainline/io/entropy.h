/* entropy: random bytes from the kernel.  Floor: io. */
#ifndef MAINLINE_IO_ENTROPY_H
#define MAINLINE_IO_ENTROPY_H

#include <stddef.h>
#include <stdint.h>

/* Fills `out` with up to 256 bytes fit for secrets; ends the process if it
 * cannot. */
void entropy_bytes(unsigned char *out, size_t n);

/* A number from 0 to below - 1; `below` is at least 1.  For jitter. */
uint32_t entropy_below(uint32_t below);

#endif
