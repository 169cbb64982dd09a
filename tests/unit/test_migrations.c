/* migrations: the files of migrations/, whole, in order and without gaps. */
#include "store/migrate.h"
#include "testing.h"

#include <stdlib.h>
#include <string.h>

static void
test_migrations(void **state)
{
	assert_true(n_migrations > 0);
	for (size_t i = 0; i < n_migrations; i++) {
		const struct migration *const m = &migrations[i];
		const struct str path =
		    str_format(*state, "../migrations/%s", m->name);

		print_message("  %s\n", m->name);
		assert_int_equal(m->version, i + 1);
		assert_int_equal(strtol(m->name, NULL, 10), m->version);
		assert_str(str_of(m->sql), testing_file(*state, path.p));
		arena_reset(*state);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_migrations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
