/*
 * flow_step: what holds for any request: it is total and pure, dials nobody but
 * the flow's phones, and no caller goes round for ever.
 */
#include "flow_testing.h"

#include "codec/phone.h"
#include "codec/utf8.h"

#include <string.h>

#define STEPS_AT_MOST 110 /* of one call: design says 100 */

static const char *const flow_names[] = { "office", "clinic", "bare" };

static struct str
random_uri(struct random *r, struct arena *arena, enum event_kind kind)
{
	static const char *const steps[] = { "welcome", "office", "message",
		"greeting", "front", "nurses", "letterbox", "nowhere", "%ff" };
	static const char *const lines[] = { "%2B15550100001", "%2B15550100003",
		"sip:a@b", "%ff", "" };

	return str_format(arena,
	    "%s?line=%s&call=" CALL_SID
	    "&v=7&step=%s&phone=%s&caller=%s&try=%zu"
	    "&n=%zu",
	    event_kind_path(kind), lines[random_below(r, ARRAY_LEN(lines))],
	    steps[random_below(r, ARRAY_LEN(steps))],
	    random_below(r, 2) == 0 ? "reception" : "desk",
	    random_below(r, 2) == 0 ? "%2B15550100009" : "x",
	    random_below(r, 5), random_below(r, 130));
}

static struct str
random_body(struct random *r, struct arena *arena)
{
	static const char *const froms[] = { "%2B15550100009", "anonymous",
		"client:a", "%ff", "", "+19005550100" };
	static const char *const words[] = { "completed", "busy", "no-answer",
		"canceled", "failed", "in-progress", "answered", "odd", "" };
	static const char *const bridged[] = { "true", "false", "" };
	static const char *const urls[] = { "/twilio/voice",
		"https://h/twilio/menu?step=welcome%26n=2%26v=7",
		"https://h/twilio/dial?step=office%26n=2", "https://h/x",
		"%00" };

	return str_format(arena,
	    "CallSid=%s&From=%s&To=%%2B1900555010%zu&CallStatus=%s&Digits=%c"
	    "&DialCallStatus=%s&DialBridged=%s&DialCallDuration=%zu"
	    "&RecordingSid=" RECORDING_SID "&RecordingStatus=%s"
	    "&RecordingDuration=%zu&ErrorUrl=%s",
	    random_below(r, 4) == 0 ? LEG_SID : CALL_SID,
	    froms[random_below(r, ARRAY_LEN(froms))], random_below(r, 10),
	    words[random_below(r, ARRAY_LEN(words))],
	    "0129*"[random_below(r, 5)],
	    words[random_below(r, ARRAY_LEN(words))],
	    bridged[random_below(r, 3)], random_below(r, 3),
	    words[random_below(r, ARRAY_LEN(words))], random_below(r, 5),
	    urls[random_below(r, ARRAY_LEN(urls))]);
}

/* Each <Number> is one of the flow's phones. */
static void
assert_dials_phones_only(const struct flow *flow, struct str twiml)
{
	for (;;) {
		const struct str rest = between(twiml, "<Number ", "\n");
		const struct str number = between(rest, ">", "<");
		bool known = false;

		if (rest.p == NULL)
			return;
		for (size_t i = 0; i < flow->n_phones; i++)
			known = known || str_eq(number, flow->phones[i].number);
		if (!known)
			fail_msg("dials %.*s", STR_ARG(number));
		twiml = rest;
	}
}

static void
assert_reply(
    const struct flow *flow, const struct event *ev, const struct reply *reply)
{
	const struct str id = between(reply->twiml, "callerId=\"", "\"");

	if (!event_kind_is_voice(ev->kind)) {
		assert_absent(reply->twiml);
		return;
	}
	assert_true(str_starts(reply->twiml,
	    STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response")));
	assert_true(reply->twiml.n <= TWIML_MAX_BYTES);
	assert_true(utf8_is_valid(reply->twiml));
	assert_true(id.p == NULL || phone_is_e164(id));
	assert_dials_phones_only(flow, reply->twiml);
}

/*
 * Turned away, by its name in the TwiML, exactly where the inbound leg comes to
 * the entry from a number that is on the list.
 */
static void
assert_blocked(const struct event *ev, const struct reply *reply)
{
	const bool entry = ev->kind == EVENT_VOICE ||
	    (ev->kind == EVENT_FALLBACK && ev->failed == EVENT_VOICE);
	const bool want =
	    entry && ev->inbound_leg && str_eq(ev->from, STR("+15550100009"));

	assert_int_equal(str_holds(reply->twiml, "<Reject"), want);
	assert_int_equal(reply->facts.place == PLACE_REJECTED, want);
	assert_int_equal(reply->facts.why == WHY_BLOCKLIST, want);
}

static bool
check_one_request(
    struct random *r, struct arena *arena, const struct flow *flow)
{
	const enum event_kind kind =
	    (enum event_kind)random_below(r, EVENT__MAX);
	const struct event ev =
	    event_of(arena, random_uri(r, arena, kind), random_body(r, arena));
	struct block_list blocks;
	struct reply a;
	struct reply b;

	flow_step(arena, flow, NULL, &ev, &a);
	flow_step(arena, flow, NULL, &ev, &b);
	assert_str(a.twiml, b.twiml);
	assert_reply(flow, &ev, &a);
	assert_false(str_holds(a.twiml, "<Reject"));
	assert_err(
	    block_list_parse(arena, STR("+4420718387 +15550100009"), &blocks),
	    ERR_OK);
	flow_step(arena, flow, &blocks, &ev, &b);
	assert_blocked(&ev, &b);
	assert_reply(flow, &ev, &b);
	if (b.facts.place != PLACE_REJECTED)
		assert_str(a.twiml, b.twiml);
	return b.facts.place == PLACE_REJECTED;
}

static void
test_flow_step_is_total_and_pure(void **state)
{
	struct arena *const scratch = arena_new((size_t)64 * 1024);
	struct random r = random_begin();
	int blocked = 0;

	for (size_t i = 0; i < ARRAY_LEN(flow_names); i++) {
		const struct flow *const flow =
		    flow_of_file(*state, flow_names[i], 7);

		for (int k = 0; k < 1000; k++) {
			blocked += check_one_request(&r, scratch, flow);
			arena_reset(scratch);
		}
	}
	assert_true(blocked > 10);
	arena_free(scratch);
}

/* The address that Twilio asks next when the caller does nothing, or absent. */
static struct str
next_url(struct arena *arena, struct str twiml)
{
	struct str url = between(twiml, "<Redirect method=\"POST\">", "<");

	if (url.p == NULL)
		url = between(twiml, "<Dial action=\"", "\"");
	return url.p == NULL ? url : url_of(arena, url);
}

/*
 * A caller who presses the keys that `keys` says (0: none), from the entry on.
 * Gives the number of requests until there is a recording, which must come.
 */
static int
walk(struct random *r, struct arena *arena, const struct flow *flow,
    const char *keys)
{
	struct str uri = STR("/twilio/voice");
	int n = 0;

	while (uri.p != NULL) {
		const char key = keys[random_below(r, strlen(keys))];
		const struct event ev = event_of(arena, uri,
		    str_format(arena,
			"CallSid=" CALL_SID "&To=%%2B15550100001&Digits=%s%c"
			"&DialCallStatus=no-answer&From=%%2B15550100009",
			key == '-' ? "&x=" : "", key == '#' ? '9' : key));
		struct reply reply;

		n++;
		assert_int_equal(ev.state.n, n);
		flow_step(arena, flow, NULL, &ev, &reply);
		assert_true(n <= STEPS_AT_MOST);
		if (str_holds(reply.twiml, "<Record "))
			return n;
		uri = next_url(arena, reply.twiml);
	}
	fail_msg("no recording after %d requests", n);
	return n;
}

static void
test_flow_no_caller_goes_round_for_ever(void **state)
{
	struct random r = random_begin();

	for (size_t i = 0; i < ARRAY_LEN(flow_names); i++) {
		const struct flow *const flow =
		    flow_of_file(*state, flow_names[i], 7);

		print_message("  %s\n", flow_names[i]);
		(void)walk(&r, *state, flow, "-"); /* does nothing */
		(void)walk(&r, *state, flow, "8"); /* always a wrong key */
		for (int k = 0; k < 200; k++)
			(void)walk(&r, *state, flow, "-0129*");
	}
}

/* A key that leads back to its own menu, pressed again and again. */
static void
test_flow_a_circle_of_keys_ends(void **state)
{
	struct random r = random_begin();
	const struct flow *const flow = flow_of_file(*state, "clinic", 7);

	assert_in_range(walk(&r, *state, flow, "0"), 90, STEPS_AT_MOST);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_flow_step_is_total_and_pure),
		TEST(test_flow_no_caller_goes_round_for_ever),
		TEST(test_flow_a_circle_of_keys_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
