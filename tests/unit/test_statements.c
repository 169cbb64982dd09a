/* statements: what can be told of the SQL without a database. */
#include "store/statements.h"
#include "testing.h"

#include <stdlib.h>
#include <string.h>

/* The highest "$n" in it. */
static int
highest_parameter(const char *sql)
{
	long highest = 0;

	while ((sql = strchr(sql, '$')) != NULL) {
		const long n = strtol(++sql, NULL, 10);

		highest = n > highest ? n : highest;
	}
	return (int)highest;
}

static void
test_statements(void **state)
{
	(void)state;
	for (int i = 0; i < STMT__MAX; i++) {
		const struct pg_statement *const s = stmt((enum stmt)i);

		assert_non_null(s->sql);
		if (highest_parameter(s->sql) != s->n_params)
			fail_msg("%d parameters: %s", s->n_params, s->sql);
		assert_true(s->n_params <= PG_MAX_PARAMS);
		for (int k = 0; k < i; k++) {
			const struct pg_statement *const other =
			    stmt((enum stmt)k);

			assert_ptr_not_equal(s, other);
			if (s->name != NULL && other->name != NULL)
				assert_string_not_equal(s->name, other->name);
		}
	}
	assert_true(STMT__MAX <= PG_MAX_STATEMENTS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_statements),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
