/* watchers: who may look on while the database is away.  Floor: store. */
#include "store/watchers.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct words {
	uint64_t word[WATCHERS_KEY_WORDS];
};

static struct words
words_of(const struct watcher *watcher)
{
	struct words words;

	_Static_assert(sizeof(words) == sizeof(watcher->key), "the whole key");
	memcpy(&words, watcher->key, sizeof(words));
	return words;
}

/* In a time that tells nothing of where two keys differ. */
static bool
is_at(struct watchers *watchers, size_t i, const struct words *words)
{
	uint64_t differs = 0;

	for (size_t w = 0; w < WATCHERS_KEY_WORDS; w++)
		differs |=
		    atomic_load(&watchers->list[i].key[w]) ^ words->word[w];
	return differs == 0;
}

/* Where they are; WATCHERS_MAX when nowhere. */
static size_t
find(struct watchers *watchers, const struct words *words)
{
	size_t i = 0;

	while (i < WATCHERS_MAX && !is_at(watchers, i, words))
		i++;
	return i;
}

static size_t
seen_longest_ago(struct watchers *watchers)
{
	size_t oldest = 0;

	for (size_t i = 1; i < WATCHERS_MAX; i++) {
		if (atomic_load(&watchers->list[i].seen_ms) <
		    atomic_load(&watchers->list[oldest].seen_ms))
			oldest = i;
	}
	return oldest;
}

void
watchers_remember(struct watchers *watchers, const struct watcher *watcher)
{
	const struct words words = words_of(watcher);
	size_t i = find(watchers, &words);

	if (i == WATCHERS_MAX) {
		i = seen_longest_ago(watchers);
		/* The times are of the one who was there until they are new. */
		atomic_store(&watchers->list[i].seen_ms, 0);
		for (size_t w = 0; w < WATCHERS_KEY_WORDS; w++)
			atomic_store(&watchers->list[i].key[w], words.word[w]);
	}
	atomic_store(&watchers->list[i].vouched_ms, watcher->now_ms);
	atomic_store(&watchers->list[i].seen_ms, watcher->now_ms);
}

void
watchers_forget(struct watchers *watchers, const struct watcher *watcher)
{
	const struct words words = words_of(watcher);
	const size_t i = find(watchers, &words);

	if (i < WATCHERS_MAX)
		atomic_store(&watchers->list[i].seen_ms, 0);
}

bool
watchers_know(struct watchers *watchers, const struct watcher *watcher)
{
	const struct words words = words_of(watcher);
	const size_t i = find(watchers, &words);
	int64_t seen_ms;

	if (i == WATCHERS_MAX)
		return false;
	seen_ms = atomic_load(&watchers->list[i].seen_ms);
	if (seen_ms == 0 || watcher->now_ms - seen_ms > WATCHERS_KEEP_MS ||
	    watcher->now_ms - atomic_load(&watchers->list[i].vouched_ms) >
		WATCHERS_LONGEST_MS)
		return false;
	atomic_store(&watchers->list[i].seen_ms, watcher->now_ms);
	return true;
}
