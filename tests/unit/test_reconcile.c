/* reconcile: what the REST API says becomes facts, the same ones each time. */
#include "flow/reconcile.h"
#include "flow_testing.h"

#include <string.h>

#define CA "CA0123456789abcdef0123456789abcdef"
#define RE "RE0123456789abcdef0123456789abcdef"

static const struct reconcile asked = {
	.line = STR_INIT("+15550100001"),
	.call_sid = STR_INIT(CA),
	.path = STR_INIT("/2010-04-01/Accounts/AC/Calls/" CA ".json"),
	.answer = STR_INIT("{}"),
	.received_us = 1000,
};

static const struct rest_call over = {
	.sid = STR_INIT(CA),
	.from = STR_INIT("+15550100009"),
	.to = STR_INIT("+15550100001"),
	.is_inbound = true,
	.status = CALL_COMPLETED,
	.started_us = 5000000,
	.ended_us = 9000000,
	.duration_s = 4,
};

static void
test_reconcile_call(void **state)
{
	struct event ev;
	struct reply reply;

	reconcile_call(*state, &asked, &over, &ev, &reply);
	assert_int_equal(ev.kind, EVENT_RECONCILE);
	assert_text(ev.line, "+15550100001");
	assert_text(ev.call_sid, CA);
	assert_str(ev.uri, asked.path);
	assert_text(ev.body, "{}");
	assert_absent(reply.twiml);
	assert_int_equal(reply.facts.status, CALL_COMPLETED);
	assert_int_equal(reply.facts.status_source, SOURCE_REST);
	assert_int_equal(reply.facts.duration_s, 4);
	assert_int_equal(reply.facts.started_us, 5000000);
	assert_int_equal(reply.facts.ended_us, 9000000);
	assert_int_equal(reply.facts.reconciled_us, 1000);
	assert_text(reply.facts.from, "+15550100009");
	assert_text(reply.facts.to, "+15550100001");
	/* It says nothing of where the caller was. */
	assert_int_equal(reply.facts.place, PLACE_NONE);
	assert_int_equal(reply.facts.n, FACT_NONE);
	assert_int_equal(reply.facts.version_url, FACT_NONE);
	assert_absent(reply.facts.recording.sid);
	assert_absent(reply.facts.leg_sid);
}

static void
key_of(struct arena *arena, const struct reconcile *a,
    const struct rest_call *call, unsigned char key[DIGEST_SHA256_BYTES])
{
	struct event ev;
	struct reply reply;

	reconcile_call(arena, a, call, &ev, &reply);
	memcpy(key, ev.key, DIGEST_SHA256_BYTES);
}

/* Only what is a fact makes another event. */
static void
test_reconcile_key(void **state)
{
	struct reconcile later = asked;
	struct rest_call other[6];
	unsigned char first[DIGEST_SHA256_BYTES];
	unsigned char key[DIGEST_SHA256_BYTES];

	key_of(*state, &asked, &over, first);
	later.received_us += 1;
	later.answer = STR("{\"price\":\"-0.1\"}");
	key_of(*state, &later, &over, key);
	assert_memory_equal(first, key, sizeof(key));
	for (size_t i = 0; i < ARRAY_LEN(other); i++)
		other[i] = over;
	other[0].status = CALL_IN_PROGRESS;
	other[1].duration_s = 5;
	other[2].started_us++;
	other[3].ended_us++;
	other[4].from = STR("+15550100008");
	other[5].to = STR_ABSENT;
	for (size_t i = 0; i < ARRAY_LEN(other); i++) {
		key_of(*state, &asked, &other[i], key);
		assert_memory_not_equal(first, key, sizeof(key));
	}
	later.path = STR("/elsewhere");
	key_of(*state, &later, &over, key);
	assert_memory_not_equal(first, key, sizeof(key));
}

static void
test_reconcile_caps_what_is_long(void **state)
{
	char *const long_text = arena_alloc(*state, 100000);
	struct reconcile large = asked;
	struct rest_call call = over;
	struct event ev;
	struct reply reply;

	memset(long_text, 'x', 100000);
	large.answer = (struct str){ long_text, 100000 };
	call.from = (struct str){ long_text, 300 };
	reconcile_call(*state, &large, &call, &ev, &reply);
	assert_int_equal(ev.body.n, RECONCILE_BODY_MAX_BYTES);
	assert_absent(reply.facts.from);
}

static const struct {
	enum recording_status status;
	int duration_s, min_s;
	bool message;
} messages[] = {
	{ RECORDING_COMPLETED, 2, 2, true },
	{ RECORDING_COMPLETED, 1, 2, false },
	{ RECORDING_COMPLETED, 0, 0, true },
	{ RECORDING_COMPLETED, -1, 2, true },
	{ RECORDING_PROCESSING, -1, 2, true },
	{ RECORDING_IN_PROGRESS, -1, 2, false },
	{ RECORDING_ABSENT, 9, 2, false },
	{ RECORDING_FAILED, 9, 2, false },
};

static void
test_reconcile_recording(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(messages); i++) {
		const struct rest_recording recording = {
			.sid = STR(RE),
			.call_sid = STR(CA),
			.is_record_verb = true,
			.status = messages[i].status,
			.duration_s = messages[i].duration_s,
		};
		struct event ev;
		struct reply reply;

		reconcile_recording(
		    &asked, &recording, messages[i].min_s, &ev, &reply);
		assert_text(reply.facts.recording.sid, RE);
		assert_int_equal(reply.facts.recording.source, SOURCE_REST);
		assert_int_equal(
		    reply.facts.recording.status, messages[i].status);
		assert_int_equal(
		    reply.facts.recording.duration_s, messages[i].duration_s);
		assert_int_equal(
		    reply.facts.recording.message, messages[i].message);
		assert_int_equal(reply.facts.status, CALL_UNKNOWN);
		assert_int_equal(reply.facts.reconciled_us, 1000);
	}
}

static const char document[] =
    "{\"lines\":{\"*\":{\"entry\":\"a\"}},\"steps\":{"
    "\"a\":{\"voicemail\":{\"say\":\"x\",\"min_s\":9}},"
    "\"b\":{\"voicemail\":{\"say\":\"x\",\"min_s\":4}},"
    "\"c\":{\"menu\":{\"say\":\"x\",\"keys\":{\"1\":\"a\",\"2\":\"b\"},"
    "\"otherwise\":\"a\"}}}}";

static void
test_reconcile_min_s(void **state)
{
	struct flow_errors errors;
	const struct flow *flow;

	assert_err(
	    flow_parse(*state, STR(document), 7, &errors, &flow), ERR_OK);
	assert_int_equal(reconcile_min_s(flow, STR("a")), 9);
	assert_int_equal(reconcile_min_s(flow, STR("b")), 4);
	assert_int_equal(reconcile_min_s(flow, STR("c")), 4);
	assert_int_equal(reconcile_min_s(flow, STR("gone")), 4);
	assert_int_equal(reconcile_min_s(flow, STR_ABSENT), 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_reconcile_call),
		TEST(test_reconcile_key),
		TEST(test_reconcile_caps_what_is_long),
		TEST(test_reconcile_recording),
		TEST(test_reconcile_min_s),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
