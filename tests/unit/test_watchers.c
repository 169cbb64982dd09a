/* watchers: known for a while, by looking on, and nobody else. */
#include "store/watchers.h"
#include "testing.h"

#include <string.h>

#define BEGAN_MS INT64_C(1000000)
#define MINUTE_MS INT64_C(60000)

static struct watcher
watcher(char name, int64_t now_ms)
{
	struct watcher w = { .now_ms = now_ms };

	memset(w.key, name, sizeof(w.key));
	return w;
}

static bool
knows(struct watchers *watchers, char name, int64_t now_ms)
{
	const struct watcher w = watcher(name, now_ms);

	return watchers_know(watchers, &w);
}

static void
remember(struct watchers *watchers, char name, int64_t now_ms)
{
	const struct watcher w = watcher(name, now_ms);

	watchers_remember(watchers, &w);
}

static void
test_watchers_nobody_at_first(void **state)
{
	struct watchers all = { 0 };

	(void)state;
	assert_false(knows(&all, 'a', BEGAN_MS));
	assert_false(knows(&all, '\0', 0)); /* as zeroed memory is */
	remember(&all, 'a', BEGAN_MS);
	assert_true(knows(&all, 'a', BEGAN_MS));
	assert_false(knows(&all, 'b', BEGAN_MS));
}

static void
test_watchers_know_for_a_while(void **state)
{
	struct watchers all = { 0 };

	(void)state;
	remember(&all, 'a', BEGAN_MS);
	remember(&all, 'b', BEGAN_MS);
	assert_true(knows(&all, 'a', BEGAN_MS + WATCHERS_KEEP_MS));
	assert_false(knows(&all, 'b', BEGAN_MS + WATCHERS_KEEP_MS + 1));
	/* The first one has looked in between. */
	assert_true(knows(&all, 'a', BEGAN_MS + 2 * WATCHERS_KEEP_MS));
}

/* Who looks every minute, and the database never comes back. */
static void
test_watchers_know_for_a_day(void **state)
{
	struct watchers all = { 0 };
	int64_t now_ms = BEGAN_MS;

	(void)state;
	remember(&all, 'a', BEGAN_MS);
	while (knows(&all, 'a', now_ms))
		now_ms += MINUTE_MS;
	assert_int_equal(now_ms, BEGAN_MS + WATCHERS_LONGEST_MS + MINUTE_MS);
	remember(&all, 'a', now_ms);
	assert_true(knows(&all, 'a', now_ms));
}

static void
test_watchers_forget(void **state)
{
	struct watchers all = { 0 };
	const struct watcher a = watcher('a', BEGAN_MS);
	const struct watcher stranger = watcher('x', BEGAN_MS);

	(void)state;
	remember(&all, 'a', BEGAN_MS);
	watchers_forget(&all, &stranger);
	assert_true(watchers_know(&all, &a));
	watchers_forget(&all, &a);
	assert_false(watchers_know(&all, &a));
	remember(&all, 'a', BEGAN_MS);
	assert_true(watchers_know(&all, &a));
}

/* More than there is room for: who looked longest ago makes it. */
static void
test_watchers_make_room(void **state)
{
	struct watchers all = { 0 };
	int64_t now_ms = BEGAN_MS;

	(void)state;
	for (char name = 'a'; name < 'a' + WATCHERS_MAX; name++)
		remember(&all, name, now_ms++);
	assert_true(knows(&all, 'a', now_ms++));
	remember(&all, 'z', now_ms);
	assert_false(knows(&all, 'b', now_ms));
	assert_true(knows(&all, 'z', now_ms));
	assert_true(knows(&all, 'a', now_ms));
	for (char name = 'c'; name < 'a' + WATCHERS_MAX; name++)
		assert_true(knows(&all, name, now_ms));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_watchers_nobody_at_first),
		cmocka_unit_test(test_watchers_know_for_a_while),
		cmocka_unit_test(test_watchers_know_for_a_day),
		cmocka_unit_test(test_watchers_forget),
		cmocka_unit_test(test_watchers_make_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
