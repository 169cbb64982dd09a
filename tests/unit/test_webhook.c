/* webhook: each parameter becomes the field that stands for it. */
#include "testing.h"
#include "twilio/webhook.h"

#define SID "CA0123456789abcdef0123456789abcdef"
#define RE "RE0123456789abcdef0123456789abcdef"

static struct event
parse(struct arena *arena, enum event_kind kind, const char *body)
{
	struct form form;
	struct webhook webhook = { kind, str_of(event_kind_path(kind)),
		str_of(body), &form, 42 };

	assert_err(form_parse(arena, str_of(body), 512, &form), ERR_OK);
	return webhook_parse(arena, &webhook);
}

static void
test_webhook_caller(void **state)
{
	const struct event ev = parse(*state, EVENT_VOICE,
	    "CallSid=" SID "&From=%2B15550100009&To=%2B15550100001"
	    "&CallerName=Zo%C3%AB&FromCity=SPRINGFIELD&FromState=IL"
	    "&FromCountry=US&StirVerstat=TN-Validation-Passed-A"
	    "&CallStatus=ringing");

	assert_int_equal(ev.kind, EVENT_VOICE);
	assert_int_equal(ev.received_us, 42);
	assert_text(ev.uri, "/twilio/voice");
	assert_text(ev.from, "+15550100009");
	assert_text(ev.to, "+15550100001");
	assert_text(ev.caller_name, "Zo\xc3\xab");
	assert_text(ev.city, "SPRINGFIELD");
	assert_text(ev.region, "IL");
	assert_text(ev.country, "US");
	assert_text(ev.verstat, "TN-Validation-Passed-A");
	assert_int_equal(ev.status, CALL_RINGING);
	assert_int_equal(ev.state.n, STATE_N_ENTRY);
}

/* Twilio sends some under two names; either will do, the first one first. */
static void
test_webhook_second_names(void **state)
{
	const struct event ev = parse(*state, EVENT_VOICE,
	    "CallSid=" SID "&From=&Caller=%2B15550100009&Called=%2B15550100001"
	    "&FromCity=A&CallerCity=B&CallerState=C&CallerCountry=D");

	assert_text(ev.from, "+15550100009");
	assert_text(ev.to, "+15550100001");
	assert_text(ev.line, "+15550100001");
	assert_text(ev.city, "A");
	assert_text(ev.region, "C");
	assert_text(ev.country, "D");
}

static void
test_webhook_absent(void **state)
{
	const struct event ev = parse(*state, EVENT_STATUS,
	    "CallSid=&From=&CallerName=&Digits=&DialBridged=&RecordingSid=");

	assert_absent(ev.call_sid);
	assert_absent(ev.leg_sid);
	assert_absent(ev.line);
	assert_absent(ev.from);
	assert_absent(ev.caller_name);
	assert_str(
	    ev.digits, STR("")); /* no key is not the same as no Gather */
	assert_absent(ev.recording_sid);
	assert_absent(ev.transcript);
	assert_false(ev.inbound_leg);
	assert_int_equal(ev.status, CALL_UNKNOWN);
	assert_int_equal(ev.dial_status, CALL_UNKNOWN);
	assert_int_equal(ev.bridged, BRIDGED_UNKNOWN);
	assert_int_equal(ev.duration_s, WEBHOOK_UNKNOWN);
	assert_int_equal(ev.dial_duration_s, WEBHOOK_UNKNOWN);
	assert_int_equal(ev.recording_duration_s, WEBHOOK_UNKNOWN);
	assert_int_equal(ev.sequence, WEBHOOK_UNKNOWN);
	assert_int_equal(ev.sip_code, WEBHOOK_UNKNOWN);
	assert_int_equal(ev.error_code, WEBHOOK_UNKNOWN);
	assert_int_equal(ev.timestamp_us, -1);
	assert_int_equal(ev.recording_status, RECORDING_UNKNOWN);
	assert_absent(parse(*state, EVENT_MENU, "").digits);
}

static void
test_webhook_progress(void **state)
{
	const struct event ev = parse(*state, EVENT_STATUS,
	    "CallSid=" SID "&CallStatus=completed&CallDuration=63&Duration=2"
	    "&SequenceNumber=0&SipResponseCode=200"
	    "&Timestamp=Sun%2C+30+May+2021+13%3A48%3A10+%2B0000");

	assert_int_equal(ev.status, CALL_COMPLETED);
	assert_int_equal(ev.duration_s, 63);
	assert_int_equal(ev.sequence, 0);
	assert_int_equal(ev.sip_code, 200);
	assert_int_equal(ev.timestamp_us, INT64_C(1622382490000000));
	assert_int_equal(ev.state.n, 0);
}

static void
test_webhook_numbers_that_make_no_sense(void **state)
{
	static const char *const values[] = { "", "-1", "+5", "5.0", "x", "%00",
		"99999999999", "1e3", "%201" };

	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		const struct event ev = parse(*state, EVENT_STATUS,
		    str_format(*state,
			"CallSid=" SID "&CallDuration=%s&Timestamp=%s",
			values[i], values[i])
			.p);

		print_message("  \"%s\"\n", values[i]);
		assert_int_equal(ev.duration_s, WEBHOOK_UNKNOWN);
		assert_int_equal(ev.timestamp_us, -1);
	}
}

static void
test_webhook_dial(void **state)
{
	static const struct {
		const char *value;
		enum bridged want;
	} rows[] = {
		{ "true", BRIDGED_YES },
		{ "false", BRIDGED_NO },
		{ "True", BRIDGED_UNKNOWN },
		{ "1", BRIDGED_UNKNOWN },
		{ "", BRIDGED_UNKNOWN },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct event ev = parse(*state, EVENT_DIAL,
		    str_format(*state,
			"CallSid=" SID "&DialCallStatus=no-answer"
			"&DialCallDuration=7&DialBridged=%s",
			rows[i].value)
			.p);

		assert_int_equal(ev.bridged, rows[i].want);
		assert_int_equal(ev.dial_status, CALL_NO_ANSWER);
		assert_int_equal(ev.dial_duration_s, 7);
	}
}

static const struct recording_row {
	const char *name;
	const char *body;
	const char *want; /* NULL: absent */
} recordings[] = {
	{ "its own parameter", "RecordingSid=" RE, RE },
	{ "the end of the URL",
	    "RecordingUrl=https://api.twilio.com/2010-04-01/Accounts/AC1/"
	    "Recordings/" RE,
	    RE },
	{ "with an extension", "RecordingUrl=https://x/Recordings/" RE ".wav",
	    RE },
	{ "with a query", "RecordingUrl=https://x/" RE "%3Fa=/b", RE },
	{ "the parameter first",
	    "RecordingSid=" RE
	    "&RecordingUrl=https://x/RE11111111111111111111111111111111",
	    RE },
	{ "a parameter that is no SID", "RecordingSid=RE1&RecordingUrl=/" RE,
	    RE },
	{ "a URL without", "RecordingUrl=https://x/Recordings/", NULL },
	{ "a path that leads elsewhere", "RecordingUrl=https://x/" RE "/../y",
	    NULL },
	{ "another kind of SID", "RecordingSid=" SID, NULL },
	{ "neither", "", NULL },
};

static void
test_webhook_recording(void **state)
{
	const struct event ev = parse(*state, EVENT_RECORDING,
	    "RecordingStatus=completed&RecordingDuration=12");

	assert_int_equal(ev.recording_status, RECORDING_COMPLETED);
	assert_int_equal(ev.recording_duration_s, 12);
	for (size_t i = 0; i < ARRAY_LEN(recordings); i++) {
		print_message("  %s\n", recordings[i].name);
		assert_str(parse(*state, EVENT_RECORDING, recordings[i].body)
			       .recording_sid,
		    str_of(recordings[i].want));
	}
}

static void
test_webhook_transcript(void **state)
{
	assert_text(parse(*state, EVENT_TRANSCRIPTION,
			"TranscriptionStatus=completed"
			"&TranscriptionText=Call+me")
			.transcript,
	    "Call me");
	assert_absent(parse(*state, EVENT_TRANSCRIPTION,
	    "TranscriptionStatus=failed&TranscriptionText=Call+me")
		.transcript);
	assert_absent(parse(*state, EVENT_TRANSCRIPTION,
	    "TranscriptionStatus=completed&TranscriptionText=")
		.transcript);
	assert_absent(parse(*state, EVENT_TRANSCRIPTION, "").transcript);
}

static void
test_webhook_cleans_and_cuts(void **state)
{
	struct event ev = parse(*state, EVENT_VOICE,
	    "CallSid=" SID "&CallerName=a%ff%00b&From=sip:%c3%28");
	struct str body;

	assert_text(ev.caller_name,
	    "a\xef\xbf\xbd\xef\xbf\xbd"
	    "b");
	assert_text(ev.from, "sip:\xef\xbf\xbd(");
	body = str_format(
	    *state, "CallSid=" SID "&CallerName=%05000d&From=%0300d", 7, 7);
	ev = parse(*state, EVENT_VOICE, body.p);
	assert_int_equal(ev.caller_name.n, 256);
	assert_int_equal(ev.from.n, 256);
	assert_str(ev.body, body);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_webhook_caller),
		TEST(test_webhook_second_names),
		TEST(test_webhook_absent),
		TEST(test_webhook_progress),
		TEST(test_webhook_numbers_that_make_no_sense),
		TEST(test_webhook_dial),
		TEST(test_webhook_recording),
		TEST(test_webhook_transcript),
		TEST(test_webhook_cleans_and_cuts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
