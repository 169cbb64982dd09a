/* arena: what it gives is aligned, zeroed, apart and alive until the reset. */
#include "testing.h"

#include <string.h>

#define MANY 500

static void
test_arena_alloc(void **state)
{
	struct random r = random_begin();
	unsigned char *p[MANY];
	size_t n[MANY];

	for (size_t i = 0; i < MANY; i++) {
		n[i] = random_below(&r, i % 50 == 0 ? 100000 : 200);
		p[i] = arena_alloc(*state, n[i]);
		assert_non_null(p[i]);
		assert_int_equal((uintptr_t)p[i] % _Alignof(max_align_t), 0);
		for (size_t k = 0; k < n[i]; k++)
			assert_int_equal(p[i][k], 0);
		memset(p[i], (int)(i % 255 + 1), n[i]);
	}
	for (size_t i = 0; i < MANY; i++) {
		for (size_t k = 0; k < n[i]; k++)
			assert_int_equal(p[i][k], i % 255 + 1);
	}
}

static void
test_arena_reset_gives_zeroed_bytes_again(void **state)
{
	for (int round = 0; round < 5; round++) {
		for (size_t i = 0; i < 100; i++) {
			char *const p = arena_alloc(*state, 1000);

			for (size_t k = 0; k < 1000; k++)
				assert_int_equal(p[k], 0);
			memset(p, 'x', 1000);
		}
		arena_reset(*state);
	}
}

static void
test_arena_reset_lets_go_of_what_is_large(void **state)
{
	/* More than ARENA_KEEP_BYTES in one piece, and in many pieces. */
	memset(
	    arena_alloc(*state, 2 * ARENA_KEEP_BYTES), 1, 2 * ARENA_KEEP_BYTES);
	for (size_t i = 0; i < 200; i++)
		memset(arena_alloc(*state, 8000), 1, 8000);
	arena_reset(*state);
	arena_reset(*state); /* nothing is in use; what is kept stays kept */
	assert_int_equal(*(char *)arena_alloc(*state, 30000), 0);
	assert_int_equal(*(char *)arena_alloc(*state, 10), 0);
}

static void
test_arena_array(void **state)
{
	const uint64_t *const list = ARENA_ARRAY(*state, 10, uint64_t);
	const uint64_t *const one = ARENA_NEW(*state, uint64_t);

	for (size_t i = 0; i < 10; i++)
		assert_int_equal(list[i], 0);
	assert_int_equal(*one, 0);
	assert_non_null(ARENA_ARRAY(*state, 0, uint64_t));
	assert_non_null(arena_array(*state, SIZE_MAX, 0));
}

static void
test_arena_copy(void **state)
{
	const char *const copy = arena_copy(*state, "a\0b", 3);

	assert_memory_equal(copy, "a\0b", 4);
	assert_string_equal(arena_copy(*state, NULL, 0), "");
}

static void
test_arena_free(void **state)
{
	struct arena *const fresh = arena_new(64);

	(void)state;
	arena_reset(fresh);
	arena_free(fresh);
	arena_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_arena_alloc),
		TEST(test_arena_reset_gives_zeroed_bytes_again),
		TEST(test_arena_reset_lets_go_of_what_is_large),
		TEST(test_arena_array),
		TEST(test_arena_copy),
		TEST(test_arena_free),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
