/* tokens: scopes, written and read. */
#include "store/tokens.h"
#include "testing.h"

#define ALL                                                                    \
	(SCOPE_READ | SCOPE_AUDIO | SCOPE_MARK | SCOPE_METRICS | SCOPE_FEED |  \
	    SCOPE_ADMIN)

static const struct row {
	const char *list;
	unsigned int want; /* 0: refused */
} rows[] = {
	{ "read", SCOPE_READ },
	{ "read,audio", SCOPE_READ | SCOPE_AUDIO },
	{ "audio, read ,audio", SCOPE_READ | SCOPE_AUDIO },
	{ "metrics,admin", SCOPE_METRICS | SCOPE_ADMIN },
	{ "feed,mark", SCOPE_MARK | SCOPE_FEED },
	{ "", 0 },
	{ "read,", 0 },
	{ ",read", 0 },
	{ "Read", 0 },
	{ "write", 0 },
	{ "read audio", 0 },
};

static void
test_scopes_parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		unsigned int scopes = 0;

		print_message("  \"%s\"\n", rows[i].list);
		assert_err(scopes_parse(str_of(rows[i].list), &scopes),
		    rows[i].want == 0 ? ERR_INPUT : ERR_OK);
		assert_int_equal(scopes, rows[i].want);
	}
	assert_err(scopes_parse(STR_ABSENT, &(unsigned int){ 0 }), ERR_INPUT);
}

static void
test_scopes_round_trip(void **state)
{
	for (unsigned int scopes = 1; scopes <= ALL; scopes++) {
		const struct str list = scopes_print(*state, scopes);
		unsigned int back;

		assert_err(scopes_parse(list, &back), ERR_OK);
		assert_int_equal(back, scopes);
	}
	assert_text(
	    scopes_print(*state, ALL), "read,audio,mark,metrics,feed,admin");
	assert_str(scopes_print(*state, 0), STR(""));
}

/* Who is an administrator may do all; everybody else what they were given. */
static void
test_scopes_allow(void **state)
{
	static const enum scope each[] = { SCOPE_READ, SCOPE_AUDIO, SCOPE_MARK,
		SCOPE_METRICS, SCOPE_FEED, SCOPE_ADMIN };

	(void)state;
	for (unsigned int scopes = 0; scopes <= ALL; scopes++) {
		for (size_t i = 0; i < ARRAY_LEN(each); i++) {
			const bool own = (scopes & (unsigned int)each[i]) != 0;
			const bool admin = (scopes & SCOPE_ADMIN) != 0;

			assert_int_equal(
			    scopes_allow(scopes, each[i]), own || admin);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_scopes_parse),
		TEST(test_scopes_round_trip),
		TEST(test_scopes_allow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
