/* arena: blocks in a list, the first one in use.  Floor: base. */
#include "base/arena.h"

#include "base/compiler.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define ARENA_POISON(p, n) __asan_poison_memory_region((p), (n))
#define ARENA_UNPOISON(p, n) __asan_unpoison_memory_region((p), (n))
#else
#define ARENA_POISON(p, n) ((void)(p), (void)(n))
#define ARENA_UNPOISON(p, n) ((void)(p), (void)(n))
#endif

#define ARENA_ALIGN _Alignof(max_align_t)

struct block {
	struct block *next;
	size_t cap; /* bytes behind this header */
	size_t used;
	_Alignas(max_align_t) char bytes[];
};

struct arena {
	size_t block_bytes;
	struct block *used;  /* newest first; allocations come from its head */
	struct block *spare; /* kept by arena_reset() */
};

static NORETURN void
arena_die(void)
{
	static const char text[] = "mainline: out of memory\n";
	const ssize_t ignored = write(STDERR_FILENO, text, sizeof(text) - 1);

	(void)ignored;
	abort();
}

static void *
arena_malloc(size_t bytes)
{
	void *const p = malloc(bytes);

	if (p == NULL)
		arena_die();
	return p;
}

struct arena *
arena_new(size_t block_bytes)
{
	struct arena *const arena = arena_malloc(sizeof(*arena));

	*arena = (struct arena){ .block_bytes = block_bytes };
	return arena;
}

static void
arena_free_list(struct block *b)
{
	while (b != NULL) {
		struct block *const next = b->next;

		free(b);
		b = next;
	}
}

void
arena_free(struct arena *arena)
{
	if (arena == NULL)
		return;
	arena_free_list(arena->used);
	arena_free_list(arena->spare);
	free(arena);
}

void
arena_reset(struct arena *arena)
{
	size_t kept = 0;
	struct block *b = arena->used;

	for (const struct block *s = arena->spare; s != NULL; s = s->next)
		kept += s->cap;
	arena->used = NULL;
	while (b != NULL) {
		struct block *const next = b->next;

		if (kept + b->cap > ARENA_KEEP_BYTES) {
			free(b);
		} else {
			kept += b->cap;
			b->used = 0;
			ARENA_POISON(b->bytes, b->cap);
			b->next = arena->spare;
			arena->spare = b;
		}
		b = next;
	}
}

/* Puts a block with room for `bytes` at the head of the used ones. */
static struct block *
arena_grow(struct arena *arena, size_t bytes)
{
	struct block **at = &arena->spare;
	struct block *b;

	while (*at != NULL && (*at)->cap < bytes)
		at = &(*at)->next;
	b = *at;
	if (b != NULL) {
		*at = b->next;
	} else {
		const size_t cap =
		    bytes > arena->block_bytes ? bytes : arena->block_bytes;

		if (cap > SIZE_MAX - sizeof(*b))
			arena_die();
		b = arena_malloc(sizeof(*b) + cap);
		b->cap = cap;
		b->used = 0;
		ARENA_POISON(b->bytes, b->cap);
	}
	b->next = arena->used;
	arena->used = b;
	return b;
}

void *
arena_alloc(struct arena *arena, size_t bytes)
{
	struct block *b = arena->used;
	size_t room;
	void *p;

	if (bytes > SIZE_MAX - ARENA_ALIGN)
		arena_die();
	room = (bytes + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
	if (room == 0)
		room = ARENA_ALIGN;
	if (b == NULL || b->cap - b->used < room)
		b = arena_grow(arena, room);
	p = b->bytes + b->used;
	b->used += room;
	ARENA_UNPOISON(p, bytes);
	memset(p, 0, bytes);
	return p;
}

void *
arena_array(struct arena *arena, size_t n, size_t element_bytes)
{
	if (element_bytes != 0 && n > SIZE_MAX / element_bytes)
		arena_die();
	return arena_alloc(arena, n * element_bytes);
}

char *
arena_copy(struct arena *arena, const char *p, size_t n)
{
	char *const copy = arena_alloc(arena, n + 1);

	if (n > 0)
		memcpy(copy, p, n);
	return copy;
}
