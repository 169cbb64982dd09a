/* rest_calls: what is asked of Twilio, and how its answers are read. */
#include "codec/json.h"
#include "testing.h"
#include "twilio/rest_calls.h"

#define AC "AC0123456789abcdef0123456789abcdef"
#define CA "CA0123456789abcdef0123456789abcdef"
#define RE "RE0123456789abcdef0123456789abcdef"
#define HOME "/2010-04-01/Accounts/" AC
#define BEGIN_US INT64_C(1795338000000000) /* 2026-11-22 09:00 */

static void
test_rest_paths(void **state)
{
	const struct str account = STR(AC);

	assert_text(rest_call_path(*state, account, STR(CA)),
	    HOME "/Calls/" CA ".json");
	assert_text(rest_call_recordings_path(*state, account, STR(CA)),
	    HOME "/Calls/" CA "/Recordings.json?PageSize=200");
	assert_text(rest_calls_path(*state, account, STR("+15550100001"),
			BEGIN_US + 999999),
	    HOME "/Calls.json?To=%2B15550100001&StartTime%3E="
		 "2026-11-22T09%3A00%3A00Z&PageSize=200");
	assert_text(
	    rest_calls_path(*state, account, STR("sip:a@b.example&To=x"), -5),
	    HOME "/Calls.json?To=sip%3Aa%40b.example%26To%3Dx&StartTime%3E="
		 "1970-01-01T00%3A00%3A00Z&PageSize=200");
	assert_text(rest_recordings_path(*state, account, BEGIN_US),
	    HOME "/Recordings.json?DateCreated%3E="
		 "2026-11-22T09%3A00%3A00Z&PageSize=200");
}

#define CALL(more) "{\"sid\":\"" CA "\",\"direction\":\"inbound\"," more "}"

static const struct {
	const char *name, *json;
	enum err want;
	struct rest_call call;
} call_rows[] = {
	{ "a call that is over",
	    CALL("\"status\":\"completed\",\"from\":\"+15550100009\","
		 "\"to\":\"+15550100001\",\"duration\":\"63\","
		 "\"parent_call_sid\":null,"
		 "\"start_time\":\"Sun, 22 Nov 2026 09:00:00 +0000\","
		 "\"end_time\":\"Sun, 22 Nov 2026 09:01:03 +0000\""),
	    ERR_OK,
	    { .from = STR_INIT("+15550100009"),
		.to = STR_INIT("+15550100001"),
		.is_inbound = true,
		.status = CALL_COMPLETED,
		.duration_s = 63,
		.started_us = BEGIN_US,
		.ended_us = BEGIN_US + 63000000 } },
	{ "one that goes on",
	    CALL("\"status\":\"in-progress\",\"duration\":null,"
		 "\"start_time\":\"Sun, 22 Nov 2026 09:00:00 +0000\","
		 "\"end_time\":null"),
	    ERR_OK,
	    { .is_inbound = true,
		.status = CALL_IN_PROGRESS,
		.duration_s = REST_NONE,
		.started_us = BEGIN_US,
		.ended_us = REST_NONE } },
	{ "words and times that we do not know",
	    CALL("\"status\":\"paused\",\"duration\":\"-1\",\"from\":7,"
		 "\"start_time\":\"yesterday\",\"end_time\":[]"),
	    ERR_OK,
	    { .is_inbound = true,
		.duration_s = REST_NONE,
		.started_us = REST_NONE,
		.ended_us = REST_NONE } },
	{ "a colleague's leg",
	    "{\"sid\":\"" CA "\",\"direction\":\"outbound-dial\","
	    "\"status\":\"busy\"}",
	    ERR_OK,
	    { .status = CALL_BUSY,
		.duration_s = REST_NONE,
		.started_us = REST_NONE,
		.ended_us = REST_NONE } },
	{ "no SID", "{\"sid\":\"CA1\",\"status\":\"busy\"}", ERR_INPUT,
	    { .duration_s = 0 } },
	{ "a list", "[]", ERR_INPUT, { .duration_s = 0 } },
	{ "no JSON", "<html>", ERR_INPUT, { .duration_s = 0 } },
	{ "nothing", "", ERR_INPUT, { .duration_s = 0 } },
	{ "cut off", "{\"sid\":\"" CA "\",", ERR_INPUT, { .duration_s = 0 } },
};

static void
test_rest_call_read(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(call_rows); i++) {
		const struct rest_call *const want = &call_rows[i].call;
		struct rest_call got = { .duration_s = 77 };

		print_message("  %s\n", call_rows[i].name);
		assert_err(
		    rest_call_read(*state, str_of(call_rows[i].json), &got),
		    call_rows[i].want);
		if (call_rows[i].want != ERR_OK) {
			assert_int_equal(got.duration_s, 77);
			continue;
		}
		assert_text(got.sid, CA);
		assert_str(got.from, want->from);
		assert_str(got.to, want->to);
		assert_int_equal(got.is_inbound, want->is_inbound);
		assert_int_equal(got.status, want->status);
		assert_int_equal(got.duration_s, want->duration_s);
		assert_int_equal(got.started_us, want->started_us);
		assert_int_equal(got.ended_us, want->ended_us);
	}
}

static const struct {
	const char *word;
	enum recording_status want;
	bool is_over;
} words[] = {
	{ "in-progress", RECORDING_IN_PROGRESS, false },
	{ "paused", RECORDING_IN_PROGRESS, false },
	{ "stopped", RECORDING_PROCESSING, false },
	{ "processing", RECORDING_PROCESSING, false },
	{ "completed", RECORDING_COMPLETED, true },
	{ "absent", RECORDING_ABSENT, true },
	{ "failed", RECORDING_FAILED, true },
	{ "deleted", RECORDING_UNKNOWN, false },
	{ "eaten", RECORDING_UNKNOWN, false },
};

static void
test_rest_recordings_read(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		struct rest_recordings got;

		print_message("  %s\n", words[i].word);
		assert_err(
		    rest_recordings_read(*state,
			str_format(*state,
			    "{\"recordings\":[7,{\"sid\":\"x\"},{\"sid\":\"" RE
			    "\",\"call_sid\":\"" CA "\",\"duration\":\"8\","
			    "\"source\":\"RecordVerb\",\"status\":\"%s\"}],"
			    "\"next_page_uri\":null}",
			    words[i].word),
			STR(AC), &got),
		    ERR_OK);
		assert_int_equal(got.n, 1);
		assert_absent(got.next);
		assert_text(got.list[0].sid, RE);
		assert_text(got.list[0].call_sid, CA);
		assert_true(got.list[0].is_record_verb);
		assert_int_equal(got.list[0].duration_s, 8);
		assert_int_equal(got.list[0].status, words[i].want);
		assert_int_equal(
		    rest_recording_is_over(&got.list[0]), words[i].is_over);
	}
}

/* Our credentials go to wherever the next page is. */
static const struct {
	const char *next;
	enum err want;
} next_rows[] = {
	{ "null", ERR_OK },
	{ "\"\"", ERR_OK },
	{ "\"" HOME "/Calls.json?Page=1&PageToken=PA1&To=%2B1555\"", ERR_OK },
	{ "\"" HOME "/Recordings.json?Page=1\"", ERR_OK },
	{ "\"https://evil.example" HOME "/Calls.json?Page=1\"", ERR_INPUT },
	{ "\"//evil.example" HOME "/Calls.json?Page=1\"", ERR_INPUT },
	{ "\"@evil.example" HOME "/Calls.json\"", ERR_INPUT },
	{ "\".evil.example" HOME "/Calls.json\"", ERR_INPUT },
	{ "\":80" HOME "/Calls.json\"", ERR_INPUT },
	{ "\"\\\\\\\\evil.example" HOME "/Calls.json\"", ERR_INPUT },
	{ "\"" HOME "/../AC11111111111111111111111111111111/Calls.json\"",
	    ERR_INPUT },
	{ "\"" HOME "/%2e%2e/x/Calls.json\"", ERR_INPUT },
	{ "\"" HOME "\\\\..\\\\x\"", ERR_INPUT },
	{ "\"" HOME "/Calls.json#x\"", ERR_INPUT },
	{ "\"" HOME "/Calls.json HTTP/1.1\"", ERR_INPUT },
	{ "\"" HOME "/Calls.json\\r\\nHost: evil.example\"", ERR_INPUT },
	{ "\"" HOME "/Calls.json\\u00e9\"", ERR_INPUT },
	{ "\"/2010-04-01/Accounts/AC11111111111111111111111111111111/"
	  "Calls.json\"",
	    ERR_INPUT },
	{ "\"" HOME "evil/Calls.json\"", ERR_INPUT },
	{ "\"/\"", ERR_INPUT },
};

static void
test_rest_next_page(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(next_rows); i++) {
		const struct str json = str_format(*state,
		    "{\"calls\":[],\"recordings\":[],\"next_page_uri\":%s}",
		    next_rows[i].next);
		struct rest_recordings recordings;
		struct rest_calls calls;

		print_message("  %s\n", next_rows[i].next);
		assert_err(rest_calls_read(*state, json, STR(AC), &calls),
		    next_rows[i].want);
		assert_err(
		    rest_recordings_read(*state, json, STR(AC), &recordings),
		    next_rows[i].want);
	}
}

static void
test_rest_lists_of_another_kind(void **state)
{
	struct rest_calls calls;

	assert_err(
	    rest_calls_read(*state, STR("{}"), STR(AC), &calls), ERR_INPUT);
	assert_err(
	    rest_calls_read(*state, STR("{\"calls\":{}}"), STR(AC), &calls),
	    ERR_INPUT);
	assert_err(
	    rest_calls_read(*state, STR("{\"code\":20003}"), STR(AC), &calls),
	    ERR_INPUT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_rest_paths),
		TEST(test_rest_call_read),
		TEST(test_rest_recordings_read),
		TEST(test_rest_next_page),
		TEST(test_rest_lists_of_another_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
