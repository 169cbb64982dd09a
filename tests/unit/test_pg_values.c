/* pg: parameters in, columns out. */
#include "io/pg.h"
#include "testing.h"

static void
test_pg_columns(void **state)
{
	struct str values[] = { STR("text"), STR("-42"), STR("t"), STR_ABSENT,
		STR("f"), STR("9223372036854775807"), STR("\\x00ffaB"),
		STR("") };
	const struct pg_rows rows = { .n = 2, .columns = 4, .values = values };

	assert_text(pg_str(&rows, 0, 0), "text");
	assert_absent(pg_str(&rows, 0, 3));
	assert_str(pg_str(&rows, 1, 3), STR(""));
	assert_absent(pg_str(&rows, 2, 0));
	assert_absent(pg_str(&rows, 0, 4));

	assert_int_equal(pg_int(&rows, 0, 1, 7), -42);
	assert_int_equal(pg_int(&rows, 0, 3, 7), 7);
	assert_int_equal(pg_int(&rows, 5, 0, -1), -1);
	assert_int_equal(pg_int(&rows, 1, 1, 0), INT64_MAX);

	assert_true(pg_bool(&rows, 0, 2));
	assert_false(pg_bool(&rows, 1, 0));
	assert_false(pg_bool(&rows, 0, 3));
	assert_false(pg_bool(&rows, 9, 9));

	assert_str(pg_bytes(*state, &rows, 1, 2), STR("\0\xff\xab"));
	assert_absent(pg_bytes(*state, &rows, 0, 0));
	assert_absent(pg_bytes(*state, &rows, 0, 3));
}

static void
test_pg_bytes_of_nothing(void **state)
{
	struct str values[] = { STR("\\x"), STR("\\x0"), STR("\\xzz") };
	const struct pg_rows rows = { .n = 3, .columns = 1, .values = values };

	assert_str(pg_bytes(*state, &rows, 0, 0), STR(""));
	assert_absent(pg_bytes(*state, &rows, 1, 0));
	assert_absent(pg_bytes(*state, &rows, 2, 0));
}

static void
test_pg_params(void **state)
{
	assert_text(pg_text(STR("a")).value, "a");
	assert_false(pg_text(STR("a")).binary);
	assert_absent(pg_text(STR_ABSENT).value);
	assert_true(pg_bytea(STR("a\0")).binary);
	assert_int_equal(pg_bytea(STR("a\0")).value.n, 2);
	assert_text(pg_number(*state, INT64_MIN).value, "-9223372036854775808");
	assert_text(pg_number_or_null(*state, 5, -1).value, "5");
	assert_absent(pg_number_or_null(*state, -1, -1).value);
	assert_text(pg_time(*state, INT64_C(1795338000123456)).value,
	    "2026-11-22T09:00:00.123456Z");
	assert_absent(pg_time(*state, -1).value);
	assert_absent(pg_time(*state, INT64_MIN).value);
	assert_text(pg_flag(true).value, "t");
	assert_absent(pg_flag(false).value);
}

static void
test_pg_texts(void **state)
{
	const struct str odd[] = { STR("a"), STR_ABSENT, STR(""), STR("NULL"),
		STR("{,} \"\\") };

	assert_text(pg_texts(*state, NULL, 0).value, "{}");
	assert_text(pg_texts(*state, odd, ARRAY_LEN(odd)).value,
	    "{\"a\",NULL,\"\",\"NULL\",\"{,} \\\"\\\\\"}");
}

static void
test_pg_library_version(void **state)
{
	(void)state;
	assert_true(pg_library_version() >= 150000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_pg_columns),
		TEST(test_pg_bytes_of_nothing),
		TEST(test_pg_params),
		TEST(test_pg_texts),
		TEST(test_pg_library_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
