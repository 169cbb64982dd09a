/* calls: one call as it is shown: its columns, steps, legs and events. */
#include "codec/phone.h"
#include "event_testing.h"
#include "store/calls.h"

static int
begin(void **state)
{
	if (db_begin(state) != 0)
		return -1;
	forget_all(*state);
	return 0;
}

#define CALLS_TEST(function) cmocka_unit_test_setup((function), begin)

#define LEG_AT(n) "/twilio/leg" AT("office", n) "&phone=reception"

/* They talk; told in disorder, and some of it twice. */
static const struct request talk[] = {
	{ "/twilio/status", OWN "&CallStatus=completed&CallDuration=63" ENDED,
	    63 },
	{ LEG_AT("3"),
	    "CallSid=" LEG "&To=%2B15550100777&CallStatus=completed"
	    "&CallDuration=40&SequenceNumber=3&SipResponseCode=200"
	    "&Timestamp=Sun,+22+Nov+2026+09:00:59+%2B0000",
	    60 },
	{ LEG_AT("3"),
	    "CallSid=" LEG "&To=%2B15550100777&CallStatus=in-progress"
	    "&SequenceNumber=2&Timestamp=Sun,+22+Nov+2026+09:00:19+%2B0000",
	    19 },
	{ LEG_AT("3"),
	    "CallSid=" LEG "&To=%2B15550100777&CallStatus=ringing"
	    "&SequenceNumber=1&Timestamp=Sun,+22+Nov+2026+09:00:10+%2B0000",
	    10 },
	{ "/twilio/dial" AT("office", "3"),
	    OWN "&DialCallSid=" LEG "&DialCallStatus=completed"
		"&DialBridged=true&DialCallDuration=40",
	    60 },
	{ "/twilio/screen-key" AT("office", "4") "&phone=reception",
	    "CallSid=" LEG "&CallStatus=in-progress&Digits=5", 20 },
	{ "/twilio/menu" AT("welcome", "2"), OWN "&Digits=1", 5 },
	{ "/twilio/voice", OWN "&CallStatus=ringing&CallerName=Anna", 0 },
	{ "/twilio/voice", OWN "&CallStatus=ringing&CallerName=Anna", 1 },
};

static struct call_detail
get(const struct db *db, const char *sid)
{
	struct call_detail detail;

	assert_err(
	    calls_get(db->pg, db->round, str_of(sid), in_ms(5000), &detail),
	    ERR_OK);
	assert_int_equal(detail.call.n, 1);
	assert_int_equal(detail.call.columns, CALL_COLUMN__MAX);
	return detail;
}

static void
test_calls_get(void **state)
{
	const struct db *const db = *state;
	struct call_detail d;

	add_all(db, talk, ARRAY_LEN(talk));
	d = get(db, CALL);
	assert_text(pg_str(&d.call, 0, CALL_COLUMN_SID), CALL);
	assert_text(pg_str(&d.call, 0, CALL_COLUMN_LINE), LINE);
	assert_text(pg_str(&d.call, 0, CALL_COLUMN_FROM), "+15550100009");
	assert_text(pg_str(&d.call, 0, CALL_COLUMN_TO), LINE);
	assert_text(pg_str(&d.call, 0, CALL_COLUMN_NAME), "Anna");
	assert_text(pg_str(&d.call, 0, CALL_COLUMN_STATUS), "completed");
	assert_text(pg_str(&d.call, 0, CALL_COLUMN_OUTCOME), "answered");
	assert_text(pg_str(&d.call, 0, CALL_COLUMN_REASON), "bridged");
	assert_text(pg_str(&d.call, 0, CALL_COLUMN_MENU_KEY), "1");
	assert_text(pg_str(&d.call, 0, CALL_COLUMN_FORWARDED_TO), "Reception");
	assert_int_equal(pg_int(&d.call, 0, CALL_COLUMN_STARTED_US, 0),
	    INT64_C(1795338000000000));
	assert_int_equal(pg_int(&d.call, 0, CALL_COLUMN_ENDED_US, 0),
	    INT64_C(1795338063000000));
	assert_int_equal(pg_int(&d.call, 0, CALL_COLUMN_DURATION_S, 0), 63);
	assert_int_equal(pg_int(&d.call, 0, CALL_COLUMN_TALK_S, 0), 40);
	assert_int_equal(pg_int(&d.call, 0, CALL_COLUMN_FLOW_VERSION, 0), 7);
	assert_int_equal(pg_int(&d.call, 0, CALL_COLUMN_FIRST_SEEN_US, 0),
	    INT64_C(1795338063000000)); /* of the first that came */
	assert_absent(pg_str(&d.call, 0, CALL_COLUMN_RECORDING_SID));
	assert_absent(pg_str(&d.call, 0, CALL_COLUMN_ANSWERED_LATER));
}

static void
test_calls_get_nobody(void **state)
{
	const struct db *const db = *state;
	struct call_detail d;

	assert_err(calls_get(db->pg, db->round, STR(CALL), in_ms(5000), &d),
	    ERR_NOT_FOUND);
	assert_err(calls_get(db->pg, db->round, STR(""), in_ms(5000), &d),
	    ERR_NOT_FOUND);
}

/* The steps in their order; of two answers at one step the one that counts. */
static void
test_calls_get_steps(void **state)
{
	const struct db *const db = *state;
	static const char *const want[] = { "1 voice welcome menu",
		"2 menu office forward", "3 dial done" };
	struct call_detail d;

	add_all(db, talk, ARRAY_LEN(talk));
	d = get(db, CALL);
	assert_int_equal(d.steps.n, ARRAY_LEN(want));
	for (size_t i = 0; i < d.steps.n; i++) {
		const struct str step = pg_str(&d.steps, i, STEP_COLUMN_STEP);

		assert_text(
		    str_format(db->round, "%.*s %.*s %.*s%s%.*s",
			STR_ARG(pg_str(&d.steps, i, STEP_COLUMN_N)),
			STR_ARG(pg_str(&d.steps, i, STEP_COLUMN_KIND)),
			STR_ARG(step), step.n == 0 ? "" : " ",
			STR_ARG(pg_str(&d.steps, i, STEP_COLUMN_PLACE))),
		    want[i]);
	}
	assert_text(pg_str(&d.steps, 1, STEP_COLUMN_KEY), "1");
	assert_int_equal(pg_int(&d.steps, 1, STEP_COLUMN_AT_US, 0),
	    INT64_C(1795338005000000));
}

/* What the call's row says of a step is what the list of steps says of it. */
static void
test_calls_get_steps_agree_with_the_call(void **state)
{
	const struct db *const db = *state;

	for (int i = 0; i < 20; i++) {
		const struct request list[] = {
			{ "/twilio/menu" AT("welcome", "2"),
			    str_format(db->round, "%s&Digits=1&x=%d", OWN, i).p,
			    5 },
			{ "/twilio/menu" AT("welcome", "2"),
			    str_format(db->round, "%s&Digits=2&x=%d", OWN, i).p,
			    6 },
		};
		struct call_detail d;

		forget_all(db);
		add_all(db, list, ARRAY_LEN(list));
		d = get(db, CALL);
		assert_int_equal(d.steps.n, 1);
		assert_str(pg_str(&d.steps, 0, STEP_COLUMN_KEY),
		    pg_str(&d.call, 0, CALL_COLUMN_MENU_KEY));
		assert_str(pg_str(&d.steps, 0, STEP_COLUMN_PLACE),
		    db_value(db, "SELECT (place).word FROM calls"));
	}
}

static void
test_calls_get_legs(void **state)
{
	const struct db *const db = *state;
	struct call_detail d;

	add_all(db, talk, ARRAY_LEN(talk));
	d = get(db, CALL);
	assert_int_equal(d.legs.n, 1);
	assert_text(pg_str(&d.legs, 0, LEG_COLUMN_SID), LEG);
	assert_text(pg_str(&d.legs, 0, LEG_COLUMN_PHONE), "Reception");
	assert_text(pg_str(&d.legs, 0, LEG_COLUMN_TO), "+15550100777");
	assert_text(pg_str(&d.legs, 0, LEG_COLUMN_STATUS), "completed");
	assert_true(pg_bool(&d.legs, 0, LEG_COLUMN_ACCEPTED));
	assert_true(pg_bool(&d.legs, 0, LEG_COLUMN_BRIDGED));
	assert_int_equal(pg_int(&d.legs, 0, LEG_COLUMN_DURATION_S, 0), 40);
	assert_int_equal(pg_int(&d.legs, 0, LEG_COLUMN_SIP_CODE, 0), 200);
	assert_int_equal(pg_int(&d.legs, 0, LEG_COLUMN_STARTED_US, 0),
	    INT64_C(1795338010000000));
	assert_int_equal(pg_int(&d.legs, 0, LEG_COLUMN_ANSWERED_US, 0),
	    INT64_C(1795338019000000));
	assert_int_equal(pg_int(&d.legs, 0, LEG_COLUMN_ENDED_US, 0),
	    INT64_C(1795338059000000));
}

static void
test_calls_get_events(void **state)
{
	const struct db *const db = *state;
	static const char *const want[] = { "voice", "menu", "dial", "leg",
		"leg", "leg", "screen_key", "status" };
	struct call_detail d;

	add_all(db, talk, ARRAY_LEN(talk));
	d = get(db, CALL);
	assert_int_equal(d.events.n, ARRAY_LEN(want));
	assert_text(pg_str(&d.events, 0, EVENT_COLUMN_URI), "/twilio/voice");
	assert_str(pg_bytes(db->round, &d.events, 0, EVENT_COLUMN_BODY),
	    str_of(talk[7].body));
	assert_holds(pg_str(&d.events, 0, EVENT_COLUMN_TWIML), "<Gather");
	assert_text(
	    pg_str(&d.events, d.events.n - 1, EVENT_COLUMN_KIND), "status");
	assert_absent(pg_str(&d.events, d.events.n - 1, EVENT_COLUMN_TWIML));
	for (size_t i = 1; i < d.events.n; i++)
		assert_true(pg_int(&d.events, i, EVENT_COLUMN_N, 9999) >=
		    pg_int(&d.events, i - 1, EVENT_COLUMN_N, 9999));
}

static const char make_callers[] =
    "INSERT INTO calls (line, sid, first_seen_at, first_received_at, "
    " updated_at, status_rank, from_number, bridged) VALUES "
    "('l', 'missed-1', to_timestamp(100), now(), now(), 125, '+15550100009', "
    " NULL), "
    "('l', 'other', to_timestamp(150), now(), now(), 125, '+15550100008', "
    " true), "
    "('l', 'answered-1', to_timestamp(200), now(), now(), 125, "
    " '+15550100009', true), "
    "('m', 'answered-2', to_timestamp(300), now(), now(), 125, "
    " '+15550100009', true), "
    "('l', 'missed-2', to_timestamp(400), now(), now(), 125, '+15550100009', "
    " NULL), "
    "('l', 'anonymous-1', to_timestamp(100), now(), now(), 125, 'anonymous', "
    " NULL), "
    "('l', 'anonymous-2', to_timestamp(200), now(), now(), 125, 'anonymous', "
    " true), "
    "('l', 'keys-1', to_timestamp(100), now(), now(), 125, '+266696687', "
    " NULL), "
    "('l', 'keys-2', to_timestamp(200), now(), now(), 125, '+266696687', "
    " true)";

static const struct {
	const char *sid, *later; /* NULL: none */
} laters[] = {
	{ "missed-1", "answered-1" }, /* the first of them */
	{ "missed-2", NULL },         /* not one before it */
	{ "answered-1", NULL },       /* it was answered itself */
	{ "other", NULL },
	{ "anonymous-1", NULL }, /* nobody knows whether it is the same */
	{ "keys-1", NULL },
};

static void
test_calls_answered_later(void **state)
{
	const struct db *const db = *state;

	(void)db_sql(db, make_callers);
	for (size_t i = 0; i < ARRAY_LEN(laters); i++) {
		const struct call_detail d = get(db, laters[i].sid);

		print_message("  %s\n", laters[i].sid);
		assert_str(pg_str(&d.call, 0, CALL_COLUMN_ANSWERED_LATER),
		    str_of(laters[i].later));
	}
}

/* Who is a caller is said twice, in C and in SQL: they must agree. */
static void
test_calls_whose_caller_is_known(void **state)
{
	static const char *const callers[] = { "+266696687", "+7378742883",
		"+86282452253", "+8656696", "+2562533", "+15550100009",
		"+266696688", "+1555010", "+155501", "+1234567890123456",
		"+05550100", "15550100009", "anonymous", "sip:a@b", "" };
	const struct db *const db = *state;

	for (size_t i = 0; i < ARRAY_LEN(callers); i++) {
		const struct str said = db_value(db,
		    str_format(
			db->round, "SELECT caller_is_known('%s')", callers[i])
			.p);

		print_message("  %s\n", callers[i]);
		assert_text(
		    said, phone_is_caller(str_of(callers[i])) ? "t" : "f");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CALLS_TEST(test_calls_get),
		CALLS_TEST(test_calls_get_nobody),
		CALLS_TEST(test_calls_get_steps),
		CALLS_TEST(test_calls_get_steps_agree_with_the_call),
		CALLS_TEST(test_calls_get_legs),
		CALLS_TEST(test_calls_get_events),
		CALLS_TEST(test_calls_answered_later),
		CALLS_TEST(test_calls_whose_caller_is_known),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
