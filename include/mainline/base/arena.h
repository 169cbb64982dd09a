/*
 * arena: the memory of one request, one job or one document.
 * Floor: base.
 *
 * Everything that is allocated from an arena lives until arena_reset() or
 * arena_free(); nobody frees piecemeal.  A failed allocation ends the process:
 * hostile sizes are stopped earlier, by the caps of whoever reads them, and the
 * supervisor replaces a worker that died.
 */
#ifndef MAINLINE_BASE_ARENA_H
#define MAINLINE_BASE_ARENA_H

#include <stddef.h>

struct arena;

/*
 * A new arena whose blocks have at least `block_bytes` bytes; the first one is
 * taken at the first allocation.  The caller frees it with arena_free().
 */
struct arena *arena_new(size_t block_bytes);

/* Frees the arena and all that came from it; NULL is allowed. */
void arena_free(struct arena *arena);

/*
 * Forgets all that was allocated.  Blocks are kept for the next round, up to
 * ARENA_KEEP_BYTES, so that one large request does not hold its memory for
 * ever. Under AddressSanitizer the kept bytes are poisoned.
 */
void arena_reset(struct arena *arena);

#define ARENA_KEEP_BYTES ((size_t)256 * 1024)

/* `bytes` zeroed bytes, aligned for any type; never NULL, also for 0 bytes. */
void *arena_alloc(struct arena *arena, size_t bytes);

/* A zeroed array of `n` elements; the product is checked against overflow. */
void *arena_array(struct arena *arena, size_t n, size_t element_bytes);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, n, type)                                            \
	((type *)arena_array((arena), (n), sizeof(type)))

/* A copy of `n` bytes with a NUL behind them. */
char *arena_copy(struct arena *arena, const char *p, size_t n);

#endif
