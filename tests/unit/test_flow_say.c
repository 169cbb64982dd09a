/* flow_step: what stands for {line} and {caller}, and on whose ear. */
#include "flow_testing.h"

#include <string.h>

#define ENTRY "CallSid=" CALL_SID "&To=%2B15550100001&From="

static struct str
said(struct arena *arena, const struct flow *flow, const char *uri,
    const char *body)
{
	const struct event ev = event_of(arena, str_of(uri), str_of(body));
	struct reply reply;

	flow_step(arena, flow, NULL, &ev, &reply);
	return between(reply.twiml, "<Say>", "</Say>");
}

static const struct row {
	const char *name;
	const char *say, *from, *want;
} rows[] = {
	{ "the line's name", "This is {line}.", "%2B15550100",
	    "This is Acme &amp; Co." },
	{ "the caller, digit by digit", "You are {caller}.", "%2B15550100",
	    "You are 1 5 5 5 0 1 0 0." },
	{ "both, side by side", "{line}{caller}{line}", "%2B15550100",
	    "Acme &amp; Co1 5 5 5 0 1 0 0Acme &amp; Co" },
	{ "an anonymous caller", "You are {caller}.", "anonymous",
	    "You are an unknown caller." },
	{ "a SIP caller", "You are {caller}.", "sip:a@b.example",
	    "You are an unknown caller." },
	{ "no caller", "You are {caller}.", "", "You are an unknown caller." },
	{ "an open brace is a brace", "a { b", "", "a { b" },
	{ "so is a closing one", "a } b", "", "a } b" },
	{ "a brace before a placeholder", "}{line}", "", "}Acme &amp; Co" },
};

static void
test_flow_say(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct flow *const flow = flow_of_text(*state,
		    str_format(*state,
			"{ 'lines': { '*': { 'name': 'Acme & Co', "
			"'entry': 'v' } }, "
			"'steps': { 'v': { 'voicemail': { 'say': '%s' } } } }",
			rows[i].say)
			.p);

		print_message("  %s\n", rows[i].name);
		assert_text(
		    said(*state, flow, "/twilio/voice",
			str_format(*state, "%s%s", ENTRY, rows[i].from).p),
		    rows[i].want);
	}
}

/* On a line that the flow has not, there is no name. */
static void
test_flow_say_on_an_unknown_line(void **state)
{
	const struct flow *const flow = flow_of_text(*state,
	    "{ 'lines': { '+15550100002': { 'entry': 'v' } }, 'steps': { "
	    "'v': { 'voicemail': { 'say': '{line}', 'thanks': '{line}' } } } }");

	assert_text(
	    said(*state, flow, "/twilio/voicemail?step=v&line=%2B15550100001",
		ENTRY "x"),
	    "the main number");
}

/* Placeholders make a text longer; what does not fit into a Say is cut. */
static void
test_flow_say_is_never_too_long(void **state)
{
	struct str say = STR("");
	const struct flow *flow;
	struct str text;

	for (int i = 0; i < 490; i++)
		say = str_format(*state, "%.*s{line}", STR_ARG(say));
	flow = flow_of_text(*state,
	    str_format(*state,
		"{ 'lines': { '*': { 'name': '%064d', 'entry': 'v' } }, "
		"'steps': { 'v': { 'voicemail': { 'say': '%.*s' } } } }",
		7, STR_ARG(say))
		.p);
	text = said(*state, flow, "/twilio/voice", ENTRY "x");
	assert_int_equal(text.n, 4096);
}

/*
 * On the colleague's leg From is the number that their phone shows, which for a
 * caller without one is the line's own.  Who calls is told by the URL.
 */
static const struct screen_row {
	const char *name;
	const char *caller; /* in the URL */
	const char *from;   /* of the colleague's leg */
	const char *want;
} screens[] = {
	{ "the caller of the URL", "&caller=%2B15550100", "%2B15550100001",
	    "Call for Main number from 1 5 5 5 0 1 0 0." },
	{ "a caller without a number is not the line", "", "%2B15550100001",
	    "Call for Main number from an unknown caller." },
};

static void
test_flow_say_on_the_colleagues_leg(void **state)
{
	const struct flow *const flow = flow_of_text(*state,
	    "{ 'lines': { '+15550100001': { 'name': 'Main number', "
	    "'entry': 'f' } }, "
	    "'phones': { 'p': { 'number': '+15550100777' } }, 'steps': { "
	    "'f': { 'forward': { 'to': ['p'], 'otherwise': 'v', 'accept': { "
	    "'say': 'Call for {line} from {caller}.' } } }, "
	    "'v': { 'voicemail': { 'say': 'x' } } } }");

	for (size_t i = 0; i < ARRAY_LEN(screens); i++) {
		const struct screen_row *const r = &screens[i];

		print_message("  %s\n", r->name);
		assert_text(
		    said(*state, flow,
			str_format(*state,
			    "/twilio/screen?line=%%2B15550100001&call=" CALL_SID
			    "&v=7&step=f&phone=p&n=2%s",
			    r->caller)
			    .p,
			str_format(*state,
			    "CallSid=" LEG_SID "&ParentCallSid=" CALL_SID
			    "&To=%%2B15550100777&From=%s",
			    r->from)
			    .p),
		    r->want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_flow_say),
		TEST(test_flow_say_on_an_unknown_line),
		TEST(test_flow_say_is_never_too_long),
		TEST(test_flow_say_on_the_colleagues_leg),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
