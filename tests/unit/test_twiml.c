/* twiml: each verb as it is written, and the two limits of a document. */
#include "testing.h"
#include "twilio/twiml.h"

#include "codec/utf8.h"

#include <string.h>

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>"
#define TAIL "</Response>"

static const struct twiml_voice no_voice = { { NULL, 0 }, { NULL, 0 } };

static void
verb_say(struct twiml *t)
{
	const struct twiml_voice voice = { STR_INIT("Polly.Amy"),
		STR_INIT("en-GB") };

	twiml_say(t, &voice, STR("Hi & \"bye\""));
	twiml_say(t, &no_voice, STR(""));
}

static void
verb_gather(struct twiml *t)
{
	const struct twiml_gather gather = { STR_INIT("/a?b=1&c=2"), 1, 6 };

	twiml_gather_begin(t, &gather);
	twiml_pause(t, 2);
	twiml_gather_end(t);
}

static void
verb_dial(struct twiml *t)
{
	const struct twiml_dial dial = { STR_INIT("/dial"),
		STR_INIT("+15550100001"), 25, 3600, true };
	const struct twiml_dial plain = {
		.action = STR_INIT("/dial"), .timeout_s = 5, .time_limit_s = 60
	};
	const struct twiml_number number = { STR_INIT("+15550100777"),
		STR_INIT("/screen"), STR_INIT("/leg") };
	const struct twiml_number open = { .number = STR_INIT("+15550100778"),
		.status_callback = STR_INIT("/leg") };

	twiml_dial_begin(t, &dial);
	twiml_number(t, &number);
	twiml_number(t, &open);
	twiml_dial_end(t);
	twiml_dial_begin(t, &plain);
	twiml_dial_end(t);
}

static void
verb_record(struct twiml *t)
{
	const struct twiml_record record = { STR_INIT("/voicemail"),
		STR_INIT("/recording#rc=5"), STR_INIT("/transcription"), 119,
		0 };
	struct twiml_record plain = record;

	twiml_record(t, &record);
	plain.transcribe_callback = STR_ABSENT;
	twiml_record(t, &plain);
}

static void
verb_redirect(struct twiml *t)
{
	twiml_redirect(t, STR("/menu?a=1&b=2"));
	twiml_hangup(t);
}

static void
verb_reject(struct twiml *t)
{
	twiml_reject(t);
}

static void
verb_none(struct twiml *t)
{
	(void)t;
}

#define NUMBER_EVENTS                                                          \
	" statusCallback=\"/leg\" statusCallbackEvent=\"initiated ringing "    \
	"answered completed\" statusCallbackMethod=\"POST\""
#define RECORD_HEAD                                                            \
	"<Record action=\"/voicemail\" method=\"POST\" maxLength=\"119\" "     \
	"timeout=\"0\" finishOnKey=\"#\" playBeep=\"true\" "                   \
	"trim=\"trim-silence\" recordingStatusCallback=\"/recording#rc=5\" "   \
	"recordingStatusCallbackMethod=\"POST\" "                              \
	"recordingStatusCallbackEvent=\"completed absent\""

static const struct row {
	const char *name;
	void (*write)(struct twiml *t);
	const char *want;
} rows[] = {
	{ "Say, with a voice and without", verb_say,
	    "<Say voice=\"Polly.Amy\" language=\"en-GB\">Hi &amp; \"bye\"</Say>"
	    "<Say></Say>" },
	{ "Reject", verb_reject, "<Reject reason=\"rejected\"/>" },
	{ "Gather takes every key", verb_gather,
	    "<Gather action=\"/a?b=1&amp;c=2\" method=\"POST\" input=\"dtmf\" "
	    "numDigits=\"1\" timeout=\"6\" finishOnKey=\"\">"
	    "<Pause length=\"2\"/></Gather>" },
	{ "Dial, screened and not", verb_dial,
	    "<Dial action=\"/dial\" method=\"POST\" timeout=\"25\" "
	    "answerOnBridge=\"true\" callerId=\"+15550100001\" "
	    "timeLimit=\"3600\" sequential=\"true\">"
	    "<Number url=\"/screen\"" NUMBER_EVENTS ">+15550100777</Number>"
	    "<Number" NUMBER_EVENTS ">+15550100778</Number></Dial>"
	    "<Dial action=\"/dial\" method=\"POST\" timeout=\"5\" "
	    "answerOnBridge=\"true\" timeLimit=\"60\"/>" },
	{ "Record, transcribed and not", verb_record,
	    RECORD_HEAD " transcribe=\"true\" "
			"transcribeCallback=\"/transcription\"/>" RECORD_HEAD
			"/>" },
	{ "Redirect and Hangup", verb_redirect,
	    "<Redirect method=\"POST\">/menu?a=1&amp;b=2</Redirect><Hangup/>" },
};

static void
test_twiml_verbs(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct twiml t;
		struct str out;

		print_message("  %s\n", rows[i].name);
		twiml_begin(&t, *state);
		rows[i].write(&t);
		assert_err(twiml_end(&t, &out), ERR_OK);
		assert_text(
		    out, str_format(*state, HEAD "%s" TAIL, rows[i].want).p);
	}
}

static void
test_twiml_empty(void **state)
{
	struct twiml t;
	struct str out;

	twiml_begin(&t, *state);
	verb_none(&t);
	assert_err(twiml_end(&t, &out), ERR_OK);
	assert_text(
	    out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>");
}

/* Characters count, not bytes, and none is cut in two. */
static void
test_twiml_say_is_cut(void **state)
{
	static const char *const characters[] = { "a", "\xc3\xa9",
		"\xe2\x98\x8e", "\xf0\x9f\x98\x80", "\xff" };
	const size_t around = strlen(HEAD "<Say></Say>" TAIL);

	for (size_t i = 0; i < ARRAY_LEN(characters); i++) {
		const struct str c = str_of(characters[i]);
		const size_t seen = utf8_is_valid(c) ? c.n : 3; /* U+FFFD */
		struct buf text;
		struct twiml t;
		struct str out;

		buf_init(&text, *state, 20000);
		for (int n = 0; n < TWIML_SAY_MAX; n++)
			buf_add(&text, c);
		for (int extra = 0; extra < 3; extra++) {
			twiml_begin(&t, *state);
			twiml_say(&t, &no_voice, buf_str(&text));
			assert_err(twiml_end(&t, &out), ERR_OK);
			assert_int_equal(out.n, around + seen * TWIML_SAY_MAX);
			assert_true(utf8_is_valid(out));
			buf_add(&text, c);
		}
	}
}

static void
test_twiml_limit(void **state)
{
	const size_t around = strlen(HEAD "<Redirect method=\"POST\">"
					  "</Redirect>" TAIL);

	for (size_t n = TWIML_MAX_BYTES - 2; n < TWIML_MAX_BYTES + 2; n++) {
		char *const url = arena_alloc(*state, n);
		struct twiml t;
		struct str out = STR("untouched");
		enum err e;

		memset(url, 'x', n);
		twiml_begin(&t, *state);
		twiml_redirect(&t, bytes_of(url, n - around));
		e = twiml_end(&t, &out);
		if (n <= TWIML_MAX_BYTES) {
			assert_err(e, ERR_OK);
			assert_int_equal(out.n, n);
		} else {
			assert_err(e, ERR_LIMIT);
			assert_text(out, "untouched");
		}
	}
}

static void
test_twiml_left_open(void **state)
{
	const struct twiml_gather gather = { STR_INIT("/a"), 1, 6 };
	struct twiml t;
	struct str out = STR("untouched");

	twiml_begin(&t, *state);
	twiml_gather_begin(&t, &gather);
	assert_err(twiml_end(&t, &out), ERR_BUG);
	twiml_begin(&t, *state);
	twiml_gather_end(&t);
	assert_err(twiml_end(&t, &out), ERR_BUG);
	assert_text(out, "untouched");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_twiml_verbs),
		TEST(test_twiml_empty),
		TEST(test_twiml_say_is_cut),
		TEST(test_twiml_limit),
		TEST(test_twiml_left_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
