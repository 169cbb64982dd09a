/* fuzz: what every fuzz target begins with. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* What must hold for any input; NDEBUG changes nothing. */
#define REQUIRE(condition)                                                     \
	do {                                                                   \
		if (!(condition))                                              \
			abort();                                               \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One arena for all inputs, reset by each. */
static inline struct arena *
fuzz_arena(void)
{
	static struct arena *arena;

	if (arena == NULL)
		arena = arena_new((size_t)64 * 1024);
	arena_reset(arena);
	return arena;
}

static inline struct str
fuzz_input(const uint8_t *data, size_t size)
{
	return (struct str){ (const char *)data, size };
}

/*
 * Cuts a piece off an input of several: up to the next 0xFF, a byte that stands
 * in no UTF-8.  Absent when there are no more.
 */
static inline struct str
fuzz_piece(struct str *rest)
{
	return str_split(rest, (char)0xff);
}

#endif
