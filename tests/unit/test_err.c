/* err: every value has a name of its own. */
#include "testing.h"

#include <string.h>

static void
test_err_name(void **state)
{
	(void)state;
	for (int i = 0; i < ERR__MAX; i++) {
		const char *const name = err_name((enum err)i);

		assert_non_null(name);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(name, err_name((enum err)k));
	}
	assert_string_equal(err_name(ERR_OK), "ok");
	assert_string_equal(err_name(ERR_BUSY), "busy");
	assert_string_equal(err_name(ERR__MAX), "bug");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_err_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
