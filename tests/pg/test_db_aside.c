/* events_add(): what cannot be a call's is kept aside, and never lost. */
#include "event_testing.h"

static int
begin(void **state)
{
	if (db_begin(state) != 0)
		return -1;
	forget_all(*state);
	return 0;
}

#define ASIDE_TEST(function) cmocka_unit_test_setup((function), begin)

static const struct row {
	const char *name;
	struct request request;
	const char *why;
} rows[] = {
	{ "no call", { "/twilio/voice", "To=%2B15550100001", 0 },
	    "no call SID" },
	{ "a call that is none",
	    { "/twilio/menu?line=%2B15550100001", "CallSid=x&Digits=1", 0 },
	    "no call SID" },
	{ "no line", { "/twilio/recording", "CallSid=" CALL, 0 }, "no line" },
	{ "neither", { "/twilio/status", "", 0 }, "no call SID" },
	{ "a child leg without our URL",
	    { "/twilio/leg", "CallSid=" LEG "&ParentCallSid=" CALL, 0 },
	    "no line" },
};

static void
test_aside(void **state)
{
	const struct db *const db = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct told t;

		print_message("  %s\n", rows[i].name);
		(void)begin(state);
		t = tell(db->round, &rows[i].request);
		assert_err(add(db, &t), ERR_OK);
		assert_err(add(db, &t), ERR_OK); /* once is enough */
		assert_int_equal(
		    db_number(db, "SELECT count(*) FROM events"), 0);
		assert_text(db_value(db,
				"SELECT kind || ': ' || why FROM events_aside"),
		    str_format(db->round, "%s: %s", event_kind_name(t.ev.kind),
			rows[i].why)
			.p);
		assert_int_equal(
		    db_number(db,
			str_format(db->round,
			    "SELECT count(*) FROM events_aside WHERE "
			    "uri = '%s' AND body = convert_to('%s', 'UTF8')",
			    rows[i].request.uri, rows[i].request.body)
			    .p),
		    1);
		assert_holds(db_said(db), "\"ev\":\"aside\"");
	}
}

/* What the log says of it names no caller. */
static void
test_aside_is_said_without_numbers(void **state)
{
	const struct db *const db = *state;
	const struct request request = { "/twilio/voice",
		"From=%2B15550100009&To=%2B15550100001", 0 };
	const struct told t = tell(db->round, &request);

	assert_err(add(db, &t), ERR_OK);
	assert_false(str_holds(db_said(db), "5550100"));
}

static const char *const spoilers[] = {
	/* SQLSTATE 23514 and 22012: the event's own fault. */
	"CHECK (kind <> 'menu')",
	"CHECK (1 / (CASE kind WHEN 'menu' THEN 0 ELSE 1 END) = 1)",
};

static void
test_aside_of_what_no_row_can_hold(void **state)
{
	const struct db *const db = *state;
	const struct request menu = { "/twilio/menu" AT("welcome", "2"),
		OWN "&Digits=1", 0 };
	const struct request voice = { "/twilio/voice", OWN, 0 };

	for (size_t i = 0; i < ARRAY_LEN(spoilers); i++) {
		const struct told t = tell(db->round, &menu);

		forget_all(db);
		(void)db_sql(db,
		    str_format(db->round,
			"ALTER TABLE events ADD CONSTRAINT spoiler %s",
			spoilers[i])
			.p);
		assert_err(add(db, &t), ERR_OK);
		add_all(db, &voice, 1);
		(void)db_sql(db, "ALTER TABLE events DROP CONSTRAINT spoiler");
		assert_text(db_value(db, "SELECT why FROM events_aside"),
		    "no row can hold it");
		assert_int_equal(
		    db_number(db, "SELECT count(*) FROM events"), 1);
	}
}

/* A table that is missing is no event's fault: it waits, and nothing is kept. */
static void
test_aside_is_not_for_a_missing_table(void **state)
{
	const struct db *const db = *state;
	const struct request menu = { "/twilio/menu" AT("welcome", "2"),
		OWN "&Digits=1", 0 };
	const struct told t = tell(db->round, &menu);
	enum err e;

	(void)db_sql(db, "ALTER TABLE events RENAME TO events_moved");
	e = add(db, &t);
	(void)db_sql(db, "ALTER TABLE events_moved RENAME TO events");
	assert_err(e, ERR_DB);
	assert_int_equal(db_number(db, "SELECT count(*) FROM events_aside"), 0);
	assert_err(add(db, &t), ERR_OK);
	assert_int_equal(db_number(db, "SELECT count(*) FROM events"), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ASIDE_TEST(test_aside),
		ASIDE_TEST(test_aside_is_said_without_numbers),
		ASIDE_TEST(test_aside_of_what_no_row_can_hold),
		ASIDE_TEST(test_aside_is_not_for_a_missing_table),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
