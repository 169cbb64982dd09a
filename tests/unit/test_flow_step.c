/* flow_step: one row per branch of each route that answers with TwiML. */
#include "flow_testing.h"

#include <string.h>

#define BEGIN "line=%2B15550100001&call=" CALL_SID "&v=7"
#define WELCOME BEGIN "&step=welcome&n=2"
#define OFFICE BEGIN "&step=office&n=3"
#define MESSAGE BEGIN "&step=message&n=3"
#define OWN "CallSid=" CALL_SID "&From=%2B15550100009&To=%2B15550100001"
#define LEG "CallSid=" LEG_SID "&ParentCallSid=" CALL_SID

/* `want` and `not` are substrings of the TwiML; NULL: any. */
struct row {
	const char *name;
	enum event_kind kind;
	const char *query, *body;
	const char *want, *not;
	enum place place;
	enum why why;
};

static const struct row menus[] = {
	{ "the entry asks the menu", EVENT_VOICE, "", OWN,
	    "<Gather action=", NULL, PLACE_MENU, WHY_NONE },
	{ "the entry of an unknown line records", EVENT_VOICE, "",
	    "CallSid=" CALL_SID "&To=%2B15550100005", "<Record", NULL,
	    PLACE_VOICEMAIL, WHY_NONE },
	{ "a key of the menu dials", EVENT_MENU, WELCOME, OWN "&Digits=1",
	    "+15550100777", NULL, PLACE_FORWARD, WHY_NONE },
	{ "another key records", EVENT_MENU, WELCOME, OWN "&Digits=2",
	    "<Record", NULL, PLACE_VOICEMAIL, WHY_CHOSEN },
	{ "a wrong key asks again", EVENT_MENU, WELCOME, OWN "&Digits=9",
	    "try=2", NULL, PLACE_MENU, WHY_NONE },
	{ "silence asks again", EVENT_MENU, WELCOME, OWN, "try=2", NULL,
	    PLACE_MENU, WHY_NONE },
	{ "two keys are no key", EVENT_MENU, WELCOME, OWN "&Digits=11", "try=2",
	    NULL, PLACE_MENU, WHY_NONE },
	{ "the second time", EVENT_MENU, WELCOME "&try=2", OWN, "try=3", NULL,
	    PLACE_MENU, WHY_NONE },
	{ "the last try goes to voicemail", EVENT_MENU, WELCOME "&try=3",
	    OWN "&Digits=9", "<Record", "<Gather", PLACE_VOICEMAIL,
	    WHY_CHOSEN },
	{ "more tries than there are", EVENT_MENU, WELCOME "&try=99", OWN,
	    "<Record", NULL, PLACE_VOICEMAIL, WHY_CHOSEN },
	{ "an unknown step", EVENT_MENU, BEGIN "&step=nowhere&n=2",
	    OWN "&Digits=1", "<Record", NULL, PLACE_VOICEMAIL, WHY_NONE },
	{ "no step", EVENT_MENU, "", OWN "&Digits=1", "<Record", NULL,
	    PLACE_VOICEMAIL, WHY_NONE },
	{ "a step of another kind", EVENT_MENU, OFFICE, OWN "&Digits=1",
	    "<Record", NULL, PLACE_VOICEMAIL, WHY_NONE },
	{ "more steps than a call may take", EVENT_MENU,
	    BEGIN "&step=welcome&n=101", OWN "&Digits=9", "<Record", "<Gather",
	    PLACE_VOICEMAIL, WHY_CHOSEN },
	{ "as many as it may", EVENT_MENU, BEGIN "&step=welcome&n=100",
	    OWN "&Digits=9", "<Gather", NULL, PLACE_MENU, WHY_NONE },
};

static const struct row dials[] = {
	{ "bridged: they have talked", EVENT_DIAL, OFFICE,
	    OWN "&DialCallStatus=completed&DialBridged=true", "<Hangup/>",
	    "<Record", PLACE_DONE, WHY_NONE },
	{ "completed and not bridged: nobody took it", EVENT_DIAL, OFFICE,
	    OWN "&DialCallStatus=completed&DialBridged=false"
		"&DialCallDuration=9",
	    "<Record", NULL, PLACE_VOICEMAIL, WHY_NOT_ACCEPTED },
	{ "DialBridged is missing, and they have talked", EVENT_DIAL, OFFICE,
	    OWN "&DialCallStatus=completed&DialCallDuration=9", "<Hangup/>",
	    "<Record", PLACE_DONE, WHY_NONE },
	{ "DialBridged is missing, in a conference", EVENT_DIAL, OFFICE,
	    OWN "&DialCallStatus=answered&DialCallDuration=9", "<Hangup/>",
	    "<Record", PLACE_DONE, WHY_NONE },
	{ "DialBridged is missing, and nobody talked", EVENT_DIAL, OFFICE,
	    OWN "&DialCallStatus=completed&DialCallDuration=0", "<Record", NULL,
	    PLACE_VOICEMAIL, WHY_NOT_ACCEPTED },
	{ "DialBridged and the duration are missing", EVENT_DIAL, OFFICE,
	    OWN "&DialCallStatus=completed", "<Record", NULL, PLACE_VOICEMAIL,
	    WHY_NOT_ACCEPTED },
	{ "a leg that goes on is not bridged", EVENT_DIAL, OFFICE,
	    OWN "&DialCallStatus=in-progress&DialCallDuration=9", "<Record",
	    NULL, PLACE_VOICEMAIL, WHY_NOT_ACCEPTED },
	{ "bridged counts whatever the status says", EVENT_DIAL, OFFICE,
	    OWN "&DialCallStatus=failed&DialBridged=true", "<Hangup/>", NULL,
	    PLACE_DONE, WHY_NONE },
	{ "busy", EVENT_DIAL, OFFICE,
	    OWN "&DialCallStatus=busy&DialBridged=false", "<Record", NULL,
	    PLACE_VOICEMAIL, WHY_BUSY },
	{ "no answer", EVENT_DIAL, OFFICE, OWN "&DialCallStatus=no-answer",
	    "<Record", NULL, PLACE_VOICEMAIL, WHY_NO_ANSWER },
	{ "a bad number", EVENT_DIAL, OFFICE, OWN "&DialCallStatus=failed",
	    "<Record", NULL, PLACE_VOICEMAIL, WHY_BAD_NUMBER },
	{ "the caller gave up", EVENT_DIAL, OFFICE,
	    OWN "&DialCallStatus=canceled", "<Record", NULL, PLACE_FORWARD,
	    WHY_NONE },
	{ "a status that we do not know", EVENT_DIAL, OFFICE,
	    OWN "&DialCallStatus=odd", "<Record", NULL, PLACE_VOICEMAIL,
	    WHY_NONE },
	{ "an unknown step", EVENT_DIAL, BEGIN "&step=nowhere&n=3",
	    OWN "&DialCallStatus=busy", "<Record", NULL, PLACE_VOICEMAIL,
	    WHY_BUSY },
	{ "a step of another kind", EVENT_DIAL, WELCOME,
	    OWN "&DialCallStatus=busy", "<Record", "<Gather", PLACE_VOICEMAIL,
	    WHY_BUSY },
};

static const struct row legs[] = {
	{ "who picks up is asked for a key", EVENT_SCREEN,
	    OFFICE "&phone=reception&caller=%2B15550100009",
	    LEG "&CallStatus=in-progress",
	    "Call for Main number from 1 5 5 5 0 1 0 0 0 0 9.", NULL,
	    PLACE_NONE, WHY_NONE },
	{ "a key takes the call", EVENT_SCREEN_KEY, OFFICE "&phone=reception",
	    LEG "&Digits=5", "<Response/>", NULL, PLACE_NONE, WHY_NONE },
	{ "no key leaves it", EVENT_SCREEN_KEY, OFFICE "&phone=reception", LEG,
	    "<Hangup/>", NULL, PLACE_NONE, WHY_NONE },
	{ "an empty key leaves it", EVENT_SCREEN_KEY, OFFICE "&phone=reception",
	    LEG "&Digits=", "<Hangup/>", NULL, PLACE_NONE, WHY_NONE },
	{ "an unknown step hangs up", EVENT_SCREEN,
	    BEGIN "&step=nowhere&phone=reception&n=3", LEG, "<Hangup/>", "<Say",
	    PLACE_NONE, WHY_NONE },
	{ "a step of another kind hangs up", EVENT_SCREEN, MESSAGE, LEG,
	    "<Hangup/>", "<Say", PLACE_NONE, WHY_NONE },
};

static const struct row voicemails[] = {
	{ "after the message", EVENT_VOICEMAIL, MESSAGE,
	    OWN "&RecordingDuration=9&RecordingSid=" RECORDING_SID "&Digits=#",
	    "<Response><Hangup/></Response>", NULL, PLACE_RECORDED, WHY_NONE },
	{ "after silence", EVENT_VOICEMAIL, MESSAGE, OWN, "<Hangup/>", NULL,
	    PLACE_RECORDED, WHY_NONE },
	{ "an unknown step thanks and hangs up", EVENT_VOICEMAIL,
	    BEGIN "&step=nowhere&n=3", OWN,
	    "<Say voice=\"Polly.Joanna-Neural\" language=\"en-US\">"
	    "Thank you. Goodbye.</Say><Hangup/>",
	    NULL, PLACE_RECORDED, WHY_NONE },
	{ "a URL that nginx wrote", EVENT_VOICEMAIL, "line=%2B15550100001", OWN,
	    "Thank you. Goodbye.</Say><Hangup/>", NULL, PLACE_RECORDED,
	    WHY_NONE },
};

#define FAILED(url) OWN "&ErrorCode=11200&ErrorUrl=https://h.example" url
#define AT "?line=%252B15550100001%26call=" CALL_SID "%26v=7%26n=3%26step="

static const struct row fallbacks[] = {
	{ "the entry is asked again", EVENT_FALLBACK, "",
	    FAILED("/twilio/voice"), "<Gather", NULL, PLACE_MENU, WHY_NONE },
	{ "a menu is asked again", EVENT_FALLBACK, "",
	    FAILED("/twilio/menu" AT "welcome"), "try=2", NULL, PLACE_MENU,
	    WHY_NONE },
	{ "a menu that was asked often enough leads on", EVENT_FALLBACK, "",
	    FAILED("/twilio/menu" AT "welcome%26try=3"), "<Record", NULL,
	    PLACE_VOICEMAIL, WHY_NONE },
	{ "a menu that is none", EVENT_FALLBACK, "",
	    FAILED("/twilio/menu" AT "office"), "<Record", NULL,
	    PLACE_VOICEMAIL, WHY_NONE },
	{ "the end of a dial leads on", EVENT_FALLBACK, "",
	    FAILED("/twilio/dial" AT "office"), "<Record", NULL,
	    PLACE_VOICEMAIL, WHY_NONE },
	{ "the end of a dial at an unknown step", EVENT_FALLBACK, "",
	    FAILED("/twilio/dial" AT "nowhere"), "<Record", NULL,
	    PLACE_VOICEMAIL, WHY_NONE },
	{ "after a recording", EVENT_FALLBACK, "",
	    FAILED("/twilio/voicemail" AT "message"), "<Hangup/>", "<Record",
	    PLACE_RECORDED, WHY_NONE },
	{ "a colleague's leg", EVENT_FALLBACK, "",
	    FAILED("/twilio/screen" AT "office"), "<Hangup/>", "<Record",
	    PLACE_NONE, WHY_NONE },
	{ "a colleague's key", EVENT_FALLBACK, "",
	    FAILED("/twilio/screen-key" AT "office"), "<Hangup/>", "<Record",
	    PLACE_NONE, WHY_NONE },
	{ "a callback, which has no fallback", EVENT_FALLBACK, "",
	    FAILED("/twilio/leg" AT "office"), "<Record", NULL, PLACE_VOICEMAIL,
	    WHY_NONE },
	{ "nonsense", EVENT_FALLBACK, "", OWN "&ErrorUrl=%00", "<Record", NULL,
	    PLACE_VOICEMAIL, WHY_NONE },
	{ "nothing", EVENT_FALLBACK, "", "", "<Record", NULL, PLACE_VOICEMAIL,
	    WHY_NONE },
};

static void
check_rows(struct arena *arena, const struct row *rows, size_t n)
{
	const struct flow *const flow = flow_of_file(arena, "office", 7);

	for (size_t i = 0; i < n; i++) {
		const struct row *const r = &rows[i];
		const struct str uri = str_format(
		    arena, "%s?%s", event_kind_path(r->kind), r->query);
		const struct event ev = event_of(arena, uri, str_of(r->body));
		struct reply reply;

		print_message("  %s\n", r->name);
		flow_step(arena, flow, NULL, &ev, &reply);
		assert_holds(reply.twiml, r->want);
		if (r->not!= NULL)
			assert_false(str_holds(reply.twiml, r->not));
		assert_int_equal(reply.facts.place, r->place);
		assert_int_equal(reply.facts.why, r->why);
	}
}

static void
test_flow_step_menu(void **state)
{
	check_rows(*state, menus, ARRAY_LEN(menus));
}

static void
test_flow_step_dial(void **state)
{
	check_rows(*state, dials, ARRAY_LEN(dials));
}

static void
test_flow_step_leg(void **state)
{
	check_rows(*state, legs, ARRAY_LEN(legs));
}

static void
test_flow_step_voicemail(void **state)
{
	check_rows(*state, voicemails, ARRAY_LEN(voicemails));
}

static void
test_flow_step_fallback(void **state)
{
	check_rows(*state, fallbacks, ARRAY_LEN(fallbacks));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_flow_step_menu),
		TEST(test_flow_step_dial),
		TEST(test_flow_step_leg),
		TEST(test_flow_step_voicemail),
		TEST(test_flow_step_fallback),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
