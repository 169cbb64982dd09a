/* webhook: every form gives an event whose strings a row can hold, and whose
 * line and call survive the URL that is handed to Twilio next. */
#include "codec/utf8.h"
#include "testing.h"
#include "twilio/webhook.h"

#define CALL "CA0123456789abcdef0123456789abcdef"

static struct event
parse(
    struct arena *arena, enum event_kind kind, struct str uri, struct str body)
{
	struct form *const form = ARENA_NEW(arena, struct form);
	const struct webhook webhook = { kind, uri, body, form, 0 };

	assert_err(form_parse(arena, body, 4096, form), ERR_OK);
	return webhook_parse(arena, &webhook);
}

static void
assert_fit(struct str s)
{
	assert_true(utf8_is_valid(s));
	assert_int_equal(str_find(s, '\0'), s.n);
	assert_true(s.p == NULL || s.n > 0);
	assert_true(s.n <= 3 * 4096);
}

static void
assert_event(const struct event *ev)
{
	assert_fit(ev->line);
	assert_fit(ev->call_sid);
	assert_fit(ev->leg_sid);
	assert_fit(ev->from);
	assert_fit(ev->to);
	assert_fit(ev->caller_name);
	assert_fit(ev->city);
	assert_fit(ev->region);
	assert_fit(ev->country);
	assert_fit(ev->verstat);
	assert_fit(ev->recording_sid);
	assert_fit(ev->transcript);
	assert_fit(ev->state.line);
	assert_fit(ev->state.call_sid);
	assert_fit(ev->state.step);
	assert_fit(ev->state.phone);
	assert_fit(ev->state.caller);
	assert_true(ev->status < CALL__MAX && ev->dial_status < CALL__MAX);
	assert_true(ev->recording_status < RECORDING__MAX);
	assert_in_range(ev->state.n, 0, STATE_N_MAX);
	assert_in_range(ev->state.try, 1, 100);
	assert_true(ev->state.version >= -1);
	assert_true(ev->duration_s >= -1 && ev->timestamp_us >= -1);
	assert_true(ev->failed < EVENT__MAX);
}

static const char *const names[] = { "CallSid", "ParentCallSid", "From",
	"Caller", "To", "Called", "CallStatus", "CallDuration", "Timestamp",
	"SequenceNumber", "Digits", "DialCallStatus", "DialCallSid",
	"DialBridged", "DialCallDuration", "RecordingSid", "RecordingUrl",
	"RecordingStatus", "RecordingDuration", "TranscriptionStatus",
	"TranscriptionText", "ErrorUrl", "ErrorCode", "CallerName",
	"FromCity" };

#define MENU_URL "https://h/twilio/menu?n=3%26v=7%26try=0"
#define DIAL_URL "https%3A%2F%2Fh%2Ftwilio%2Fdial%3Fline%3D%ff%26n%3D5"

static const char *const values[] = { CALL,
	"CA11111111111111111111111111111111", "%2B15550100001", "anonymous",
	"completed", "true", "12", "99999999999999", "%ff%00", "", MENU_URL,
	DIAL_URL, "Sun, 30 May 2021 13:48:10 %2B0000" };

static struct str
random_body(struct random *r, struct arena *arena)
{
	struct str body = STR("");

	for (size_t i = random_below(r, 12); i > 0; i--) {
		const char *const name =
		    names[random_below(r, ARRAY_LEN(names))];
		const char *const value =
		    values[random_below(r, ARRAY_LEN(values))];
		const struct str noise =
		    form_escape(arena, random_bytes(r, arena, 8));

		body = str_format(arena, "%.*s&%s=%s%.*s", STR_ARG(body), name,
		    value, random_below(r, 3) == 0 ? (int)noise.n : 0, noise.p);
	}
	return body;
}

static void
test_webhook_of_any_form(void **state)
{
	struct random r = random_begin();

	for (int i = 0; i < 20000; i++) {
		const enum event_kind kind =
		    (enum event_kind)random_below(&r, EVENT__MAX);
		const struct str body = i % 8 == 0
		    ? random_bytes(&r, *state, 60)
		    : random_body(&r, *state);
		const struct str query = random_text(
		    &r, *state, 30, "line=call&v=17&try=0&n=%ff%00step");
		const struct str uri =
		    str_format(*state, "/x?%.*s", STR_ARG(query));
		const struct event ev = parse(*state, kind, uri, body);

		assert_event(&ev);
		arena_reset(*state);
	}
}

/* Digits decide a key of the menu and nothing else, but they are kept too. */
static void
test_webhook_digits_are_clean(void **state)
{
	const struct event ev =
	    parse(*state, EVENT_MENU, STR("/x"), STR("Digits=%ff%00"));

	assert_true(utf8_is_valid(ev.digits));
	assert_int_equal(str_find(ev.digits, '\0'), ev.digits.n);
}

/*
 * The line of an entry travels in the URLs of that call, and only there: a
 * recording callback has no To.  So it comes back whole, or its call loses it.
 */
static void
check_line_travels(struct arena *arena, struct str to)
{
	const struct str body = str_format(
	    arena, "CallSid=" CALL "&To=%.*s", STR_ARG(form_escape(arena, to)));
	const struct event entry =
	    parse(arena, EVENT_VOICE, STR("/twilio/voice"), body);
	const struct state next = { .line = entry.line,
		.call_sid = entry.call_sid,
		.version = 7,
		.step = STR_INIT("message"),
		.try = 1,
		.n = 2 };
	const struct event later = parse(arena, EVENT_RECORDING,
	    state_url(arena, EVENT_RECORDING, &next), STR("CallSid=" CALL));

	assert_str(later.line, entry.line);
	assert_text(later.call_sid, CALL);
	assert_text(later.state.step, "message");
	assert_int_equal(later.state.n, 2);
}

static void
test_webhook_line_travels_in_urls(void **state)
{
	for (int n = 10; n < 300; n++)
		check_line_travels(
		    *state, str_format(*state, "sip:%0*d@b.example", n, 7));
}

static void
test_webhook_line_of_any_bytes_travels_in_urls(void **state)
{
	struct random r = random_begin();

	for (int i = 0; i < 2000; i++) {
		check_line_travels(*state, random_bytes(&r, *state, 40));
		arena_reset(*state);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_webhook_of_any_form),
		TEST(test_webhook_digits_are_clean),
		TEST(test_webhook_line_travels_in_urls),
		TEST(test_webhook_line_of_any_bytes_travels_in_urls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
