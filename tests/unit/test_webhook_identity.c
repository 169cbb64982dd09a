/* webhook: whose call an event belongs to, which leg it is about, and which
 * event it is. */
#include "testing.h"
#include "twilio/webhook.h"

#define CALL "CA0123456789abcdef0123456789abcdef"
#define LEG "CA11111111111111111111111111111111"
#define CALL_QUERY "line=%2B15550100001&call=" CALL

static struct event
parse(
    struct arena *arena, enum event_kind kind, struct str uri, struct str body)
{
	struct form *const form = ARENA_NEW(arena, struct form);
	const struct webhook webhook = { kind, uri, body, form, 0 };

	assert_err(form_parse(arena, body, 512, form), ERR_OK);
	return webhook_parse(arena, &webhook);
}

static struct event
parse_z(struct arena *arena, enum event_kind kind, const char *query,
    const char *body)
{
	return parse(arena, kind,
	    str_format(arena, "%s?%s", event_kind_path(kind), query),
	    str_of(body));
}

static const struct row {
	const char *name;
	enum event_kind kind;
	const char *query, *body;
	const char *line, *call, *leg; /* NULL: absent */
	bool inbound;
} rows[] = {
	{ "the entry: To and CallSid", EVENT_VOICE, "",
	    "CallSid=" CALL "&To=%2B15550100001", "+15550100001", CALL, NULL,
	    true },
	{ "the entry: To with its plus unescaped", EVENT_VOICE, "",
	    "CallSid=" CALL "&To=+15550100001", "+15550100001", CALL, NULL,
	    true },
	{ "the entry of a SIP line", EVENT_VOICE, "",
	    "CallSid=" CALL "&To=sip:a@b.example", "sip:a@b.example", CALL,
	    NULL, true },
	{ "the URL's line goes before To", EVENT_VOICE, "line=%2B15550100002",
	    "CallSid=" CALL "&To=%2B15550100001", "+15550100002", CALL, NULL,
	    true },
	{ "an action of the inbound leg", EVENT_MENU, CALL_QUERY,
	    "CallSid=" CALL "&To=%2B15550100001", "+15550100001", CALL, NULL,
	    true },
	{ "the end of a dial names the leg", EVENT_DIAL, CALL_QUERY,
	    "CallSid=" CALL "&DialCallSid=" LEG, "+15550100001", CALL, LEG,
	    true },
	{ "on a child leg the line is not To", EVENT_SCREEN, CALL_QUERY,
	    "CallSid=" LEG "&ParentCallSid=" CALL "&To=%2B15550100777",
	    "+15550100001", CALL, LEG, false },
	{ "a child leg without a URL of ours", EVENT_LEG, "",
	    "CallSid=" LEG "&ParentCallSid=" CALL "&To=%2B15550100777", NULL,
	    CALL, LEG, false },
	{ "a recording callback has no To", EVENT_RECORDING, CALL_QUERY,
	    "CallSid=" CALL, "+15550100001", CALL, NULL, true },
	{ "a recording callback that nginx asked for", EVENT_RECORDING,
	    "line=%2B15550100001", "CallSid=" CALL, "+15550100001", CALL, NULL,
	    true },
	{ "a number's status callback", EVENT_STATUS, "",
	    "CallSid=" CALL "&To=%2B15550100001", "+15550100001", CALL, NULL,
	    true },
	{ "a call that came from another one", EVENT_VOICE,
	    "line=%2B15550100001",
	    "Direction=inbound&CallSid=" LEG "&ParentCallSid=" CALL,
	    "+15550100001", LEG, NULL, true },
	{ "its status", EVENT_STATUS, "line=%2B15550100001",
	    "Direction=inbound&CallSid=" LEG "&ParentCallSid=" CALL,
	    "+15550100001", LEG, NULL, true },
	{ "a leg whose URL has lost its state", EVENT_LEG, "",
	    "CallSid=" LEG "&ParentCallSid=" CALL, NULL, CALL, LEG, false },
	{ "a parent that is no SID", EVENT_LEG, "",
	    "CallSid=" CALL "&ParentCallSid=x&To=%2B1555", "+1555", CALL, NULL,
	    true },
	{ "a CallSid that is none", EVENT_VOICE, "line=%2B15550100001",
	    "CallSid=x", "+15550100001", NULL, NULL, false },
	{ "nothing at all", EVENT_VOICE, "", "", NULL, NULL, NULL, false },
};

static void
test_webhook_identity(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *const r = &rows[i];
		const struct event ev =
		    parse_z(*state, r->kind, r->query, r->body);

		print_message("  %s\n", r->name);
		assert_str(ev.line, str_of(r->line));
		assert_str(ev.call_sid, str_of(r->call));
		assert_str(ev.leg_sid, str_of(r->leg));
		assert_int_equal(ev.inbound_leg, r->inbound);
	}
}

static const struct counter_row {
	const char *name;
	enum event_kind kind;
	const char *query;
	int want;
} counters[] = {
	{ "the entry is the first, whatever its URL says", EVENT_VOICE, "n=9",
	    STATE_N_ENTRY },
	{ "an action's own", EVENT_MENU, "n=2", 2 },
	{ "a URL that nginx wrote", EVENT_VOICEMAIL, "line=%2B15550100001",
	    STATE_N_UNKNOWN },
	{ "a number's status callback is at no step", EVENT_STATUS, "", 0 },
	{ "a query too long to be ours", EVENT_MENU,
	    "n=2&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a"
	    "&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a&a",
	    STATE_N_UNKNOWN },
};

static void
test_webhook_step_counter(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(counters); i++) {
		const struct counter_row *const r = &counters[i];

		print_message("  %s\n", r->name);
		assert_int_equal(
		    parse_z(*state, r->kind, r->query, "").state.n, r->want);
	}
}

#define OWN "line=%2B15550100001"
#define OTHER "line=%2B15550100005"

static const struct fallback_row {
	const char *name;
	const char *own; /* the fallback's own query */
	const char *error_url;
	enum event_kind failed;
	int n, version;
	const char *line, *step; /* NULL: absent */
} fallbacks[] = {
	{ "the entry failed", OWN,
	    "https://h.example/twilio/voice?line=%2B15550100001", EVENT_VOICE,
	    2, -1, "+15550100001", NULL },
	{ "the entry failed, with no line in its URL", OTHER,
	    "https://h.example/twilio/voice", EVENT_VOICE, 2, -1,
	    "+15550100005", NULL },
	{ "with connection overrides", OWN,
	    "https://h.example/twilio/voice?line=%2B15550100001#rc=2&rp=all",
	    EVENT_VOICE, 2, -1, "+15550100001", NULL },
	{ "with connection overrides and no query", OWN,
	    "https://h.example/twilio/voice#rc=2", EVENT_VOICE, 2, -1,
	    "+15550100001", NULL },
	{ "a menu failed", OWN,
	    "https://h.example:8443/twilio/menu?" CALL_QUERY
	    "&v=7&step=welcome&n=4",
	    EVENT_MENU, 5, 7, "+15550100001", "welcome" },
	{ "a relative URL", OWN,
	    "/twilio/dial?" CALL_QUERY "&v=7&step=office&n=3", EVENT_DIAL, 4, 7,
	    "+15550100001", "office" },
	{ "a fallback without a line of its own", "",
	    "/twilio/dial?" CALL_QUERY "&v=7&step=office&n=3", EVENT_DIAL, 4, 7,
	    "+15550100001", "office" },
	{ "another line's URL", OTHER,
	    "/twilio/dial?" CALL_QUERY "&v=7&step=office&n=3", EVENT_FALLBACK,
	    STATE_N_UNKNOWN, -1, "+15550100005", NULL },
	{ "another call's URL", OWN,
	    "/twilio/dial?call=CAffffffffffffffffffffffffffffffff&n=3",
	    EVENT_FALLBACK, STATE_N_UNKNOWN, -1, "+15550100001", NULL },
	{ "a URL without a counter", OTHER, "https://h.example/twilio/menu",
	    EVENT_MENU, STATE_N_UNKNOWN, -1, "+15550100005", NULL },
	{ "the last counter", OTHER, "/twilio/menu?n=9999", EVENT_MENU,
	    STATE_N_UNKNOWN, -1, "+15550100005", NULL },
	{ "a fallback that failed", OTHER,
	    "https://h.example/twilio/fallback?n=4", EVENT_FALLBACK,
	    STATE_N_UNKNOWN, -1, "+15550100005", NULL },
	{ "another server's URL path", OTHER,
	    "https://h.example/x/twilio/menu?n=4", EVENT_FALLBACK,
	    STATE_N_UNKNOWN, -1, "+15550100005", NULL },
	{ "a host alone", OTHER, "https://h.example", EVENT_FALLBACK,
	    STATE_N_UNKNOWN, -1, "+15550100005", NULL },
	{ "nonsense", OTHER, "\x01%%%://?&=", EVENT_FALLBACK, STATE_N_UNKNOWN,
	    -1, "+15550100005", NULL },
	{ "nothing", OTHER, "", EVENT_FALLBACK, STATE_N_UNKNOWN, -1,
	    "+15550100005", NULL },
};

static void
test_webhook_fallback(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(fallbacks); i++) {
		const struct fallback_row *const r = &fallbacks[i];
		const struct str body = str_format(*state,
		    "CallSid=" CALL "&To=%%2B15550100001&ErrorCode=11200"
		    "&ErrorUrl=%.*s",
		    STR_ARG(form_escape(*state, str_of(r->error_url))));
		const struct event ev =
		    parse_z(*state, EVENT_FALLBACK, r->own, body.p);

		print_message("  %s\n", r->name);
		assert_int_equal(ev.failed, r->failed);
		assert_int_equal(ev.state.n, r->n);
		assert_int_equal(ev.state.version, r->version);
		assert_str(ev.line, str_of(r->line));
		assert_str(ev.state.step, str_of(r->step));
		assert_text(ev.call_sid, CALL);
		assert_int_equal(ev.error_code, 11200);
	}
}

static const struct key_row {
	const char *name;
	enum event_kind kind;
	const char *uri, *body;
	bool same; /* as the first row's */
} keys[] = {
	{ "an event", EVENT_MENU, "/twilio/menu?n=2", "a=bc&Digits=1", true },
	{ "sent again in another order", EVENT_MENU, "/twilio/menu?n=2",
	    "Digits=1&a=bc", true },
	{ "written in another way", EVENT_MENU, "/twilio/menu?n=2",
	    "%61=b%63&Digits=1&Digits=1", true },
	{ "at another step", EVENT_MENU, "/twilio/menu?n=3", "a=bc&Digits=1",
	    false },
	{ "of another kind", EVENT_DIAL, "/twilio/menu?n=2", "a=bc&Digits=1",
	    false },
	{ "with another key", EVENT_MENU, "/twilio/menu?n=2", "a=bc&Digits=2",
	    false },
	{ "with one parameter more", EVENT_MENU, "/twilio/menu?n=2",
	    "a=bc&Digits=1&b=", false },
	{ "name and value parted elsewhere", EVENT_MENU, "/twilio/menu?n=2",
	    "ab=c&Digits=1", false },
};

static void
test_webhook_key(void **state)
{
	const struct event first = parse(
	    *state, keys[0].kind, str_of(keys[0].uri), str_of(keys[0].body));

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		const struct event ev = parse(*state, keys[i].kind,
		    str_of(keys[i].uri), str_of(keys[i].body));

		print_message("  %s\n", keys[i].name);
		if (keys[i].same)
			assert_memory_equal(ev.key, first.key, sizeof(ev.key));
		else
			assert_memory_not_equal(
			    ev.key, first.key, sizeof(ev.key));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_webhook_identity),
		TEST(test_webhook_step_counter),
		TEST(test_webhook_fallback),
		TEST(test_webhook_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
