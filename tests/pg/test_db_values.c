/* events_add(): whatever Twilio sends, PostgreSQL takes. */
#include "event_testing.h"

#include <string.h>

static const struct row {
	const char *name;
	const char *value; /* as sent */
	const char *want;  /* as kept */
} rows[] = {
	{ "NUL", "a%00b",
	    "a\xef\xbf\xbd"
	    "b" },
	{ "no UTF-8", "%ff%fe", "\xef\xbf\xbd\xef\xbf\xbd" },
	{ "a surrogate", "%ed%a0%80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
	{ "U+FFFE", "%ef%bf%be", "\xef\xbf\xbe" },
	{ "an emoji", "%f0%9f%98%80", "\xf0\x9f\x98\x80" },
	{ "quotes and backslashes", "'%22%5c\\n%24%241", "'\"\\\\n$$1" },
	{ "SQL", "');+DROP+TABLE+calls;--", "'); DROP TABLE calls;--" },
	{ "line ends", "a%0d%0ab%09", "a\r\nb\t" },
	{ "what COPY would take for NULL", "%5cN", "\\N" },
	{ "the word NULL", "NULL", "NULL" },
	{ "a record", "(1,2,)", "(1,2,)" },
	{ "an array", "{}", "{}" },
};

static void
test_values_of_a_parameter(void **state)
{
	const struct db *const db = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct request request = { "/twilio/voice",
			str_format(db->round,
			    "%s&CallerName=%s&FromCity=%s&StirVerstat=%s", OWN,
			    rows[i].value, rows[i].value, rows[i].value)
			    .p,
			0 };
		struct pg_rows got;

		print_message("  %s\n", rows[i].name);
		forget_all(db);
		add_all(db, &request, 1);
		got = db_sql(
		    db, "SELECT caller_name, caller_city, verstat FROM calls");
		for (size_t k = 0; k < 3; k++)
			assert_text(pg_str(&got, 0, k), rows[i].want);
		got = db_sql(db, "SELECT body FROM events");
		assert_str(pg_bytes(db->round, &got, 0, 0),
		    str_of(request.body)); /* as it came */
	}
}

static void
test_values_of_words(void **state)
{
	const struct db *const db = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct request list[] = {
			{ "/twilio/transcription" AT("message", "3"),
			    str_format(db->round,
				"%s&TranscriptionStatus=completed&TranscriptionText=%s",
				OWN, rows[i].value)
				.p,
			    0 },
			{ str_format(db->round,
			      "/twilio/menu?line=%s&call=" CALL "&step=%s",
			      rows[i].value, rows[i].value)
				.p,
			    OWN "&Digits=%00%ff", 0 },
		};

		forget_all(db);
		add_all(db, list, ARRAY_LEN(list));
		assert_text(
		    db_value(db,
			"SELECT transcript FROM calls WHERE line = '" LINE
			"' AND transcript IS NOT NULL"),
		    rows[i].want);
	}
}

static struct request
large_request(struct arena *arena, size_t n)
{
	char *const value = arena_alloc(arena, n + 1);

	memset(value, 'x', n);
	return (struct request){ "/twilio/voice",
		str_format(arena,
		    "%s&From=%%2B1%s&To=sip:%s&CallerName=%s&TranscriptionText=%s",
		    OWN, value, value, value, value)
		    .p,
		0 };
}

static void
test_values_of_any_length(void **state)
{
	const struct db *const db = *state;

	for (size_t n = 100; n <= 40000; n *= 4) {
		const struct request request = large_request(db->round, n);

		forget_all(db);
		add_all(db, &request, 1);
		assert_int_equal(
		    db_number(db, "SELECT octet_length(body) FROM events"),
		    strlen(request.body));
		assert_int_equal(
		    db_number(db, "SELECT length(caller_name) FROM calls"),
		    n < 256 ? n : 256);
		arena_reset(db->round);
	}
}

/* The greatest numbers and times that are read. */
static void
test_values_of_numbers(void **state)
{
	const struct db *const db = *state;
	const struct request list[] = {
		{ "/twilio/status",
		    OWN "&CallStatus=completed&CallDuration=2147483647"
			"&SequenceNumber=2147483647&SipResponseCode=2147483647"
			"&Timestamp=Fri,+31+Dec+9999+23:59:59+%2B0000",
		    0 },
		{ "/twilio/dial?line=%2B15550100001&call=" CALL
		  "&v=2000000000&n=9999&try=100&step=office",
		    OWN "&DialBridged=true&DialCallDuration=2147483647", 0 },
		{ "/twilio/voicemail" AT("message", "3"),
		    OWN "&RecordingSid=" RE "&RecordingDuration=2147483647",
		    0 },
		{ "/twilio/fallback", OWN "&ErrorCode=2147483647", 0 },
		{ "/twilio/leg" AT("office", "3"),
		    "CallSid=" LEG "&CallStatus=completed"
		    "&CallDuration=2147483647"
		    "&Timestamp=Thu,+1+Jan+1970+00:00:00+%2B0000",
		    0 },
	};

	forget_all(db);
	add_all(db, list, ARRAY_LEN(list));
	assert_int_equal(
	    db_number(db, "SELECT count(*) FROM events"), ARRAY_LEN(list));
	assert_int_equal(
	    db_number(db, "SELECT duration_callback_s FROM calls"), 2147483647);
}

/* Any bytes at all: an event or aside, and never an error. */
static void
test_values_of_any_bytes(void **state)
{
	const struct db *const db = *state;
	struct random r = random_begin();
	struct arena *const arena = arena_new((size_t)64 * 1024);

	forget_all(db);
	for (int i = 0; i < 400; i++) {
		const struct str noise =
		    form_escape(arena, random_bytes(&r, arena, 60));
		const struct request request = {
			str_format(arena,
			    "%s?line=%.*s&call=" CALL "&step=%.*s&n=%zu&i=%d",
			    event_kind_path(
				(enum event_kind)random_below(&r, EVENT__MAX)),
			    STR_ARG(noise), STR_ARG(noise), random_below(&r, 9),
			    i)
			    .p,
			str_format(arena,
			    "CallSid=%s&To=%.*s&From=%.*s&CallerName=%.*s"
			    "&RecordingSid=" RE "&DialCallSid=%.*s",
			    random_below(&r, 2) == 0 ? CALL : LEG,
			    STR_ARG(noise), STR_ARG(noise), STR_ARG(noise),
			    STR_ARG(noise))
			    .p,
			i
		};
		const struct told t = tell(arena, &request);

		if (add(db, &t) != ERR_OK)
			fail_msg("%s %s: %.*s", request.uri, request.body,
			    STR_ARG(db_said(db)));
		arena_reset(arena);
		arena_reset(db->round);
	}
	assert_int_equal(db_number(db,
			     "SELECT (SELECT count(*) FROM events) + "
			     "(SELECT count(*) FROM events_aside)"),
	    400);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_values_of_a_parameter),
		DB_TEST(test_values_of_words),
		DB_TEST(test_values_of_any_length),
		DB_TEST(test_values_of_numbers),
		DB_TEST(test_values_of_any_bytes),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
