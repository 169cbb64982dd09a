/*
 * events_add(): what is kept of an event, and how the facts of several merge
 * into their call.
 */
#include "event_testing.h"

static const struct request voice = { "/twilio/voice",
	OWN "&CallStatus=ringing&CallerName=Zo%C3%AB&FromCity=A&FromState=B"
	    "&FromCountry=C&StirVerstat=D",
	0 };
static const struct request menu = { "/twilio/menu" AT("welcome", "2"),
	OWN "&CallStatus=in-progress&Digits=1", 5 };
static const struct request leg = { "/twilio/leg" AT(
					"office", "3") "&phone=reception",
	"CallSid=" LEG "&To=%2B15550100777&CallStatus=completed"
	"&CallDuration=40&SequenceNumber=3&SipResponseCode=200" ENDED,
	60 };

static int
begin(void **state)
{
	if (db_begin(state) != 0)
		return -1;
	forget_all(*state);
	return 0;
}

#define JOURNAL_TEST(function) cmocka_unit_test_setup((function), begin)

/* The call's row, column by column, as text with blanks between. */
static struct str
call(const struct db *db, const char *columns)
{
	return db_value(db,
	    str_format(db->round,
		"SELECT concat_ws(' ', %s) FROM calls WHERE line = '" LINE
		"' AND sid = '" CALL "'",
		columns)
		.p);
}

static void
test_journal_keeps_the_event(void **state)
{
	const struct db *const db = *state;
	const struct told t = tell(db->round, &menu);
	struct pg_rows rows;

	assert_err(add(db, &t), ERR_OK);
	rows = db_sql(db,
	    "SELECT line, call_sid, event_key, kind, "
	    "extract(epoch FROM received_at)::bigint, uri, body, twiml, n, step, "
	    "(menu_key).word, (place).word, (forwarded).word FROM events");
	assert_int_equal(rows.n, 1);
	assert_text(pg_str(&rows, 0, 0), LINE);
	assert_text(pg_str(&rows, 0, 1), CALL);
	assert_str(pg_bytes(db->round, &rows, 0, 2),
	    bytes_of(t.ev.key, sizeof(t.ev.key)));
	assert_text(pg_str(&rows, 0, 3), "menu");
	assert_int_equal(pg_int(&rows, 0, 4, 0), 1795338005);
	assert_text(pg_str(&rows, 0, 5), menu.uri);
	assert_str(pg_bytes(db->round, &rows, 0, 6), str_of(menu.body));
	assert_str(pg_str(&rows, 0, 7), t.reply.twiml);
	assert_text(pg_str(&rows, 0, 8), "2");
	assert_text(pg_str(&rows, 0, 9), "office");
	assert_text(pg_str(&rows, 0, 10), "1");
	assert_text(pg_str(&rows, 0, 11), "forward");
	assert_text(pg_str(&rows, 0, 12), "Reception");
}

static void
test_journal_keeps_the_leg(void **state)
{
	const struct db *const db = *state;

	add_all(db, &leg, 1);
	assert_text(
	    db_value(db,
		"SELECT concat_ws(' ', leg_sid, leg_phone, leg_to, leg_status, "
		"leg_duration_s, sequence, sip_code, "
		"extract(epoch FROM occurred_at)::bigint, twiml IS NULL) "
		"FROM events"),
	    LEG " Reception +15550100777 completed 40 3 200 1795338063 t");
}

static void
test_journal_learns_the_caller(void **state)
{
	const struct db *const db = *state;

	add_all(db, &voice, 1);
	assert_text(call(db,
			"from_number, to_number, caller_name, caller_city, "
			"caller_region, caller_country, verstat, status, "
			"version_entry"),
	    "+15550100009 +15550100001 Zo\xc3\xab A B C D ringing 7");
}

/* On a child leg From, To and CallStatus are the leg's own. */
static void
test_journal_learns_from_the_inbound_leg_only(void **state)
{
	const struct db *const db = *state;
	const struct request list[] = { leg, voice, leg };

	add_all(db, list, ARRAY_LEN(list));
	assert_text(call(db, "from_number, to_number, status"),
	    "+15550100009 +15550100001 ringing");
}

static void
test_journal_of_the_same_event_again(void **state)
{
	const struct db *const db = *state;
	const struct request again = { voice.uri, voice.body, 3600 };
	const struct request list[] = { voice, menu, leg };
	struct str before;

	add_all(db, list, ARRAY_LEN(list));
	before = db_value(db, "SELECT c::text || c.xmin FROM calls c");
	add_all(db, list, ARRAY_LEN(list));
	add_all(db, &again, 1); /* received later: the same all the same */
	assert_str(
	    db_value(db, "SELECT c::text || c.xmin FROM calls c"), before);
	assert_int_equal(db_number(db, "SELECT count(*) FROM events"), 3);
}

struct merge {
	const char *name;
	struct request events[4];
	const char *columns, *want;
};

#define DIAL "/twilio/dial" AT("office", "3")
#define VOICEMAIL "/twilio/voicemail" AT("message", "3")
#define RECORDING "/twilio/recording" AT("message", "3")
#define STATUS "/twilio/status"

static const struct merge merges[] = {
	{ "a later word does not take a call out of its end",
	    { { STATUS, OWN "&CallStatus=completed", 9 },
		{ menu.uri, OWN "&CallStatus=in-progress", 10 } },
	    "status", "completed" },
	{ "the callback's end goes before one seen in passing",
	    { { DIAL, OWN "&CallStatus=completed&DialCallStatus=busy", 9 },
		{ STATUS, OWN "&CallStatus=no-answer", 10 } },
	    "status", "no-answer" },
	{ "the version that Twilio followed goes before the entry's",
	    { voice,
		{ "/twilio/menu?line=%2B15550100001&call=" CALL
		  "&v=5&step=welcome&n=2",
		    OWN, 2 } },
	    "coalesce(version_url, version_entry)", "5" },
	{ "the beginning is the end less the length",
	    { { STATUS, OWN "&CallStatus=completed&CallDuration=63" ENDED,
		9 } },
	    "extract(epoch FROM started_callback)::bigint, "
	    "extract(epoch FROM ended_callback)::bigint, duration_callback_s",
	    "1795338000 1795338063 63" },
	{ "the latest step has the place and the key",
	    { { "/twilio/menu" AT("welcome", "4"), OWN "&Digits=2", 9 }, menu },
	    "(place).word, (menu_key).word", "voicemail 2" },
	{ "the phone that took the call goes before the one that rang",
	    { { "/twilio/screen-key" AT("office", "4") "&phone=reception",
		  "CallSid=" LEG "&CallStatus=in-progress&Digits=1", 9 },
		menu },
	    "(forwarded).word, (forwarded).rank, accepted", "Reception 2 t" },
	{ "a recording that turns out absent is absent",
	    { { RECORDING,
		  "CallSid=" CALL "&RecordingSid=" RE "&RecordingStatus=absent",
		  9 },
		{ VOICEMAIL, OWN "&RecordingSid=" RE "&RecordingDuration=5",
		    8 } },
	    "recording_status_word((recording).status), (recording).message",
	    "absent f" },
	{ "the callback's length goes before the action's",
	    { { VOICEMAIL, OWN "&RecordingSid=" RE "&RecordingDuration=13", 8 },
		{ RECORDING,
		    "CallSid=" CALL "&RecordingSid=" RE
		    "&RecordingStatus=completed&RecordingDuration=12",
		    9 } },
	    "(length).duration_s", "12" },
	{ "a callback that tells no length leaves the action's",
	    { { VOICEMAIL, OWN "&RecordingSid=" RE "&RecordingDuration=13", 8 },
		{ RECORDING,
		    "CallSid=" CALL "&RecordingSid=" RE
		    "&RecordingStatus=completed",
		    9 } },
	    "recording_status_word((recording).status), "
	    "coalesce((length).duration_s::text, 'unknown')",
	    "completed 13" },
	{ "the length of a talk is the bridged leg's",
	    { { DIAL,
		OWN "&DialBridged=true&DialCallStatus=completed"
		    "&DialCallDuration=40",
		9 } },
	    "talk_s, bridged", "40 t" },
	{ "the error that led to the fallback",
	    { { "/twilio/fallback",
		OWN "&ErrorCode=11205&ErrorUrl=/twilio/voice", 9 } },
	    "error_code", "11205" },
	{ "what was said",
	    { { "/twilio/transcription" AT("message", "3"),
		OWN "&TranscriptionStatus=completed&TranscriptionText=Hi",
		9 } },
	    "transcript", "Hi" },
};

static void
test_journal_merges(void **state)
{
	const struct db *const db = *state;
	bool ok = true;

	for (size_t i = 0; i < ARRAY_LEN(merges); i++) {
		const struct merge *const m = &merges[i];
		struct str got;
		size_t n = 0;

		while (n < ARRAY_LEN(m->events) && m->events[n].uri != NULL)
			n++;
		forget_all(db);
		add_all(db, m->events, n);
		got = call(db, m->columns);
		if (str_eq(got, str_of(m->want)))
			continue;
		print_error(
		    "%s: %.*s, should be %s\n", m->name, STR_ARG(got), m->want);
		ok = false;
	}
	assert_true(ok);
}

/* Each of Twilio's words, seen in passing or by the status callback. */
static void
test_journal_of_every_status(void **state)
{
	static const char *const words[] = { "queued", "initiated", "ringing",
		"in-progress", "canceled", "failed", "no-answer", "busy",
		"completed" };
	const struct db *const db = *state;

	for (size_t i = 0; i < 2 * ARRAY_LEN(words); i++) {
		const char *const word = words[i / 2];
		const struct request request = { i % 2 == 0 ? menu.uri : STATUS,
			str_format(db->round, "%s&CallStatus=%s", OWN, word).p,
			0 };

		forget_all(db);
		add_all(db, &request, 1);
		assert_text(call(db, "status"), word);
	}
}

/* Two contents of one step, as by a retry: that of the smallest key counts. */
static void
test_journal_of_two_answers_at_one_step(void **state)
{
	const struct db *const db = *state;

	for (int i = 0; i < 20; i++) {
		const struct request one = { menu.uri, OWN "&Digits=1", 1 };
		const struct request two = { menu.uri,
			str_format(db->round, "%s&Digits=2&x=%d", OWN, i).p,
			2 };
		const struct told a = tell(db->round, &one);
		const struct told b = tell(db->round, &two);
		const bool first =
		    str_cmp(bytes_of(a.ev.key, sizeof(a.ev.key)),
			bytes_of(b.ev.key, sizeof(b.ev.key))) < 0;

		forget_all(db);
		assert_err(add(db, i % 2 == 0 ? &a : &b), ERR_OK);
		assert_err(add(db, i % 2 == 0 ? &b : &a), ERR_OK);
		assert_text(call(db, "(menu_key).word, (place).word"),
		    first ? "1 forward" : "2 voicemail");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		JOURNAL_TEST(test_journal_keeps_the_event),
		JOURNAL_TEST(test_journal_keeps_the_leg),
		JOURNAL_TEST(test_journal_learns_the_caller),
		JOURNAL_TEST(test_journal_learns_from_the_inbound_leg_only),
		JOURNAL_TEST(test_journal_of_the_same_event_again),
		JOURNAL_TEST(test_journal_merges),
		JOURNAL_TEST(test_journal_of_every_status),
		JOURNAL_TEST(test_journal_of_two_answers_at_one_step),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
