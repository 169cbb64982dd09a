/*
 * crc32c: the vectors of RFC 3720, appendix B.4, and the definition: the
 * polynomial divided into the bytes, bit by bit.
 */
#include "codec/crc32c.h"
#include "testing.h"

#include <string.h>

static uint32_t
by_definition(struct str bytes)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < bytes.n; i++) {
		crc ^= (unsigned char)bytes.p[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^
			    ((crc & 1) != 0 ? UINT32_C(0x82f63b78) : 0);
	}
	return ~crc;
}

static void
test_crc32c_vectors(void **state)
{
	char bytes[32];

	(void)state;
	assert_int_equal(crc32c_add(0, STR("")), 0);
	assert_int_equal(crc32c_add(0, STR_ABSENT), 0);
	assert_int_equal(crc32c_add(0, STR("123456789")), 0xe3069283);
	memset(bytes, 0, sizeof(bytes));
	assert_int_equal(crc32c_add(0, bytes_of(bytes, 32)), 0x8a9136aa);
	memset(bytes, 0xff, sizeof(bytes));
	assert_int_equal(crc32c_add(0, bytes_of(bytes, 32)), 0x62a8ab43);
	for (int i = 0; i < 32; i++)
		bytes[i] = (char)i;
	assert_int_equal(crc32c_add(0, bytes_of(bytes, 32)), 0x46dd794e);
}

static void
test_crc32c_is_its_definition(void **state)
{
	struct random r = random_begin();

	for (int i = 0; i < 2000; i++) {
		const struct str s = random_bytes(&r, *state, 300);
		const size_t cut = random_below(&r, s.n + 1);
		const uint32_t first = crc32c_add(0, str_slice(s, 0, cut));

		assert_int_equal(crc32c_add(0, s), by_definition(s));
		assert_int_equal(crc32c_add(first, str_slice(s, cut, s.n)),
		    by_definition(s));
		arena_reset(*state);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_crc32c_vectors),
		TEST(test_crc32c_is_its_definition),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
