/* marks: what people set on calls, and that nothing else touches it. */
#include "event_testing.h"
#include "store/calls.h"
#include "store/marks.h"
#include "store/rebuild.h"
#include "store/statements.h"

#define MISSED "CA22222222222222222222222222222222"
#define NOBODY "CA33333333333333333333333333333333"

/* One call with a message, and one without, on two lines. */
static const struct request story[] = {
	{ "/twilio/voice?line=%2B15550100001", OWN "&CallStatus=ringing", 0 },
	{ "/twilio/recording" AT("message", "3"),
	    "CallSid=" CALL "&RecordingSid=" RE "&RecordingStatus=completed"
	    "&RecordingDuration=9",
	    30 },
	{ "/twilio/status?line=%2B15550100001",
	    OWN "&CallStatus=completed&CallDuration=29" ENDED, 31 },
	{ "/twilio/voice?line=%2B15550100002",
	    "CallSid=" MISSED "&From=%2B15550100008&To=%2B15550100002", 40 },
};

static const struct str sids[] = { STR_INIT(CALL), STR_INIT(MISSED),
	STR_INIT(NOBODY) };

static int
begin(void **state)
{
	if (db_begin(state) != 0)
		return -1;
	forget_all(*state);
	add_all(*state, story, ARRAY_LEN(story));
	return 0;
}

#define MARKS_TEST(function) cmocka_unit_test_setup((function), begin)

static struct pg_rows
set(const struct db *db, struct marks marks, enum err want)
{
	struct pg_rows rows = { 0 };

	marks.sids = marks.sids == NULL ? sids : marks.sids;
	marks.n = marks.n == 0 ? 1 : marks.n;
	marks.deadline_ms = in_ms(5000);
	assert_err(marks_set(db->pg, db->round, &marks, &rows), want);
	return rows;
}

static struct marks
heard(enum tristate how)
{
	return (struct marks){ .heard = how };
}

static void
test_marks_heard(void **state)
{
	const struct db *const db = *state;
	struct pg_rows rows = set(db, heard(TRISTATE_YES), ERR_OK);
	const int64_t first = pg_int(&rows, 0, CALL_COLUMN_HEARD_US, -1);

	assert_int_equal(rows.n, 1);
	assert_int_equal(rows.columns, CALL_COLUMN__MAX);
	assert_text(pg_str(&rows, 0, CALL_COLUMN_SID), CALL);
	assert_true(first > 0);
	assert_int_equal(first,
	    db_number(db,
		"SELECT (extract(epoch FROM heard_at) * 1000000)::bigint "
		"FROM calls WHERE sid = '" CALL "'"));
	rows = set(db, heard(TRISTATE_YES), ERR_OK);
	assert_int_equal(pg_int(&rows, 0, CALL_COLUMN_HEARD_US, -1), first);
	rows = set(db, heard(TRISTATE_NO), ERR_OK);
	assert_absent(pg_str(&rows, 0, CALL_COLUMN_HEARD_US));
	rows = set(db, heard(TRISTATE_YES), ERR_OK);
	assert_true(pg_int(&rows, 0, CALL_COLUMN_HEARD_US, -1) > first);
}

/* By each mark that changes something, and by no other. */
static void
test_marks_move_updated_at(void **state)
{
	const struct db *const db = *state;
	const struct marks changes[] = {
		{ .heard = TRISTATE_YES },
		{ .done = TRISTATE_YES },
		{ .has_note = true, .note = STR("x") },
		{ .has_note = true, .note = STR("y") },
		{ .heard = TRISTATE_NO },
		{ .done = TRISTATE_NO },
		{ .has_note = true },
	};
	int64_t last = 0;

	(void)db_sql(db, "UPDATE calls SET updated_at = to_timestamp(1)");
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		struct pg_rows rows = set(db, changes[i], ERR_OK);
		const int64_t then =
		    pg_int(&rows, 0, CALL_COLUMN_UPDATED_US, 0);

		assert_true(then > last);
		rows = set(db, changes[i], ERR_OK);
		last = pg_int(&rows, 0, CALL_COLUMN_UPDATED_US, 0);
		assert_int_equal(last, then);
	}
	/* The other call's stays. */
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM calls "
			     "WHERE updated_at = to_timestamp(1)"),
	    1);
}

static void
test_marks_of_many(void **state)
{
	const struct db *const db = *state;
	const struct marks all = { .sids = sids,
		.n = 2,
		.heard = TRISTATE_YES,
		.done = TRISTATE_YES };
	const struct pg_rows rows = set(db, all, ERR_OK);

	assert_int_equal(rows.n, 2); /* the newest first */
	assert_text(pg_str(&rows, 0, CALL_COLUMN_SID), MISSED);
	assert_text(pg_str(&rows, 1, CALL_COLUMN_SID), CALL);
	assert_absent(pg_str(&rows, 0, CALL_COLUMN_HEARD_US));
	assert_true(pg_int(&rows, 1, CALL_COLUMN_HEARD_US, -1) > 0);
	for (size_t i = 0; i < 2; i++)
		assert_true(pg_int(&rows, i, CALL_COLUMN_DONE_US, -1) > 0);
}

static void
test_marks_of_all_or_none(void **state)
{
	const struct db *const db = *state;
	const struct marks all = { .sids = sids, .n = 3, .done = TRISTATE_YES };
	const struct marks nobody = { .sids = &sids[2], .done = TRISTATE_YES };

	(void)set(db, all, ERR_NOT_FOUND);
	(void)set(db, nobody, ERR_NOT_FOUND);
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM calls "
			     "WHERE done_at IS NOT NULL"),
	    0);
}

static void
test_marks_where_nothing_can_be_heard(void **state)
{
	const struct db *const db = *state;
	struct marks marks = { .sids = &sids[1],
		.heard = TRISTATE_YES,
		.done = TRISTATE_YES,
		.must_listen = true };
	struct pg_rows rows;

	(void)set(db, marks, ERR_CONFLICT);
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM calls "
			     "WHERE done_at IS NOT NULL"),
	    0);
	marks.heard = TRISTATE_NO; /* nor was it */
	rows = set(db, marks, ERR_OK);
	assert_true(pg_int(&rows, 0, CALL_COLUMN_DONE_US, -1) > 0);
	marks.sids = &sids[2];
	marks.heard = TRISTATE_YES;
	(void)set(db, marks, ERR_NOT_FOUND);
	marks.sids = &sids[0];
	(void)set(db, marks, ERR_OK);
}

/* Every event once more, a late one, and a rebuild. */
static void
test_marks_stay(void **state)
{
	static const struct request late[] = {
		{ "/twilio/transcription" AT("message", "3"),
		    "CallSid=" CALL "&TranscriptionText=hello", 90 },
		{ "/twilio/voicemail" AT("message", "3"),
		    OWN "&RecordingSid=" RE "&RecordingDuration=9", 91 },
	};
	const struct db *const db = *state;
	const struct marks marks = { .sids = sids,
		.n = 2,
		.heard = TRISTATE_YES,
		.done = TRISTATE_YES,
		.has_note = true,
		.note = STR("x") };
	int64_t n;

	(void)set(db, marks, ERR_OK);
	(void)db_sql(db,
	    "CREATE TABLE before AS SELECT sid, heard_at, done_at, note, "
	    "updated_at FROM calls");
	add_all(db, story, ARRAY_LEN(story));
	add_all(db, late, ARRAY_LEN(late));
	assert_err(rebuild_calls(db->pg, db->round, &n), ERR_OK);
	assert_int_equal(n, 2);
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM (SELECT sid, heard_at, "
			     "done_at, note, updated_at FROM calls EXCEPT "
			     "TABLE before) t"),
	    0);
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM calls WHERE done_at "
			     "IS NOT NULL AND note = 'x'"),
	    2);
	(void)db_sql(db, "DROP TABLE before");
}

/* However many calls there are. */
static void
test_marks_use_the_index(void **state)
{
	const struct db *const db = *state;
	struct pg_rows plan;

	(void)db_sql(db,
	    "INSERT INTO calls (line, sid, first_seen_at, first_received_at, "
	    " updated_at) SELECT '+1555010' || lpad((g % 3)::text, 4, '0'), "
	    " 'CA' || lpad(to_hex(g), 32, '0'), now(), now(), now() "
	    "FROM generate_series(1, 20000) g");
	(void)db_sql(db, "ANALYZE calls");
	plan = db_sql(db,
	    "EXPLAIN SELECT line, sid FROM calls WHERE sid = ANY "
	    "('{" CALL "," MISSED "}'::text[]) "
	    "ORDER BY line COLLATE \"C\", sid COLLATE \"C\" FOR UPDATE");
	for (size_t i = 0; i < plan.n; i++)
		assert_false(str_holds(pg_str(&plan, i, 0), "Seq Scan"));
}

static void
test_lines(void **state)
{
	const struct db *const db = *state;
	struct str got = STR("");
	struct pg_rows rows;
	struct pg_rows plan;

	assert_err(calls_lines(db->pg, db->round, in_ms(5000), &rows), ERR_OK);
	for (size_t i = 0; i < rows.n; i++)
		got = str_format(db->round, "%.*s %.*s", STR_ARG(got),
		    STR_ARG(pg_str(&rows, i, 0)));
	assert_text(got, " +15550100001 +15550100002");
	(void)db_sql(db,
	    "INSERT INTO calls (line, sid, first_seen_at, first_received_at, "
	    " updated_at) SELECT '+1555010' || lpad((g % 3)::text, 4, '0'), "
	    " 'CA' || lpad(to_hex(g), 32, '0'), now(), now(), now() "
	    "FROM generate_series(1, 20000) g");
	(void)db_sql(db, "ANALYZE calls");
	assert_err(calls_lines(db->pg, db->round, in_ms(5000), &rows), ERR_OK);
	assert_int_equal(rows.n, 3);
	plan = db_sql(
	    db, str_format(db->round, "EXPLAIN %s", stmt(STMT_LINES)->sql).p);
	for (size_t i = 0; i < plan.n; i++)
		assert_false(str_holds(pg_str(&plan, i, 0), "Seq Scan"));
	forget_all(db);
	assert_err(calls_lines(db->pg, db->round, in_ms(5000), &rows), ERR_OK);
	assert_int_equal(rows.n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MARKS_TEST(test_marks_heard),
		MARKS_TEST(test_marks_move_updated_at),
		MARKS_TEST(test_marks_of_many),
		MARKS_TEST(test_marks_of_all_or_none),
		MARKS_TEST(test_marks_where_nothing_can_be_heard),
		MARKS_TEST(test_marks_stay),
		MARKS_TEST(test_marks_use_the_index),
		MARKS_TEST(test_lines),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
