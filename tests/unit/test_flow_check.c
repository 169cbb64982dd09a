/* flow_parse: what only the whole flow can tell: circles and transcripts. */
#include "flow_error_rows.h"

#define M(name, key, otherwise)                                                \
	"'" name "': { 'menu': { 'say': 'x', 'keys': { '1': '" key "' }, "     \
	"'otherwise': '" otherwise "' } }"
#define F(name, otherwise)                                                     \
	"'" name "': { 'forward': { 'to': ['p'], 'otherwise': '" otherwise     \
	"' } }"

static const struct error_row circles[] = {
	{ "a menu that goes on to itself", STEPS(M("m", "v", "m")),
	    "steps.m.menu.otherwise",
	    "goes round for ever; let one of these steps go on to a voicemail" },
	{ "a forward that goes on to itself", STEPS(F("f", "f")),
	    "steps.f.forward.otherwise", "goes round for ever" },
	{ "two steps in a circle", STEPS(M("m", "v", "f") ", " F("f", "m")),
	    "steps.m.menu.otherwise", "goes round for ever" },
	{ "a way into a circle",
	    STEPS(M("a", "v", "b") ", " M("b", "v", "c") ", " F("c", "b")),
	    "steps.a.menu.otherwise", "goes round for ever" },
};

static void
test_flow_check_circles(void **state)
{
	check_error_rows(*state, circles, ARRAY_LEN(circles));
}

static const char *const ways_that_end[] = {
	/* By a key a caller may go round as often as they like. */
	STEPS(M("m", "m", "v")),
	STEPS(M("a", "b", "v") ", " M("b", "a", "v")),
	/* The longest way there is. */
	STEPS(F("a", "b") ", " F("b", "c") ", " F("c", "d") ", " F("d", "v")),
};

static void
test_flow_check_ways_that_end(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(ways_that_end); i++)
		(void)flow_of_text(*state, ways_that_end[i]);
}

#define TRANSCRIBE(voice, max_s)                                               \
	"{ " ANY_LINE ", " voice "'steps': { 'v': { 'voicemail': { "           \
	"'say': 'x', 'max_s': " max_s ", 'transcribe': true } } } }"

static const struct error_row transcripts[] = {
	{ "messages that may be too long for Twilio", TRANSCRIBE("", "120"),
	    "steps.v.voicemail.transcribe",
	    "set max_s to at most 119, or transcribe to false" },
	{ "prompts in another language",
	    TRANSCRIBE("'voice': { 'name': 'Polly.Hans', "
		       "'language': 'de-DE' }, ",
		"60"),
	    "steps.v.voicemail.transcribe",
	    "the voice's language is de-DE, so set transcribe to false" },
};

static void
test_flow_check_transcribe(void **state)
{
	check_error_rows(*state, transcripts, ARRAY_LEN(transcripts));
	(void)flow_of_text(*state, TRANSCRIBE("", "119"));
	(void)flow_of_text(*state,
	    TRANSCRIBE("'voice': { 'name': 'Polly.Amy', "
		       "'language': 'en-GB' }, ",
		"119"));
}

/* Both are told, for each step. */
static void
test_flow_check_tells_all(void **state)
{
	struct flow_errors errors;
	const struct flow *flow;

	assert_err(flow_parse(*state,
		       quoted(*state,
			   TRANSCRIBE("'voice': { 'name': 'Polly.Hans', "
				      "'language': 'de-DE' }, ",
			       "180")),
		       7, &errors, &flow),
	    ERR_INPUT);
	assert_int_equal(errors.n, 2);
	assert_err(flow_parse(*state,
		       quoted(*state, STEPS(M("m", "v", "f") ", " F("f", "m"))),
		       7, &errors, &flow),
	    ERR_INPUT);
	assert_int_equal(errors.n, 2);
	assert_text(errors.list[1].path, "steps.f.forward.otherwise");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_flow_check_circles),
		TEST(test_flow_check_ways_that_end),
		TEST(test_flow_check_transcribe),
		TEST(test_flow_check_tells_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
