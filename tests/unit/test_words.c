/* words: Twilio's words, each once, and what counts as a SID. */
#include "testing.h"
#include "twilio/words.h"

#include <string.h>

static const struct {
	const char *word;
	enum call_status status;
	bool terminal;
} call_words[] = {
	{ "queued", CALL_QUEUED, false },
	{ "initiated", CALL_INITIATED, false },
	{ "ringing", CALL_RINGING, false },
	{ "in-progress", CALL_IN_PROGRESS, false },
	{ "completed", CALL_COMPLETED, true },
	{ "busy", CALL_BUSY, true },
	{ "failed", CALL_FAILED, true },
	{ "no-answer", CALL_NO_ANSWER, true },
	{ "canceled", CALL_CANCELED, true },
	{ "answered", CALL_ANSWERED, false },
	{ "Completed", CALL_UNKNOWN, false },
	{ "no_answer", CALL_UNKNOWN, false },
	{ "", CALL_UNKNOWN, false },
};

static void
test_call_status(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(call_words); i++) {
		const enum call_status got =
		    call_status_parse(str_of(call_words[i].word));

		print_message("  %s\n", call_words[i].word);
		assert_int_equal(got, call_words[i].status);
		assert_int_equal(
		    call_status_is_terminal(got), call_words[i].terminal);
	}
	assert_int_equal(call_status_parse(STR_ABSENT), CALL_UNKNOWN);
	assert_null(call_status_word(CALL_UNKNOWN));
	for (int i = 1; i < CALL__MAX; i++)
		assert_int_equal(call_status_parse(str_of(
				     call_status_word((enum call_status)i))),
		    i);
}

static void
test_recording_status(void **state)
{
	static const struct {
		const char *word;
		enum recording_status status;
	} words[] = {
		{ "in-progress", RECORDING_IN_PROGRESS },
		{ "processing", RECORDING_PROCESSING },
		{ "failed", RECORDING_FAILED },
		{ "absent", RECORDING_ABSENT },
		{ "completed", RECORDING_COMPLETED },
		{ "paused", RECORDING_UNKNOWN },
		{ "", RECORDING_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		assert_int_equal(recording_status_parse(str_of(words[i].word)),
		    words[i].status);
}

static void
test_event_kinds(void **state)
{
	static const struct {
		enum event_kind kind;
		const char *name, *path;
		bool voice;
	} kinds[] = {
		{ EVENT_VOICE, "voice", "/twilio/voice", true },
		{ EVENT_MENU, "menu", "/twilio/menu", true },
		{ EVENT_DIAL, "dial", "/twilio/dial", true },
		{ EVENT_SCREEN, "screen", "/twilio/screen", true },
		{ EVENT_SCREEN_KEY, "screen_key", "/twilio/screen-key", true },
		{ EVENT_VOICEMAIL, "voicemail", "/twilio/voicemail", true },
		{ EVENT_FALLBACK, "fallback", "/twilio/fallback", true },
		{ EVENT_STATUS, "status", "/twilio/status", false },
		{ EVENT_LEG, "leg", "/twilio/leg", false },
		{ EVENT_RECORDING, "recording", "/twilio/recording", false },
		{ EVENT_TRANSCRIPTION, "transcription", "/twilio/transcription",
		    false },
	};

	(void)state;
	assert_int_equal(ARRAY_LEN(kinds), EVENT__MAX);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		assert_string_equal(
		    event_kind_name(kinds[i].kind), kinds[i].name);
		assert_string_equal(
		    event_kind_path(kinds[i].kind), kinds[i].path);
		assert_int_equal(
		    event_kind_is_voice(kinds[i].kind), kinds[i].voice);
	}
}

static void
test_sid_is(void **state)
{
	static const struct {
		const char *sid;
		bool ok;
	} sids[] = {
		{ "CA0123456789abcdef0123456789abcdef", true },
		{ "CA0123456789ABCDEF0123456789abcdef", true },
		{ "RE0123456789abcdef0123456789abcdef", false },
		{ "ca0123456789abcdef0123456789abcdef", false },
		{ "CA0123456789abcdef0123456789abcde", false },
		{ "CA0123456789abcdef0123456789abcdef0", false },
		{ "CA0123456789abcdef0123456789abcdeg", false },
		{ "CA0123456789abcdef/../456789abcdef", false },
		{ "CA", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sids); i++)
		assert_int_equal(sid_is(str_of(sids[i].sid), "CA"), sids[i].ok);
	assert_true(sid_is(STR("RE0123456789abcdef0123456789abcdef"), "RE"));
	assert_false(sid_is(STR_ABSENT, "CA"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_call_status),
		TEST(test_recording_status),
		TEST(test_event_kinds),
		TEST(test_sid_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
