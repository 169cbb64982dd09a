/* cookie: one out of what a browser sends. */
#include "base/str.h"
#include "codec/cookie.h"
#include "testing.h"

static const struct row {
	const char *name, *header, *want;
} rows[] = {
	{ "alone", "a=1", "1" },
	{ "among others", "x=2; a=1; y=3", "1" },
	{ "without a blank", "x=2;a=1", "1" },
	{ "the first of two", "a=1; a=2", "1" },
	{ "an empty one", "a=", "" },
	{ "with = in its value", "a=b=c", "b=c" },
	{ "not there", "x=2", NULL },
	{ "the end of another's name", "xa=1", NULL },
	{ "the beginning of another's name", "ab=1", NULL },
	{ "in another's value", "x=a=1", NULL },
	{ "a name alone", "a", NULL },
	{ "nothing", "", NULL },
	{ "separators alone", ";;=;", NULL },
};

static void
test_cookie_get(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct str got =
		    cookie_get(str_of(rows[i].header), STR("a"));

		print_message("  %s\n", rows[i].name);
		assert_int_equal(got.p != NULL, rows[i].want != NULL);
		if (rows[i].want != NULL)
			assert_text(got, rows[i].want);
	}
	assert_null(cookie_get(STR_ABSENT, STR("a")).p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_cookie_get),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
