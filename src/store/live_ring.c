/* live_ring: the calls that have changed last.  Floor: store. */
#include "store/live_ring.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "codec/base64.h"
#include "codec/jsonw.h"
#include "io/entropy.h"
#include "store/calls.h"
#include "store/live.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BLOCK_BYTES ((size_t)16 * 1024)
#define BOOT_BYTES 5

struct live_ring {
	struct arena *fixed; /* of this struct */
	struct arena *arena; /* of the entries */
	struct arena *spare; /* of the next turn's */
	struct str boot;     /* what its words begin with */
	uint64_t turn;       /* the present one; 0: none yet */
	uint64_t floor;      /* who knows its word or a later one can follow */
	size_t n;
	struct live_entry list[LIVE_CALLS_MAX]; /* the latest change first */
};

struct live_ring *
live_ring_new(void)
{
	struct arena *const fixed = arena_new(BLOCK_BYTES);
	struct live_ring *const ring = ARENA_NEW(fixed, struct live_ring);
	unsigned char boot[BOOT_BYTES];

	entropy_bytes(boot, sizeof(boot));
	ring->fixed = fixed;
	ring->arena = arena_new(BLOCK_BYTES);
	ring->spare = arena_new(BLOCK_BYTES);
	ring->boot =
	    hex_encode(fixed, (struct str){ (const char *)boot, sizeof(boot) });
	live_ring_clear(ring);
	return ring;
}

void
live_ring_free(struct live_ring *ring)
{
	arena_free(ring->spare);
	arena_free(ring->arena);
	arena_free(ring->fixed);
}

void
live_ring_clear(struct live_ring *ring)
{
	ring->n = 0;
	ring->floor = ring->turn + 1;
}

static bool
is_same(const struct call_key *a, const struct call_key *b)
{
	return str_eq(a->sid, b->sid) && str_eq(a->line, b->line);
}

static bool
has_changed(
    const struct live_entry *changed, size_t n, const struct call_key *call)
{
	for (size_t i = 0; i < n; i++) {
		if (is_same(&changed[i].call, call))
			return true;
	}
	return false;
}

static struct live_entry
copy_of(struct arena *arena, const struct live_entry *entry)
{
	struct live_entry copy = *entry;

	copy.call.line = str_copy(arena, entry->call.line);
	copy.call.sid = str_copy(arena, entry->call.sid);
	copy.json = str_copy(arena, entry->json);
	return copy;
}

static bool
is_over(const struct live_entry *entry, int64_t now_ms)
{
	return entry->json.p == NULL &&
	    now_ms - entry->at_ms >= LIVE_REMOVED_MS;
}

bool
live_ring_is_due(const struct live_ring *ring, int64_t now_ms)
{
	for (size_t i = 0; i < ring->n; i++) {
		if (is_over(&ring->list[i], now_ms))
			return true;
	}
	return false;
}

/* Is there a place for one more that changed so long ago? */
static bool
may_stay(size_t n, const struct live_entry *entry, int64_t now_ms)
{
	if (is_over(entry, now_ms))
		return false;
	return n < LIVE_CALLS_FEW ||
	    (n < LIVE_CALLS_MAX && now_ms - entry->at_ms < LIVE_CALLS_MS);
}

bool
live_ring_turn(struct live_ring *ring, const struct live_entry *changed,
    size_t n, int64_t now_ms)
{
	const struct live_ring before = *ring;
	bool lost = false;

	ring->turn++;
	ring->n = 0;
	for (size_t i = 0; i < n && i < LIVE_CALLS_MAX; i++) {
		struct live_entry *const entry = &ring->list[ring->n++];

		*entry = copy_of(ring->spare, &changed[i]);
		entry->turn = ring->turn;
		entry->at_ms = now_ms;
	}
	for (size_t i = 0; i < before.n; i++) {
		const struct live_entry *const old = &before.list[i];

		if (has_changed(changed, n, &old->call))
			continue;
		if (may_stay(ring->n, old, now_ms)) {
			ring->list[ring->n++] = copy_of(ring->spare, old);
			continue;
		}
		if (old->turn > ring->floor)
			ring->floor = old->turn;
		lost = lost || now_ms - old->at_ms < LIVE_FOLLOW_MS;
	}
	arena_reset(ring->arena);
	ring->arena = ring->spare;
	ring->spare = before.arena;
	if (!lost)
		return true;
	ring->n = 0;
	ring->floor = ring->turn;
	return false;
}

static struct str
word_of(const struct live_ring *ring, struct arena *arena, uint64_t turn)
{
	return str_format(
	    arena, "%.*s-%llu", STR_ARG(ring->boot), (unsigned long long)turn);
}

struct str
live_ring_word(const struct live_ring *ring, struct arena *arena)
{
	return word_of(ring, arena, ring->turn);
}

static void
print_since(const struct live_ring *ring, struct arena *arena, struct jsonw *w)
{
	uint64_t first = ring->floor;

	if (ring->turn > LIVE_WORDS && first < ring->turn - LIVE_WORDS)
		first = ring->turn - LIVE_WORDS;
	jsonw_array(w, "since");
	for (uint64_t turn = first; turn < ring->turn; turn++)
		jsonw_str(w, NULL, word_of(ring, arena, turn));
	jsonw_array_end(w);
}

static void
print_calls(const struct live_ring *ring, struct jsonw *w)
{
	jsonw_array(w, "calls");
	for (size_t i = 0; i < ring->n; i++) {
		if (ring->list[i].json.p != NULL)
			jsonw_raw(w, NULL, ring->list[i].json);
	}
	jsonw_array_end(w);
	jsonw_array(w, "removed");
	for (size_t i = 0; i < ring->n; i++) {
		if (ring->list[i].json.p == NULL)
			jsonw_str(w, NULL, ring->list[i].call.sid);
	}
	jsonw_array_end(w);
}

void
live_ring_print(const struct live_ring *ring, struct arena *arena,
    const struct live_counts *counts, struct buf *out)
{
	struct jsonw w;

	jsonw_init(&w, out);
	jsonw_object(&w, NULL);
	jsonw_str(&w, "change", live_ring_word(ring, arena));
	print_since(ring, arena, &w);
	jsonw_object(&w, "counts");
	jsonw_int(&w, "unheard", counts->unheard);
	jsonw_int(&w, "to_do", counts->to_do);
	jsonw_object_end(&w);
	print_calls(ring, &w);
	jsonw_object_end(&w);
}
