/* flow_step: callbacks get no TwiML, and tell facts about their own leg only. */
#include "flow_testing.h"

#define AT "line=%2B15550100001&call=" CALL_SID "&v=7&n=3&step="
#define OWN "CallSid=" CALL_SID "&From=%2B15550100009&To=%2B15550100001"
#define LEG "CallSid=" LEG_SID "&ParentCallSid=" CALL_SID
#define END "&Timestamp=Sun,+30+May+2021+13:48:10+%2B0000"
#define END_US INT64_C(1622382490000000)

static struct facts
facts_of(struct arena *arena, const char *uri, const char *body)
{
	const struct flow *const flow = flow_of_file(arena, "office", 7);
	const struct event ev = event_of(arena, str_of(uri), str_of(body));
	struct reply reply;

	flow_step(arena, flow, NULL, &ev, &reply);
	assert_absent(reply.twiml);
	assert_int_equal(reply.facts.place, PLACE_NONE);
	return reply.facts;
}

static void
test_flow_status(void **state)
{
	const struct facts f = facts_of(*state, "/twilio/status",
	    OWN "&CallStatus=completed&CallDuration=63" END);

	assert_int_equal(f.n, FACT_NONE);
	assert_int_equal(f.status, CALL_COMPLETED);
	assert_int_equal(f.status_source, SOURCE_CALLBACK);
	assert_int_equal(f.duration_s, 63);
	assert_int_equal(f.ended_us, END_US);
	assert_int_equal(f.started_us, END_US - 63 * INT64_C(1000000));
	assert_text(f.from, "+15550100009");
}

static void
test_flow_status_without_times(void **state)
{
	struct facts f =
	    facts_of(*state, "/twilio/status", OWN "&CallStatus=no-answer" END);

	assert_int_equal(f.ended_us, END_US);
	assert_int_equal(f.started_us, FACT_NONE);
	assert_int_equal(f.duration_s, FACT_NONE);
	f = facts_of(
	    *state, "/twilio/status", OWN "&CallStatus=busy&CallDuration=5");
	assert_int_equal(f.duration_s, 5);
	assert_int_equal(f.ended_us, FACT_NONE);
	assert_int_equal(f.started_us, FACT_NONE);
}

/* A call that goes on has no length and no end. */
static void
test_flow_status_of_a_call_that_goes_on(void **state)
{
	const struct facts f = facts_of(*state, "/twilio/status",
	    OWN "&CallStatus=in-progress&CallDuration=63" END);

	assert_int_equal(f.status, CALL_IN_PROGRESS);
	assert_int_equal(f.duration_s, FACT_NONE);
	assert_int_equal(f.ended_us, FACT_NONE);
}

/* Only the inbound leg's own events tell how the call ended, and from whom. */
static void
test_flow_status_of_another_leg(void **state)
{
	const struct facts f = facts_of(*state, "/twilio/status",
	    LEG "&From=%2B15550100001&CallStatus=completed&CallDuration=9" END);

	assert_int_equal(f.status, CALL_UNKNOWN);
	assert_int_equal(f.duration_s, FACT_NONE);
	assert_int_equal(f.ended_us, FACT_NONE);
	assert_absent(f.from);
}

/* A call that came to the number from another one is a call of its own. */
static void
test_flow_status_with_a_parent(void **state)
{
	const struct facts f = facts_of(*state, "/twilio/status",
	    LEG
	    "&Direction=inbound&From=%2B15550100001&CallStatus=completed&CallDuration=9" END);

	assert_int_equal(f.status, CALL_COMPLETED);
	assert_int_equal(f.duration_s, 9);
	assert_text(f.from, "+15550100001");
}

static const struct leg_row {
	const char *status;
	enum call_status want;
	bool answered;
} legs[] = {
	{ "initiated", CALL_INITIATED, false },
	{ "ringing", CALL_RINGING, false },
	{ "in-progress", CALL_IN_PROGRESS, true },
	{ "completed", CALL_COMPLETED, true },
	{ "busy", CALL_BUSY, false },
	{ "no-answer", CALL_NO_ANSWER, false },
	{ "failed", CALL_FAILED, false },
	{ "canceled", CALL_CANCELED, false },
};

static void
test_flow_leg(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(legs); i++) {
		const struct leg_row *const r = &legs[i];
		const struct facts f =
		    facts_of(*state, "/twilio/leg?" AT "office&phone=reception",
			str_format(*state, LEG "&CallStatus=%s&CallDuration=9",
			    r->status)
			    .p);

		print_message("  %s\n", r->status);
		assert_text(f.leg_sid, LEG_SID);
		assert_text(f.leg_phone, "Reception");
		assert_int_equal(f.leg_status, r->want);
		assert_int_equal(f.leg_duration_s, 9);
		assert_int_equal(f.status, CALL_UNKNOWN);
		assert_int_equal(f.forwarded_n, 3);
		assert_str(f.forwarded_to,
		    r->answered ? STR("Reception") : STR_ABSENT);
		assert_int_equal(f.forwarded_rank,
		    r->answered ? FORWARDED_ANSWERED : FORWARDED_RUNG);
	}
}

static void
test_flow_leg_of_an_unknown_phone(void **state)
{
	const struct facts f =
	    facts_of(*state, "/twilio/leg?" AT "office&phone=nobody",
		LEG "&CallStatus=in-progress");

	assert_absent(f.leg_phone);
	assert_absent(f.forwarded_to);
	assert_int_equal(f.leg_status, CALL_IN_PROGRESS);
}

/* Who pressed a key has picked up, whatever else the request tells. */
static void
test_flow_key_without_a_status(void **state)
{
	const struct flow *const flow = flow_of_file(*state, "office", 7);
	const struct event ev = event_of(*state,
	    STR("/twilio/screen-key?" AT "office&phone=reception"),
	    STR(LEG "&Digits=5"));
	struct reply reply;

	flow_step(*state, flow, NULL, &ev, &reply);
	assert_true(reply.facts.accepted);
	assert_int_equal(reply.facts.forwarded_rank, FORWARDED_ACCEPTED);
	assert_text(reply.facts.forwarded_to, "Reception");
}

static const struct recording_row {
	const char *name;
	const char *uri, *body;
	enum recording_status status;
	int duration_s;
	bool message;
} recordings[] = {
	{ "a message", "/twilio/recording?" AT "message",
	    "RecordingStatus=completed&RecordingDuration=12",
	    RECORDING_COMPLETED, 12, true },
	{ "as long as a message must be", "/twilio/recording?" AT "message",
	    "RecordingStatus=completed&RecordingDuration=2",
	    RECORDING_COMPLETED, 2, true },
	{ "shorter", "/twilio/recording?" AT "message",
	    "RecordingStatus=completed&RecordingDuration=1",
	    RECORDING_COMPLETED, 1, false },
	{ "of unknown length", "/twilio/recording?" AT "message",
	    "RecordingStatus=completed", RECORDING_COMPLETED, FACT_NONE, true },
	{ "absent", "/twilio/recording?" AT "message", "RecordingStatus=absent",
	    RECORDING_ABSENT, FACT_NONE, false },
	{ "failed", "/twilio/recording?" AT "message",
	    "RecordingStatus=failed&RecordingDuration=12", RECORDING_FAILED, 12,
	    false },
	{ "that goes on", "/twilio/recording?" AT "message",
	    "RecordingStatus=in-progress", RECORDING_IN_PROGRESS, FACT_NONE,
	    false },
	{ "of a status that we do not know", "/twilio/recording?" AT "message",
	    "RecordingStatus=odd&RecordingDuration=12", RECORDING_UNKNOWN, 12,
	    false },
	{ "at an unknown step", "/twilio/recording?" AT "nowhere",
	    "RecordingStatus=completed&RecordingDuration=1",
	    RECORDING_COMPLETED, 1, false },
	{ "at a step that is no voicemail", "/twilio/recording?" AT "welcome",
	    "RecordingStatus=completed&RecordingDuration=2",
	    RECORDING_COMPLETED, 2, true },
};

static void
test_flow_recording(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(recordings); i++) {
		const struct recording_row *const r = &recordings[i];
		const struct facts f = facts_of(*state, r->uri,
		    str_format(*state,
			"CallSid=" CALL_SID "&RecordingSid=" RECORDING_SID
			"&%s",
			r->body)
			.p);

		print_message("  %s\n", r->name);
		assert_text(f.recording.sid, RECORDING_SID);
		assert_int_equal(f.recording.source, SOURCE_CALLBACK);
		assert_int_equal(f.recording.status, r->status);
		assert_int_equal(f.recording.duration_s, r->duration_s);
		assert_int_equal(f.recording.message, r->message);
	}
}

static void
test_flow_recording_without_its_sid(void **state)
{
	const struct facts f =
	    facts_of(*state, "/twilio/recording?" AT "message",
		"CallSid=" CALL_SID "&RecordingStatus=completed"
		"&RecordingDuration=12");

	assert_absent(f.recording.sid);
	assert_int_equal(f.recording.source, SOURCE_NONE);
	assert_false(f.recording.message);
}

static void
test_flow_transcription(void **state)
{
	const struct facts f =
	    facts_of(*state, "/twilio/transcription?" AT "message",
		OWN "&TranscriptionStatus=completed&TranscriptionText=Call+me");

	assert_text(f.transcript, "Call me");
	assert_absent(facts_of(*state, "/twilio/transcription?" AT "message",
	    OWN "&TranscriptionStatus=failed")
		.transcript);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_flow_status),
		TEST(test_flow_status_without_times),
		TEST(test_flow_status_of_a_call_that_goes_on),
		TEST(test_flow_status_of_another_leg),
		TEST(test_flow_status_with_a_parent),
		TEST(test_flow_leg),
		TEST(test_flow_leg_of_an_unknown_phone),
		TEST(test_flow_key_without_a_status),
		TEST(test_flow_recording),
		TEST(test_flow_recording_without_its_sid),
		TEST(test_flow_transcription),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
