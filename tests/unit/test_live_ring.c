/*
 * live_ring: whoever knows a word that the file names, and reads the file, knows
 * all that has changed.
 */
#include "store/live_ring.h"
#include "testing.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALLS 300
#define READERS 4
#define ROUNDS 20000

/* What somebody knows of each call: when it changed last; -1: removed. */
struct reader {
	char word[64];
	int64_t known[CALLS];
	int merged, refreshed;
};

struct world {
	struct live_ring *ring;
	struct arena *arena;
	int64_t now_ms;
	int64_t truth[CALLS];
	struct reader readers[READERS];
};

static cJSON *
printed(const struct world *w)
{
	const struct live_counts counts = { 1, 2 };
	struct buf out;
	cJSON *json;

	buf_init(&out, w->arena, (size_t)1024 * 1024);
	live_ring_print(w->ring, w->arena, &counts, &out);
	assert_err(buf_close(&out), ERR_OK);
	json = cJSON_ParseWithLength(buf_str(&out).p, buf_str(&out).n);
	assert_non_null(json);
	return json;
}

/* The n-th call has changed, or was removed. */
static struct live_entry
entry_of(struct world *w, size_t n, bool removed)
{
	w->truth[n] = removed ? -1 : w->truth[n] + 1;
	return (struct live_entry){
		.call = { STR("+1"), str_format(w->arena, "CA%zu", n) },
		.json = removed
		    ? STR_ABSENT
		    : str_format(w->arena, "{\"sid\":\"CA%zu\",\"is\":%lld}", n,
			  (long long)w->truth[n]),
	};
}

static void
change(struct world *w, struct random *random, size_t n)
{
	struct live_entry changed[LIVE_CALLS_MAX];
	const size_t first = random_below(random, CALLS);

	w->now_ms += (int64_t)random_below(random, 400);
	for (size_t i = 0; i < n; i++)
		changed[i] = entry_of(
		    w, (first + i * 7) % CALLS, random_below(random, 20) == 0);
	(void)live_ring_turn(w->ring, changed, n, w->now_ms);
	if (random_below(random, 500) == 0) {
		live_ring_clear(w->ring);
		(void)live_ring_turn(w->ring, NULL, 0, w->now_ms);
	}
}

static bool
is_named(const cJSON *json, const char *word)
{
	const cJSON *each;

	cJSON_ArrayForEach(each, cJSON_GetObjectItem(json, "since"))
	{
		if (strcmp(each->valuestring, word) == 0)
			return true;
	}
	return strcmp(cJSON_GetObjectItem(json, "change")->valuestring, word) ==
	    0;
}

static void
merge(struct reader *r, const cJSON *json)
{
	const cJSON *each;

	cJSON_ArrayForEach(each, cJSON_GetObjectItem(json, "calls"))
	{
		const char *const sid =
		    cJSON_GetObjectItem(each, "sid")->valuestring;

		r->known[strtol(sid + 2, NULL, 10)] =
		    (int64_t)cJSON_GetObjectItem(each, "is")->valuedouble;
	}
	cJSON_ArrayForEach(each, cJSON_GetObjectItem(json, "removed"))
	    r->known[strtol(each->valuestring + 2, NULL, 10)] = -1;
	r->merged++;
}

static void
read_file(struct world *w, struct reader *r)
{
	cJSON *const json = printed(w);

	assert_true(cJSON_GetArraySize(cJSON_GetObjectItem(json, "calls")) +
		cJSON_GetArraySize(cJSON_GetObjectItem(json, "removed")) <=
	    LIVE_CALLS_MAX);
	if (is_named(json, r->word)) {
		merge(r, json);
	} else {
		(void)memcpy(r->known, w->truth, sizeof(r->known));
		r->refreshed++;
	}
	assert_memory_equal(r->known, w->truth, sizeof(r->known));
	(void)snprintf(r->word, sizeof(r->word), "%s",
	    cJSON_GetObjectItem(json, "change")->valuestring);
	cJSON_Delete(json);
}

static struct world
begin(struct arena *arena)
{
	return (struct world){ .ring = live_ring_new(), .arena = arena };
}

/* Readers who look now and then, at calls that change more or less often. */
static void
test_live_ring_readers(void **state)
{
	struct random random = random_begin();
	struct arena *const arena = arena_new(4096);
	struct world w = begin(arena);

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		const bool busy = i / 1000 % 2 == 1;

		change(&w, &random, random_below(&random, busy ? 30 : 3));
		for (size_t r = 0; r < READERS; r++) {
			if (random_below(&random, 1 + r * 20) == 0)
				read_file(&w, &w.readers[r]);
		}
		arena_reset(arena);
	}
	for (size_t r = 0; r < READERS; r++)
		assert_true(w.readers[r].merged > 0);
	assert_true(w.readers[0].merged > w.readers[0].refreshed);
	live_ring_free(w.ring);
	arena_free(arena);
}

static size_t
size_of(const struct world *w, const char *name)
{
	cJSON *const json = printed(w);
	const int n = cJSON_GetArraySize(cJSON_GetObjectItem(json, name));

	cJSON_Delete(json);
	return (size_t)n;
}

/* The few that changed last stay however long ago it was. */
static void
test_live_ring_few(void **state)
{
	struct world w = begin(*state);

	for (size_t i = 0; i < 50; i++) {
		const struct live_entry entry = entry_of(&w, i, false);

		w.now_ms += 10000;
		assert_true(live_ring_turn(w.ring, &entry, 1, w.now_ms));
	}
	assert_int_equal(size_of(&w, "calls"), LIVE_CALLS_FEW);
	assert_int_equal(size_of(&w, "since"), LIVE_CALLS_FEW);
	live_ring_free(w.ring);
}

/* An erased call is not named for ever, though nothing else happens. */
static void
test_live_ring_removed(void **state)
{
	struct world w = begin(*state);
	const struct live_entry entry = entry_of(&w, 1, true);

	assert_true(live_ring_turn(w.ring, &entry, 1, 1000));
	assert_int_equal(size_of(&w, "removed"), 1);
	assert_int_equal(size_of(&w, "since"), 0);
	assert_false(live_ring_is_due(w.ring, 1000 + LIVE_REMOVED_MS - 1));
	assert_true(live_ring_is_due(w.ring, 1000 + LIVE_REMOVED_MS));
	assert_true(live_ring_turn(w.ring, NULL, 0, 1000 + LIVE_REMOVED_MS));
	assert_int_equal(size_of(&w, "removed"), 0);
	assert_int_equal(size_of(&w, "since"), 1); /* who saw it */
	assert_false(live_ring_is_due(w.ring, 1000 + 2 * LIVE_REMOVED_MS));
	live_ring_free(w.ring);
}

/* As many as a page can follow; and more, of which none is named. */
static void
test_live_ring_many(void **state)
{
	struct world w = begin(*state);
	struct live_entry list[LIVE_CALLS_MAX];

	for (size_t i = 0; i < LIVE_CALLS_MAX; i++)
		list[i] = entry_of(&w, i, false);
	assert_true(live_ring_turn(w.ring, list, LIVE_CALLS_MAX, 10000));
	assert_int_equal(size_of(&w, "calls"), LIVE_CALLS_MAX);
	list[0] = entry_of(&w, 200, false);
	assert_true(live_ring_turn(
	    w.ring, list, 1, 10000 + LIVE_FOLLOW_MS)); /* one has to go */
	assert_int_equal(size_of(&w, "calls"), LIVE_CALLS_MAX);
	list[0] = entry_of(&w, 201, false);
	for (size_t i = 1; i < LIVE_CALLS_MAX; i++)
		list[i] = entry_of(&w, 100 + i, false);
	assert_true(live_ring_turn(
	    w.ring, list, LIVE_CALLS_MAX, 10000 + 2 * LIVE_FOLLOW_MS));
	list[0] = entry_of(&w, 250, false);
	assert_false(
	    live_ring_turn(w.ring, list, 1, 10000 + 2 * LIVE_FOLLOW_MS + 1));
	assert_int_equal(size_of(&w, "calls"), 0);
	assert_int_equal(size_of(&w, "since"), 0);
	live_ring_free(w.ring);
}

/* Two that are started one after the other have no word in common. */
static void
test_live_ring_words(void **state)
{
	struct live_ring *const a = live_ring_new();
	struct live_ring *const b = live_ring_new();
	struct str word;

	(void)live_ring_turn(a, NULL, 0, 0);
	(void)live_ring_turn(b, NULL, 0, 0);
	word = live_ring_word(a, *state);
	assert_false(str_eq(word, live_ring_word(b, *state)));
	for (size_t i = 0; i < word.n; i++)
		assert_non_null(strchr("0123456789abcdef-", word.p[i]));
	(void)live_ring_turn(a, NULL, 0, 0);
	assert_false(str_eq(word, live_ring_word(a, *state)));
	live_ring_free(a);
	live_ring_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_live_ring_readers),
		TEST(test_live_ring_few),
		TEST(test_live_ring_many),
		TEST(test_live_ring_removed),
		TEST(test_live_ring_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
