/* entropy: random bytes from the kernel.  Floor: io. */
#include "io/entropy.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/types.h>

void
entropy_bytes(unsigned char *out, size_t n)
{
	/* Up to 256 bytes are never cut short and never interrupted. */
	if (n > 256 || getrandom(out, n, 0) != (ssize_t)n)
		abort();
}

uint32_t
entropy_below(uint32_t below)
{
	unsigned char bytes[sizeof(uint32_t)];
	uint32_t value = 0;

	entropy_bytes(bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++)
		value = value << 8 | bytes[i];
	return value % below;
}
