/*
 * live_ring: the calls that have changed last, and who knows them already.
 * Floor: store.  No I/O but that of its arena.
 *
 * Each time something has changed is a turn, and each turn has a word, which
 * stands in /api/changes.  A page that knows the word of a turn has to read
 * what changed in later ones: it loses nothing as long as none of that had to
 * leave.
 */
#ifndef MAINLINE_STORE_LIVE_RING_H
#define MAINLINE_STORE_LIVE_RING_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "store/calls.h"
#include "store/live.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* So many calls at most; beyond the few only those of the last moments. */
#define LIVE_CALLS_MAX 100
#define LIVE_CALLS_FEW 20
#define LIVE_CALLS_MS 3000

/* How long an erased call is named: not for ever, when nothing else changes. */
#define LIVE_REMOVED_MS 10000

/* A page looks so often at the latest: what left sooner nobody has seen. */
#define LIVE_FOLLOW_MS 1000

/* So many words are named at most that a page may know. */
#define LIVE_WORDS 100

struct live_entry {
	struct call_key call;
	struct str json; /* a LiveCall; absent: it was removed */
	uint64_t turn;   /* when it changed last */
	int64_t at_ms;   /* the same, monotonic */
};

struct live_ring;

/* Its words never come again: they begin with random digits.  Freed with
 * live_ring_free(). */
struct live_ring *live_ring_new(void);
void live_ring_free(struct live_ring *ring);

/* Forgets all: who knows an earlier word must read everything. */
void live_ring_clear(struct live_ring *ring);

/*
 * A new turn: these `n` calls have changed, at most LIVE_CALLS_MAX, the latest
 * change first; none: something else has.  Everything is copied.  False: more
 * changes than any page can follow, and all is forgotten.
 */
bool live_ring_turn(struct live_ring *ring, const struct live_entry *changed,
    size_t n, int64_t now_ms);

/* Has an erased call been named for long enough?  Then a turn is due. */
bool live_ring_is_due(const struct live_ring *ring, int64_t now_ms);

/* The word of the present turn; lives in `arena`. */
struct str live_ring_word(const struct live_ring *ring, struct arena *arena);

/* Writes all of it: JSON of the shape Live (openapi/mainline.yaml). */
void live_ring_print(const struct live_ring *ring, struct arena *arena,
    const struct live_counts *counts, struct buf *out);

#endif
