/* uuid: the form of RFC 9562, the same for the same text. */
#include "codec/uuid.h"
#include "testing.h"

#include <string.h>

static void
test_uuid_urn(void **state)
{
	struct random r = random_begin();

	/* printf abc | sha256sum: ba7816bf 8f01cfea 414140de 5dae2223 ... */
	assert_text(uuid_urn(*state, STR("abc")),
	    "urn:uuid:ba7816bf-8f01-8fea-8141-40de5dae2223");
	for (int i = 0; i < 2000; i++) {
		const struct str text = random_bytes(&r, *state, 40);
		const struct str urn = uuid_urn(*state, text);

		assert_int_equal(urn.n, strlen("urn:uuid:") + 36);
		assert_int_equal(urn.p[9 + 14], '8');
		assert_non_null(strchr("89ab", urn.p[9 + 19]));
		assert_str(uuid_urn(*state, text), urn);
		assert_false(
		    str_eq(uuid_urn(*state,
			       str_format(*state, "%.*sx", STR_ARG(text))),
			urn));
		arena_reset(*state);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_uuid_urn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
