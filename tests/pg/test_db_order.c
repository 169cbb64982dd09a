/*
 * The record is a function of its events: whatever the order in which the events
 * of a call arrive, and however often, the call's row is the same.
 */
#include "event_testing.h"

#include <stdbool.h>

#define MAX_EVENTS 6

static const char *const columns =
    "first_received_at, updated_at, version_entry, version_url, status_rank, "
    "duration_callback_s, duration_rest_s, started_callback, started_rest, "
    "ended_callback, ended_rest, from_number, to_number, caller_name, "
    "caller_city, caller_region, caller_country, verstat, place, why, "
    "menu_key, forwarded, bridged, accepted, talk_s, recording, length, "
    "transcript, error_code, reconciled_at, status, outcome, reason";

static const struct story {
	const char *name;
	struct request events[MAX_EVENTS];
	size_t n;
	const char *outcome; /* "outcome reason status" */
} stories[] = {
	{ "a talk",
	    { { "/twilio/voice", OWN "&CallStatus=ringing&FromCity=A", 0 },
		{ "/twilio/menu" AT("welcome", "2"), OWN "&Digits=1", 5 },
		{ "/twilio/screen-key" AT("office", "4") "&phone=reception",
		    "CallSid=" LEG "&Digits=5", 15 },
		{ "/twilio/leg" AT("office", "3") "&phone=reception",
		    "CallSid=" LEG "&CallStatus=completed&CallDuration=40",
		    60 },
		{ "/twilio/dial" AT("office", "3"),
		    OWN "&DialCallStatus=completed&DialBridged=true"
			"&DialCallDuration=40",
		    61 },
		{ "/twilio/status",
		    OWN "&CallStatus=completed&CallDuration=63" ENDED, 63 } },
	    6, "answered bridged completed" },
	{ "a message",
	    { { "/twilio/voice", OWN "&CallStatus=ringing", 0 },
		{ "/twilio/menu" AT("welcome", "2"), OWN "&Digits=2", 5 },
		{ "/twilio/voicemail" AT("message", "3"),
		    OWN "&RecordingSid=" RE "&RecordingDuration=13", 25 },
		{ "/twilio/recording" AT("message", "3"),
		    "CallSid=" CALL "&RecordingSid=" RE
		    "&RecordingStatus=completed&RecordingDuration=12",
		    30 },
		{ "/twilio/transcription" AT("message", "3"),
		    OWN "&TranscriptionStatus=completed&TranscriptionText=Hi",
		    40 },
		{ "/twilio/status",
		    OWN "&CallStatus=completed&CallDuration=26" ENDED, 27 } },
	    6, "voicemail message_left completed" },
	{ "silence that turns out to be absent",
	    { { "/twilio/voice", OWN "&CallStatus=ringing", 0 },
		{ "/twilio/menu" AT("welcome", "2") "&try=2", OWN, 9 },
		/* Asked again with another CallStatus: the same step. */
		{ "/twilio/menu" AT("welcome", "2") "&try=2",
		    OWN "&CallStatus=completed&Digits=2", 10 },
		{ "/twilio/voicemail" AT("message", "3"),
		    OWN "&RecordingSid=" RE "&RecordingDuration=5", 25 },
		{ "/twilio/recording" AT("message", "3"),
		    "CallSid=" CALL "&RecordingSid=" RE
		    "&RecordingStatus=absent",
		    30 },
		{ "/twilio/status",
		    OWN "&CallStatus=completed&CallDuration=26" ENDED, 27 } },
	    6, "missed empty_message completed" },
	{ "nobody picks up, and the caller leaves in the greeting",
	    { { "/twilio/voice", OWN "&CallStatus=ringing", 0 },
		{ "/twilio/menu" AT("welcome", "2"), OWN "&Digits=1", 4 },
		{ "/twilio/leg" AT("office", "3") "&phone=reception",
		    "CallSid=" LEG "&CallStatus=ringing&SequenceNumber=1", 5 },
		{ "/twilio/leg" AT("office", "3") "&phone=reception",
		    "CallSid=" LEG "&CallStatus=no-answer&SequenceNumber=2",
		    30 },
		{ "/twilio/dial" AT("office", "3"),
		    OWN "&DialCallStatus=no-answer&DialBridged=false", 31 },
		{ "/twilio/status", OWN "&CallStatus=completed", 35 } },
	    6, "missed no_answer completed" },
	{ "the caller leaves while it rings",
	    { { "/twilio/voice", OWN "&CallStatus=ringing", 0 },
		{ "/twilio/menu" AT("welcome", "2"), OWN "&Digits=1", 4 },
		{ "/twilio/leg" AT("office", "3") "&phone=reception",
		    "CallSid=" LEG "&CallStatus=ringing&SequenceNumber=1", 5 },
		{ "/twilio/leg" AT("office", "3") "&phone=reception",
		    "CallSid=" LEG "&CallStatus=canceled&SequenceNumber=2", 8 },
		{ "/twilio/dial" AT("office", "3"),
		    OWN "&DialCallStatus=no-answer&CallStatus=completed", 9 },
		{ "/twilio/status",
		    OWN "&CallStatus=completed&CallDuration=8" ENDED, 9 } },
	    6, "abandoned hung_up_while_ringing completed" },
	{ "a colleague takes the call, and the end of the dial is lost",
	    { { "/twilio/voice", OWN "&CallStatus=ringing", 0 },
		{ "/twilio/menu" AT("welcome", "2"), OWN "&Digits=1", 4 },
		{ "/twilio/screen" AT("office", "3") "&phone=reception",
		    "CallSid=" LEG "&CallStatus=in-progress", 9 },
		{ "/twilio/screen-key" AT("office", "4") "&phone=reception",
		    "CallSid=" LEG "&CallStatus=in-progress&Digits=1", 12 },
		{ "/twilio/status",
		    OWN "&CallStatus=completed&CallDuration=90" ENDED, 95 } },
	    5, "answered bridged completed" },
	{ "the entry fails, and its fallback takes another version",
	    { { "/twilio/voice", OWN "&CallStatus=ringing", 0 },
		{ "/twilio/fallback",
		    OWN "&ErrorCode=11200&ErrorUrl=https://h/twilio/voice", 2 },
		{ "/twilio/menu?line=%2B15550100001&call=" CALL
		  "&v=8&step=welcome&n=3",
		    OWN "&Digits=2", 9 },
		{ "/twilio/voicemail?line=%2B15550100001&call=" CALL
		  "&v=8&step=message&n=4",
		    OWN "&RecordingSid=" RE "&RecordingDuration=1", 20 },
		{ "/twilio/status", OWN "&CallStatus=failed&CallDuration=20",
		    21 },
		{ "/twilio/status",
		    OWN "&CallStatus=completed&CallDuration=20" ENDED, 22 } },
	    6, "missed empty_message completed" },
	{ "two recordings: the later step's counts",
	    { { "/twilio/voicemail" AT("message", "3"),
		  OWN "&RecordingSid=" RE "&RecordingDuration=30", 10 },
		{ "/twilio/recording" AT("message", "3"),
		    "CallSid=" CALL "&RecordingSid=" RE
		    "&RecordingStatus=completed&RecordingDuration=30",
		    12 },
		{ "/twilio/voicemail?line=%2B15550100001",
		    OWN "&RecordingSid=RE22222222222222222222222222222222"
			"&RecordingDuration=4",
		    20 },
		{ "/twilio/recording?line=%2B15550100001",
		    "CallSid=" CALL
		    "&RecordingSid=RE22222222222222222222222222222222"
		    "&RecordingStatus=completed&RecordingDuration=4",
		    22 },
		{ "/twilio/status", OWN "&CallStatus=completed", 23 } },
	    5, "voicemail message_left completed" },
};

/* The `index`th order of n things. */
static void
permutation(size_t index, size_t n, size_t *out)
{
	size_t left[MAX_EVENTS];

	for (size_t i = 0; i < n; i++)
		left[i] = i;
	for (size_t i = 0; i < n; i++) {
		const size_t rest = n - i;
		const size_t pick = index % rest;

		index /= rest;
		out[i] = left[pick];
		left[pick] = left[rest - 1];
	}
}

static size_t
factorial(size_t n)
{
	return n < 2 ? 1 : n * factorial(n - 1);
}

/*
 * Adds the events in one order, and some of them once more.  Each order has a
 * line of its own, behind the events' backs: they keep their keys.
 */
static void
add_in_order(const struct db *db, struct told *told, size_t n, size_t index)
{
	const struct str line = str_format(db->round, "%04zu", index);
	size_t order[MAX_EVENTS];

	permutation(index, n, order);
	for (size_t i = 0; i < n; i++) {
		struct told *const t = &told[order[i]];

		t->ev.line = line;
		assert_err(add(db, t), ERR_OK);
		if ((index + i) % 3 == 0)
			assert_err(add(db, &told[order[i / 2]]), ERR_OK);
	}
}

static void
check_story(const struct db *db, const struct story *s)
{
	const size_t orders = factorial(s->n);
	struct arena *const kept = arena_new(4096);
	struct told told[MAX_EVENTS];

	print_message("  %s\n", s->name);
	forget_all(db);
	for (size_t i = 0; i < s->n; i++)
		told[i] = tell(kept, &s->events[i]);
	for (size_t i = 0; i < orders; i++) {
		add_in_order(db, told, s->n, i);
		arena_reset(db->round);
	}
	assert_int_equal(db_number(db, "SELECT count(*) FROM calls"), orders);
	assert_int_equal(
	    db_number(db, "SELECT count(*) FROM events"), orders * s->n);
	assert_int_equal(
	    db_number(db,
		str_format(db->round,
		    "SELECT count(*) FROM (SELECT DISTINCT %s FROM calls) t",
		    columns)
		    .p),
	    1);
	assert_text(db_value(db,
			"SELECT DISTINCT concat_ws(' ', outcome, reason, "
			"status) FROM calls"),
	    s->outcome);
	arena_free(kept);
}

static void
test_order_does_not_matter(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(stories); i++)
		check_story(*state, &stories[i]);
}

/* Only the place in the feed is that of the event which arrived first. */
static void
test_order_of_the_feed(void **state)
{
	const struct db *const db = *state;

	assert_int_equal(
	    db_number(db,
		"SELECT count(*) FROM calls c WHERE first_seen_at <> "
		"(SELECT received_at FROM events e WHERE e.line = c.line "
		" AND e.call_sid = c.sid ORDER BY id LIMIT 1)"),
	    0);
	assert_int_equal(
	    db_number(db,
		"SELECT count(*) FROM calls c WHERE (first_received_at, "
		"updated_at) <> (SELECT min(received_at), max(received_at) "
		" FROM events e WHERE e.line = c.line AND e.call_sid = c.sid)"),
	    0);
}

/* No column is forgotten: first_seen_at apart, all are compared above. */
static void
test_order_compares_every_column(void **state)
{
	const struct db *const db = *state;

	assert_int_equal(
	    db_number(db,
		str_format(db->round,
		    "SELECT count(*) FROM pg_attribute "
		    "WHERE attrelid = 'calls'::regclass AND attnum > 0 "
		    " AND NOT attisdropped AND attname NOT IN "
		    " ('line', 'sid', 'first_seen_at', 'heard_at', 'done_at', "
		    "  'events_removed_at', 'note', 'settled') "
		    " AND attname <> ALL (string_to_array('%s', ', '))",
		    columns)
		    .p),
	    0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_order_does_not_matter),
		DB_TEST(test_order_of_the_feed),
		DB_TEST(test_order_compares_every_column),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
