/* entropy: bytes that differ, and numbers that stay below. */
#include "io/entropy.h"
#include "testing.h"

#include <string.h>

static void
test_entropy_bytes(void **state)
{
	unsigned char a[256] = { 0 };
	unsigned char b[256] = { 0 };
	bool seen[256] = { false };

	(void)state;
	entropy_bytes(a, sizeof(a));
	entropy_bytes(b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
	entropy_bytes(a, 0);
	for (int i = 0; i < 100; i++) {
		entropy_bytes(a, sizeof(a));
		for (size_t k = 0; k < sizeof(a); k++)
			seen[a[k]] = true;
	}
	for (size_t i = 0; i < sizeof(seen); i++)
		assert_true(seen[i]);
}

static void
test_entropy_below(void **state)
{
	bool seen[10] = { false };

	(void)state;
	for (int i = 0; i < 2000; i++) {
		const uint32_t n = entropy_below(10);

		assert_true(n < 10);
		seen[n] = true;
		assert_int_equal(entropy_below(1), 0);
	}
	for (size_t i = 0; i < ARRAY_LEN(seen); i++)
		assert_true(seen[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entropy_bytes),
		cmocka_unit_test(test_entropy_below),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
