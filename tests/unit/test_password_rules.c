/* password_rules: what may be a password, and what is said of what may not. */
#include "codec/password_rules.h"
#include "testing.h"

#include <string.h>

#define TEN "\xc3\xa9t\xc3\xa9 \xf0\x9f\x93\x9e gris" /* 10 characters */

static const struct row {
	const char *what;
	const char *password;
	const char *want; /* part of what is said; NULL: nothing */
} rows[] = {
	{ "words", "correct horse battery", NULL },
	{ "ten letters", "abcdefghix", NULL },
	{ "nothing", "", "10 characters or more" },
	{ "nine letters", "abcdefghi", "10 characters or more" },
	{ "characters, not bytes", TEN, NULL },
	{ "one of them less", "\xc3\xa9t\xc3\xa9 \xf0\x9f\x93\x9e gri",
	    "10 characters or more" },
	{ "blanks count", "a b c d e ", NULL },
	{ "the name", "anna.smith@example.com", "must not be the name" },
	{ "the name in capitals", "Anna.Smith@Example.COM",
	    "must not be the name" },
	{ "the name and more", "anna.smith@example.com!", NULL },
	{ "a common one", "password123", "tried first" },
	{ "a common one in capitals", "PassWord123", "tried first" },
	{ "a row of digits", "1234567890", "tried first" },
	{ "one character", "aaaaaaaaaaaa", "tried first" },
	{ "one character of three bytes",
	    "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
	    "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac",
	    "tried first" },
	{ "nearly one character", "aaaaaaaaaaab", NULL },
	{ "no UTF-8", "abcdefghij\xff", "no text in UTF-8" },
};

static void
test_password_rules_check(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *const said = password_rules_check(
		    str_of(rows[i].password), STR("anna.smith@example.com"));

		print_message("  %s\n", rows[i].what);
		if (rows[i].want == NULL)
			assert_null(said);
		else
			assert_true(
			    said != NULL && strstr(said, rows[i].want) != NULL);
	}
}

/* At every length around the limits, whatever the characters' bytes are. */
static void
test_password_rules_lengths(void **state)
{
	static const char *const characters[] = { "ab", "\xc3\xa9\xc3\xa8",
		"\xf0\x9f\x93\x9e\xf0\x9f\x93\x9f" };

	for (size_t c = 0; c < ARRAY_LEN(characters); c++) {
		const struct str two = str_of(characters[c]);
		struct str password = STR("");

		for (int n = 2; n <= 2 * PASSWORD_MAX_CHARACTERS; n += 2) {
			password = str_format(*state, "%.*s%.*s",
			    STR_ARG(password), STR_ARG(two));
			assert_int_equal(
			    password_rules_check(password, STR("x")) == NULL,
			    n >= PASSWORD_MIN_CHARACTERS &&
				n <= PASSWORD_MAX_CHARACTERS);
		}
		arena_reset(*state);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_password_rules_check),
		TEST(test_password_rules_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
