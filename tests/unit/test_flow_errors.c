/* flow_parse: what is wrong outside the steps, each with its place and mend. */
#include "flow_error_rows.h"

#include <string.h>

#define PHONE(members)                                                         \
	"{ " ANY_LINE ", 'phones': { 'p': " members " }, 'steps': { " V " } }"
#define LINE(line) "{ 'lines': { " line " }, 'steps': { " V " } }"
#define VOICE(voice) "{ " ANY_LINE ", 'voice': " voice ", 'steps': { " V " } }"

static const struct error_row documents[] = {
	{ "no JSON", "{ lines", "", "line 1, column " },
	{ "JSON that is no object", "[]", "",
	    "is an array; write an object with lines and steps" },
	{ "nothing in it", "{}", "steps", "is missing; add {" },
	{ "no lines", "{ 'steps': { " V " } }", "lines",
	    "is missing; add { \"+15550100001\"" },
	{ "steps that are none", "{ " ANY_LINE ", 'steps': [] }", "steps",
	    "is an array; write {" },
	{ "no step", "{ " ANY_LINE ", 'steps': {} }", "steps",
	    "has 0 members; it needs 1 to 200" },
	{ "an unknown member", "{ " ANY_LINE ", 'steps': { " V " }, 'x': 1 }",
	    "x", "remove it, or write one of: lines, phones, voice, steps" },
	{ "the same key twice",
	    "{ " ANY_LINE ", " ANY_LINE ", 'steps': { " V " } }", "",
	    "has the key \"lines\" twice" },
	{ "a step's name with a blank",
	    "{ " ANY_LINE ", 'steps': { " V
	    ", 'a b': { 'voicemail': { 'say': 'x' } } } }",
	    "steps.a b", "is not a name; use 1 to 64 of a-z A-Z 0-9 _ -" },
	{ "a step without a name",
	    "{ " ANY_LINE ", 'steps': { " V
	    ", '': { 'voicemail': { 'say': 'x' } } } }",
	    "steps.", "is not a name" },
	{ "a step's name of 65 bytes",
	    "{ " ANY_LINE ", 'steps': { " V
	    ", 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaa': { 'voicemail': { 'say': 'x' } } } }",
	    "steps.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaa",
	    "is not a name" },
};

static const struct error_row lines[] = {
	{ "a phone that is the line itself",
	    "{ 'lines': { '+15550100001': { 'entry': 'v' } }, "
	    "'phones': { 'me': { 'number': '+15550100001' } }, "
	    "'steps': { " V " } }",
	    "phones.me.number", "write the colleague's own number" },
	{ "a number without plus", LINE("'15550100001': { 'entry': 'v' }"),
	    "lines.15550100001", "write it like +15550100001, or \"*\"" },
	{ "a line that is none", LINE("'*': 'v'"), "lines.*",
	    "is a string; write { \"entry\": \"welcome\" }" },
	{ "no entry", LINE("'*': {}"), "lines.*.entry",
	    "is missing; add a string" },
	{ "an entry that is no string", LINE("'*': { 'entry': 1 }"),
	    "lines.*.entry", "is a number; write a string" },
	{ "an entry that is no step", LINE("'*': { 'entry': 'w' }"),
	    "lines.*.entry", "no step is named \"w\"; the steps are: v" },
	{ "an unknown member", LINE("'*': { 'entry': 'v', 'x': 1 }"),
	    "lines.*.x", "write one of: name, entry, notify, anonymous" },
	{ "an answer to nobody that is none",
	    LINE("'*': { 'entry': 'v', 'anonymous': 'block' }"),
	    "lines.*.anonymous", "must be \"answer\" or \"reject\"" },
	{ "the same as a switch",
	    LINE("'*': { 'entry': 'v', 'anonymous': true }"),
	    "lines.*.anonymous", "is true or false; write a string" },
	{ "an empty name", LINE("'*': { 'entry': 'v', 'name': ' ' }"),
	    "lines.*.name", "is empty; write some text, or remove it" },
	{ "a name too long",
	    LINE("'*': { 'entry': 'v', 'name': 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' }"),
	    "lines.*.name", "has 65 bytes; shorten it to at most 64" },
	{ "no line at all", LINE(""), "lines",
	    "has 0 members; it needs 1 to 200" },
};

#define NOTIFY(notify) LINE("'*': { 'entry': 'v', 'notify': " notify " }")

static const struct error_row notifies[] = {
	{ "an address in its place", NOTIFY("'a@example.com'"),
	    "lines.*.notify",
	    "is a string; write { \"email\": [\"office@example.com\"] }" },
	{ "nobody", NOTIFY("{ 'missed': true }"), "lines.*.notify",
	    "tells nobody; add \"email\" or \"webhook\"" },
	{ "an unknown member", NOTIFY("{ 'email': ['a@b.example'], 'x': 1 }"),
	    "lines.*.notify.x",
	    "write one of: email, webhook, voicemail, missed" },
	{ "a switch that is a word",
	    NOTIFY("{ 'email': ['a@b.example'], 'missed': 'no' }"),
	    "lines.*.notify.missed", "is a string; write true or false" },
	{ "an address that is no list", NOTIFY("{ 'email': 'a@b.example' }"),
	    "lines.*.notify.email", "must be a list of 1 to 20 addresses" },
	{ "no address", NOTIFY("{ 'email': [] }"), "lines.*.notify.email",
	    "must be a list of 1 to 20 addresses, like [\"office@" },
	{ "an address without a host", NOTIFY("{ 'email': ['anna'] }"),
	    "lines.*.notify.email[0]", "write it like office@example.com" },
	{ "a name beside the address",
	    NOTIFY("{ 'email': ['Anna <anna@example.com>'] }"),
	    "lines.*.notify.email[0]", "without a name" },
	{ "a second header in an address",
	    NOTIFY("{ 'email': ['a@b.example\\r\\nBcc: c@d.example'] }"),
	    "lines.*.notify.email[0]", "is not a mail address" },
	{ "a number for an address", NOTIFY("{ 'email': ['a@b.example', 7] }"),
	    "lines.*.notify.email[1]", "is not a mail address" },
	{ "the same address twice",
	    NOTIFY("{ 'email': ['a@b.example', 'A@B.example'] }"),
	    "lines.*.notify.email[1]", "names A@B.example a second time" },
	{ "a webhook that is a number", NOTIFY("{ 'webhook': 1 }"),
	    "lines.*.notify.webhook", "is a number; write a string" },
	{ "an empty webhook", NOTIFY("{ 'webhook': '' }"),
	    "lines.*.notify.webhook", "is empty; write some text" },
	{ "http to another machine",
	    NOTIFY("{ 'webhook': 'http://example.com/' }"),
	    "lines.*.notify.webhook",
	    "use https (http is for localhost alone)" },
	{ "a host that only looks like this machine",
	    NOTIFY("{ 'webhook': 'http://localhost.example.com/' }"),
	    "lines.*.notify.webhook", "use https" },
	{ "a user in the URL",
	    NOTIFY("{ 'webhook': 'https://a:b@example.com/' }"),
	    "lines.*.notify.webhook", "is not a URL that can be asked" },
	{ "another scheme", NOTIFY("{ 'webhook': 'ftp://example.com/' }"),
	    "lines.*.notify.webhook", "write it like https://example.com/" },
	{ "a mail server", NOTIFY("{ 'webhook': 'smtps://example.com/' }"),
	    "lines.*.notify.webhook", "is not a URL that can be asked" },
};

static const struct error_row phones[] = {
	{ "phones that are none",
	    "{ " ANY_LINE ", 'phones': true, 'steps': { " V " } }", "phones",
	    "is true or false; write { \"reception\"" },
	{ "no phone", "{ " ANY_LINE ", 'phones': {}, 'steps': { " V " } }",
	    "phones", "has 0 members; it needs 1 to 200" },
	{ "a phone's name with a dot",
	    "{ " ANY_LINE ", 'phones': { 'a.b': { 'number': '+15550100777' } }"
	    ", 'steps': { " V " } }",
	    "phones.a.b", "is not a name" },
	{ "a phone that is none", PHONE("null"), "phones.p",
	    "is null; write { \"number\": \"+15550100777\" }" },
	{ "no number", PHONE("{}"), "phones.p.number",
	    "is missing; add a string" },
	{ "a number that is a number", PHONE("{ 'number': 15550100777 }"),
	    "phones.p.number", "is a number; write a string" },
	{ "a number with blanks", PHONE("{ 'number': '+1 555 010 0777' }"),
	    "phones.p.number",
	    "write it like +15550100777: +, country code, no blanks" },
	{ "a SIP address", PHONE("{ 'number': 'sip:a@b.example' }"),
	    "phones.p.number", "is not a number in E.164" },
	{ "an empty number", PHONE("{ 'number': '' }"), "phones.p.number",
	    "is empty; write some text" },
	{ "an unknown member",
	    PHONE("{ 'number': '+15550100777', 'ring_s': 5 }"),
	    "phones.p.ring_s", "write one of: name, number" },
};

static const struct error_row voices[] = {
	{ "a voice that is a word", VOICE("'Polly.Amy'"), "voice",
	    "is a string; write { \"name\": \"Polly.Joanna\"" },
	{ "an unknown member",
	    VOICE("{ 'name': 'a', 'language': 'b', 'speed': 2 }"),
	    "voice.speed", "write one of: name, language" },
	{ "a name that is none", VOICE("{ 'name': 1, 'language': 'en-GB' }"),
	    "voice.name", "is a number; write a string" },
	{ "an empty language", VOICE("{ 'name': 'a', 'language': '' }"),
	    "voice.language", "is empty" },
};

static void
test_flow_errors_of_documents(void **state)
{
	check_error_rows(*state, documents, ARRAY_LEN(documents));
}

static void
test_flow_errors_of_lines(void **state)
{
	check_error_rows(*state, lines, ARRAY_LEN(lines));
}

static void
test_flow_errors_of_notifies(void **state)
{
	check_error_rows(*state, notifies, ARRAY_LEN(notifies));
}

/* One more than are told. */
static void
test_flow_errors_of_too_many_recipients(void **state)
{
	struct str list = STR("'a@b.example'");

	for (int i = 1; i <= FLOW_MAX_RECIPIENTS; i++) {
		const struct error_row row = { "a list",
			str_format(*state,
			    NOTIFY("{ 'email': [%.*s, 'z@b.example'] }"),
			    STR_ARG(list))
			    .p,
			"lines.*.notify.email", "1 to 20 addresses" };
		struct flow_errors errors;
		const struct flow *flow;

		if (i == FLOW_MAX_RECIPIENTS) {
			check_error_rows(*state, &row, 1);
			return;
		}
		assert_err(flow_parse(*state, quoted(*state, row.document), 7,
			       &errors, &flow),
		    ERR_OK);
		list = str_format(
		    *state, "%.*s, 'a%d@b.example'", STR_ARG(list), i);
	}
}

static void
test_flow_errors_of_phones(void **state)
{
	check_error_rows(*state, phones, ARRAY_LEN(phones));
}

static void
test_flow_errors_of_voices(void **state)
{
	check_error_rows(*state, voices, ARRAY_LEN(voices));
}

static void
test_flow_errors_too_large(void **state)
{
	const size_t n = FLOW_MAX_BYTES + 1;
	char *const blanks = arena_alloc(*state, n);
	struct flow_errors errors;
	const struct flow *flow;

	memset(blanks, ' ', n);
	assert_err(flow_parse(*state, bytes_of(blanks, n), 7, &errors, &flow),
	    ERR_INPUT);
	assert_int_equal(errors.n, 1);
	assert_text(errors.list[0].text, "has 262145 bytes; at most 262144");
}

/* All errors are told at once, up to a number that a person can read. */
static void
test_flow_errors_are_all_told(void **state)
{
	struct str steps = STR("'v': 1");
	struct flow_errors errors;
	const struct flow *flow;

	for (int i = 1; i < 30; i++) {
		const struct str document = str_format(*state,
		    "{ 'lines': { '*': { 'entry': 'v' } }, 'steps': { %.*s } }",
		    STR_ARG(steps));

		assert_err(flow_parse(*state, quoted(*state, document.p), 7,
			       &errors, &flow),
		    ERR_INPUT);
		assert_int_equal(
		    errors.n, i < FLOW_MAX_ERRORS ? i : FLOW_MAX_ERRORS);
		steps = str_format(*state, "%.*s, 's%d': 1", STR_ARG(steps), i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_flow_errors_of_documents),
		TEST(test_flow_errors_of_lines),
		TEST(test_flow_errors_of_notifies),
		TEST(test_flow_errors_of_too_many_recipients),
		TEST(test_flow_errors_of_phones),
		TEST(test_flow_errors_of_voices),
		TEST(test_flow_errors_too_large),
		TEST(test_flow_errors_are_all_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
