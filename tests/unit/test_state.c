/* state: what a URL of ours says is read back, and nonsense counts as absent. */
#include "testing.h"
#include "twilio/state.h"

#include <string.h>

#define SID "CA0123456789abcdef0123456789abcdef"

static struct state
parse(struct arena *arena, struct str url)
{
	struct form query;

	(void)str_split(&url, '?');
	assert_err(form_parse(arena, url, 64, &query), ERR_OK);
	return state_parse(arena, &query);
}

static void
assert_state(const struct state *got, const struct state *want)
{
	assert_str(got->line, want->line);
	assert_str(got->call_sid, want->call_sid);
	assert_int_equal(got->version, want->version);
	assert_str(got->step, want->step);
	assert_str(got->phone, want->phone);
	assert_str(got->caller, want->caller);
	assert_int_equal(got->try, want->try);
	assert_int_equal(got->n, want->n);
}

static void
test_state_url(void **state)
{
	const struct state full = { STR_INIT("+15550100001"), STR_INIT(SID), 7,
		STR_INIT("wel-come"), STR_INIT("reception"),
		STR_INIT("+15550100009"), 2, 3 };
	const struct state bare = { .version = -1, .try = 1 };

	assert_text(state_url(*state, EVENT_SCREEN_KEY, &full),
	    "/twilio/screen-key?line=%2B15550100001&call=" SID
	    "&v=7&step=wel-come&phone=reception&caller=%2B15550100009"
	    "&try=2&n=3");
	assert_text(state_url(*state, EVENT_MENU, &bare), "/twilio/menu");
}

static const struct row {
	const char *name;
	const char *query;
	struct state want;
} rows[] = {
	{ "nothing", "", { .version = -1, .try = 1 } },
	{ "an unescaped plus", "line=+15550100001",
	    { .line = STR_INIT("+15550100001"), .version = -1, .try = 1 } },
	{ "a SIP line", "line=sip%3Aa%40b.example",
	    { .line = STR_INIT("sip:a@b.example"), .version = -1, .try = 1 } },
	{ "empty values", "line=&call=&v=&step=&phone=&caller=&try=&n=",
	    { .version = -1, .try = 1 } },
	{ "a SID that is none", "call=CA123", { .version = -1, .try = 1 } },
	{ "another kind of SID", "call=RE0123456789abcdef0123456789abcdef",
	    { .version = -1, .try = 1 } },
	{ "the compiled-in version", "v=0", { .version = 0, .try = 1 } },
	{ "a version too large", "v=2000000001", { .version = -1, .try = 1 } },
	{ "negative numbers", "v=-1&try=-1&n=-1", { .version = -1, .try = 1 } },
	{ "numbers too large", "try=101&n=10000", { .version = -1, .try = 1 } },
	{ "the largest numbers", "try=100&n=9999",
	    { .version = -1, .try = 100, .n = 9999 } },
	{ "a try below the first", "try=0", { .version = -1, .try = 1 } },
	{ "words for numbers", "v=x&try=y&n=z", { .version = -1, .try = 1 } },
	{ "no UTF-8", "step=%ff&phone=%c3", { .version = -1, .try = 1 } },
	{ "NUL", "step=a%00b&line=%00", { .version = -1, .try = 1 } },
	{ "the first of two", "n=2&n=3", { .version = -1, .try = 1, .n = 2 } },
	{ "what is not ours", "a=1&Digits=5", { .version = -1, .try = 1 } },
};

static void
test_state_parse(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct state got = parse(*state,
		    str_format(*state, "/twilio/menu?%s", rows[i].query));

		print_message("  %s\n", rows[i].name);
		assert_state(&got, &rows[i].want);
	}
}

static void
test_state_parse_limits_words(void **state)
{
	for (int n = 1; n < 400; n++) {
		const struct state got = parse(
		    *state, str_format(*state, "/twilio/menu?step=%0*d", n, 7));

		assert_int_equal(got.step.p != NULL, n <= STATE_WORD_MAX_BYTES);
		if (got.step.p != NULL)
			assert_int_equal(got.step.n, n);
	}
}

static struct str
random_word(struct random *r, struct arena *arena)
{
	const struct str s =
	    random_text(r, arena, 40, "abz09_-+@:.&=%# \xc3\xa9/?");

	if (s.n == 0 || s.p[0] == ' ' || strchr("\xc3\xa9", s.p[0]) != NULL)
		return STR_ABSENT;
	return s;
}

/* Only what can stand in a URL of ours; the rest is absent to begin with. */
static struct str
only_utf8(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] >= 0x80)
			return STR_ABSENT;
	}
	return s;
}

static void
test_state_round_trip(void **state)
{
	struct random r = random_begin();

	for (int i = 0; i < 5000; i++) {
		const struct state want = {
			.line = only_utf8(random_word(&r, *state)),
			.call_sid =
			    random_below(&r, 2) == 0 ? STR(SID) : STR_ABSENT,
			.version = (int)random_below(
				       &r, STATE_VERSION_MAX + UINT64_C(2)) -
			    1,
			.step = only_utf8(random_word(&r, *state)),
			.phone = only_utf8(random_word(&r, *state)),
			.caller = only_utf8(random_word(&r, *state)),
			.try = 1 + (int)random_below(&r, 100),
			.n = (int)random_below(&r, STATE_N_MAX + 1),
		};
		const enum event_kind kind =
		    (enum event_kind)random_below(&r, EVENT__MAX);
		const struct str url = state_url(*state, kind, &want);
		const struct state got = parse(*state, url);

		assert_true(str_starts(url, str_of(event_kind_path(kind))));
		assert_state(&got, &want);
		arena_reset(*state);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_state_url),
		TEST(test_state_parse),
		TEST(test_state_parse_limits_words),
		TEST(test_state_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
