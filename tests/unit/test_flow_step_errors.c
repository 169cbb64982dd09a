/* flow_parse: what is wrong with a step, with its place and mend. */
#include "flow_error_rows.h"

#define LONG_SAY                                                               \
	"'say': '"                                                             \
	"{line}{line}{line}{line}{line}{line}{line}{line}{line}{line}"         \
	"{line}{line}{line}{line}{line}{line}{line}{line}{line}{line}'"

static const struct error_row steps[] = {
	{ "no kind", STEPS("'s': {}"), "steps.s",
	    "must hold exactly one of menu, forward and voicemail" },
	{ "two kinds", STEPS("'s': { 'menu': {}, 'voicemail': {} }"), "steps.s",
	    "must hold exactly one" },
	{ "an unknown kind", STEPS("'s': { 'queue': {} }"), "steps.s",
	    "must hold exactly one" },
	{ "a step that is a list", STEPS("'s': ['menu']"), "steps.s",
	    "must hold exactly one" },
	{ "a kind that is a word", STEPS("'s': { 'menu': 'x' }"),
	    "steps.s.menu", "write an object with the step's members" },
};

static const struct error_row menus[] = {
	{ "nothing said",
	    STEPS("'m': { 'menu': { 'keys': { '1': 'v' }, "
		  "'otherwise': 'v' } }"),
	    "steps.m.menu.say", "is missing; add a string" },
	{ "an unknown placeholder",
	    STEPS("'m': { 'menu': { 'say': 'Hi {name}.', "
		  "'keys': { '1': 'v' }, 'otherwise': 'v' } }"),
	    "steps.m.menu.say",
	    "{name} is no placeholder; there are {line} and {caller}" },
	{ "an unknown placeholder behind known ones",
	    STEPS("'m': { 'menu': { 'say': '{line}{caller}{Line}', "
		  "'keys': { '1': 'v' }, 'otherwise': 'v' } }"),
	    "steps.m.menu.say", "{Line} is no placeholder" },
	{ "no keys", STEPS("'m': { 'menu': { 'say': 'x', 'otherwise': 'v' } }"),
	    "steps.m.menu.keys", "is missing; add { \"1\": \"office\" }" },
	{ "keys that are a list",
	    STEPS("'m': { 'menu': { 'say': 'x', 'keys': ['v'], "
		  "'otherwise': 'v' } }"),
	    "steps.m.menu.keys", "is an array; write { \"1\"" },
	{ "no key",
	    STEPS("'m': { 'menu': { 'say': 'x', 'keys': {}, "
		  "'otherwise': 'v' } }"),
	    "steps.m.menu.keys", "has 0 keys; it needs 1 to 12" },
	{ "a key of two characters",
	    STEPS("'m': { 'menu': { 'say': 'x', 'keys': { '12': 'v' }, "
		  "'otherwise': 'v' } }"),
	    "steps.m.menu.keys.12", "write one of 0 to 9, * and #" },
	{ "a letter",
	    STEPS("'m': { 'menu': { 'say': 'x', 'keys': { 'a': 'v' }, "
		  "'otherwise': 'v' } }"),
	    "steps.m.menu.keys.a", "is not a key of a phone" },
	{ "an empty key",
	    STEPS("'m': { 'menu': { 'say': 'x', 'keys': { '': 'v' }, "
		  "'otherwise': 'v' } }"),
	    "steps.m.menu.keys.", "is not a key of a phone" },
	{ "a key that leads nowhere",
	    STEPS("'m': { 'menu': { 'say': 'x', 'keys': { '1': 'w' }, "
		  "'otherwise': 'v' } }"),
	    "steps.m.menu.keys.1",
	    "no step is named \"w\"; the steps are: v, m" },
	{ "a key that leads to a number",
	    STEPS("'m': { 'menu': { 'say': 'x', 'keys': { '1': 1 }, "
		  "'otherwise': 'v' } }"),
	    "steps.m.menu.keys.1", "is a number; write a step's name" },
	{ "thirteen keys",
	    STEPS("'m': { 'menu': { 'say': 'x', 'keys': { '0': 'v', '1': 'v', "
		  "'2': 'v', '3': 'v', '4': 'v', '5': 'v', '6': 'v', "
		  "'7': 'v', '8': 'v', '9': 'v', '*': 'v', '#': 'v', "
		  "'+': 'v' }, 'otherwise': 'v' } }"),
	    "steps.m.menu.keys", "has 13 keys" },
	{ "no otherwise",
	    STEPS("'m': { 'menu': { 'say': 'x', 'keys': { '1': 'v' } } }"),
	    "steps.m.menu.otherwise", "is missing; add a string" },
	{ "a timeout of 0", MENU("'timeout_s': 0"), "steps.m.menu.timeout_s",
	    "must be a whole number from 1 to 60" },
	{ "a timeout of 61", MENU("'timeout_s': 61"), "steps.m.menu.timeout_s",
	    "from 1 to 60" },
	{ "half a second", MENU("'timeout_s': 1.5"), "steps.m.menu.timeout_s",
	    "must be a whole number" },
	{ "a number in quotes", MENU("'timeout_s': '6'"),
	    "steps.m.menu.timeout_s", "from 1 to 60, without quotes" },
	{ "no tries", MENU("'tries': 0"), "steps.m.menu.tries",
	    "from 1 to 10" },
	{ "eleven tries", MENU("'tries': 11"), "steps.m.menu.tries",
	    "from 1 to 10" },
	{ "more tries than a number can hold", MENU("'tries': 1e999"),
	    "steps.m.menu.tries", "from 1 to 10" },
	{ "an unknown member", MENU("'loop': 1"), "steps.m.menu.loop",
	    "write one of: say, keys, timeout_s, tries, otherwise" },
};

static const struct error_row forwards[] = {
	{ "no phones", FORWARD("'ring_s': 25"), "steps.f.forward.to",
	    "must be a list of 1 to 10 phones, like [\"reception\"]" },
	{ "an empty list", FORWARD("'to': []"), "steps.f.forward.to",
	    "must be a list" },
	{ "eleven phones",
	    FORWARD("'to': ['p','p','p','p','p','p','p','p','p','p','p']"),
	    "steps.f.forward.to", "must be a list of 1 to 10" },
	{ "a phone for the list", FORWARD("'to': 'p'"), "steps.f.forward.to",
	    "must be a list" },
	{ "a phone that is none", FORWARD("'to': ['p', 'q']"),
	    "steps.f.forward.to[1]",
	    "no phone is named \"q\"; the phones are: p" },
	{ "a number for a phone", FORWARD("'to': [15550100777]"),
	    "steps.f.forward.to[0]", "no phone is named" },
	{ "a ring of 4 s", FORWARD("'to': ['p'], 'ring_s': 4"),
	    "steps.f.forward.ring_s", "from 5 to 600" },
	{ "a ring of 601 s", FORWARD("'to': ['p'], 'ring_s': 601"),
	    "steps.f.forward.ring_s", "from 5 to 600" },
	{ "a talk of 59 s", FORWARD("'to': ['p'], 'max_s': 59"),
	    "steps.f.forward.max_s", "from 60 to 14400" },
	{ "a talk of over four hours", FORWARD("'to': ['p'], 'max_s': 14401"),
	    "steps.f.forward.max_s", "from 60 to 14400" },
	{ "a word for true", FORWARD("'to': ['p'], 'in_turn': 'yes'"),
	    "steps.f.forward.in_turn", "is a string; write true or false" },
	{ "a caller id of one's own",
	    FORWARD("'to': ['p'], 'caller_id': '+15550100001'"),
	    "steps.f.forward.caller_id", "must be \"caller\"" },
	{ "a caller id that is none", FORWARD("'to': ['p'], 'caller_id': 1"),
	    "steps.f.forward.caller_id", "is a number; write a string" },
	{ "accept as a word", FORWARD("'to': ['p'], 'accept': 'yes'"),
	    "steps.f.forward.accept", "write false, or { \"say\"" },
	{ "accept with an unknown member",
	    FORWARD("'to': ['p'], 'accept': { 'key': '1' }"),
	    "steps.f.forward.accept.key", "write one of: say" },
	{ "accept with an unknown placeholder",
	    FORWARD("'to': ['p'], 'accept': { 'say': '{who}' }"),
	    "steps.f.forward.accept.say", "{who} is no placeholder" },
	{ "no otherwise", STEPS("'f': { 'forward': { 'to': ['p'] } }"),
	    "steps.f.forward.otherwise", "is missing" },
	{ "an unknown member", FORWARD("'to': ['p'], 'timeout_s': 5"),
	    "steps.f.forward.timeout_s", "write one of: to, ring_s, max_s" },
};

static const struct error_row voicemails[] = {
	{ "nothing said", STEPS("'x': { 'voicemail': {} }"),
	    "steps.x.voicemail.say", "is missing" },
	{ "an empty text", STEPS("'x': { 'voicemail': { 'say': '\\t ' } }"),
	    "steps.x.voicemail.say", "is empty; write some text" },
	{ "thanks that are none", VOICEMAIL("'thanks': false"),
	    "steps.x.voicemail.thanks", "is true or false; write a string" },
	{ "thanks with an unknown placeholder", VOICEMAIL("'thanks': '{}'"),
	    "steps.x.voicemail.thanks", "{} is no placeholder" },
	{ "at most 4 s", VOICEMAIL("'max_s': 4"), "steps.x.voicemail.max_s",
	    "from 5 to 3600" },
	{ "over an hour", VOICEMAIL("'max_s': 3601"), "steps.x.voicemail.max_s",
	    "from 5 to 3600" },
	{ "less than nothing", VOICEMAIL("'min_s': -1"),
	    "steps.x.voicemail.min_s", "from 0 to 60" },
	{ "a minimum of 61 s", VOICEMAIL("'min_s': 61"),
	    "steps.x.voicemail.min_s", "from 0 to 60" },
	{ "a silence of 61 s", VOICEMAIL("'silence_s': 61"),
	    "steps.x.voicemail.silence_s", "from 0 to 60" },
	{ "transcribe as a number", VOICEMAIL("'transcribe': 1"),
	    "steps.x.voicemail.transcribe",
	    "is a number; write true or false" },
	{ "an unknown member", VOICEMAIL("'beep': true"),
	    "steps.x.voicemail.beep", "write one of: say, thanks, max_s" },
};

static void
test_flow_errors_of_steps(void **state)
{
	check_error_rows(*state, steps, ARRAY_LEN(steps));
}

static void
test_flow_errors_of_menus(void **state)
{
	check_error_rows(*state, menus, ARRAY_LEN(menus));
}

static void
test_flow_errors_of_forwards(void **state)
{
	check_error_rows(*state, forwards, ARRAY_LEN(forwards));
}

static void
test_flow_errors_of_voicemails(void **state)
{
	check_error_rows(*state, voicemails, ARRAY_LEN(voicemails));
}

/* A text has FLOW_SAY_MAX bytes at most, placeholders as they are written. */
static void
test_flow_errors_of_long_texts(void **state)
{
	const struct str document = str_format(
	    *state, VOICEMAIL("'thanks': '%0*d'"), FLOW_SAY_MAX + 1, 0);
	struct flow_errors errors;
	const struct flow *flow;

	assert_err(
	    flow_parse(*state, quoted(*state, document.p), 7, &errors, &flow),
	    ERR_INPUT);
	assert_text(errors.list[0].path, "steps.x.voicemail.thanks");
	assert_text(
	    errors.list[0].text, "has 3001 bytes; shorten it to at most 3000");
	(void)flow_of_text(
	    *state, STEPS("'x': { 'voicemail': { " LONG_SAY " } }"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_flow_errors_of_steps),
		TEST(test_flow_errors_of_menus),
		TEST(test_flow_errors_of_forwards),
		TEST(test_flow_errors_of_voicemails),
		TEST(test_flow_errors_of_long_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
