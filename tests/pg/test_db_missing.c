/* missing: what Twilio is asked about, and what it is not asked about. */
#include "pg_testing.h"
#include "store/missing.h"

#define LINE "+15550100001"

static int
begin(void **state)
{
	if (db_begin(state) != 0)
		return -1;
	(void)db_sql(*state, "TRUNCATE jobs, calls, events, erased");
	return 0;
}

#define MISSING_TEST(function) cmocka_unit_test_setup((function), begin)

/* One row a case: is it asked for? */
static const struct {
	const char *name;
	int seen_s, told_s; /* so long ago */
	const char *facts;  /* status_rank, place, recording */
	const char *asked;
} rows[] = {
	{ "goes on, young", 290, 290, "18, NULL, NULL", "" },
	{ "goes on, old", 310, 310, "18, NULL, NULL", "call" },
	{ "of no status", 310, 310, "NULL, NULL, NULL", "call" },
	{ "over by an action", 310, 310, "115, NULL, NULL", "call" },
	{ "over by a callback", 310, 310, "125, NULL, NULL", "" },
	{ "over by REST", 310, 310, "135, NULL, NULL", "" },
	{ "came to voicemail just now", 200, 110,
	    "125, '(2,1,voicemail)', NULL", "" },
	{ "came to voicemail", 200, 130, "125, '(2,1,voicemail)', NULL",
	    "recording" },
	{ "recorded", 200, 130, "125, '(3,1,recorded)', NULL", "recording" },
	{ "known from an action", 200, 130,
	    "125, '(3,1,recorded)', '(RE1,1,2,true)'", "recording" },
	{ "in progress", 200, 130, "18, NULL, '(RE1,2,1,false)'", "recording" },
	{ "absent", 200, 130, "125, NULL, '(RE1,2,4,false)'", "" },
	{ "completed", 200, 130, "125, NULL, '(RE1,2,5,true)'", "RE1" },
	{ "known from REST", 200, 130, "125, NULL, '(RE1,3,5,true)'", "RE1" },
	{ "completed long ago", 10000, 9000, "125, NULL, '(RE1,2,5,true)'",
	    "" },
	{ "in a menu", 200, 130, "125, '(2,1,menu)', NULL", "" },
	{ "recorded long ago", 10000, 9000, "125, '(3,1,recorded)', NULL", "" },
};

static void
test_missing_ask_open(void **state)
{
	const struct db *const db = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		print_message("  %s\n", rows[i].name);
		(void)db_sql(db, "TRUNCATE jobs, calls");
		(void)db_sql(db,
		    str_format(db->round,
			"INSERT INTO calls (line, sid, first_seen_at, "
			" first_received_at, updated_at, status_rank, place, "
			" recording) VALUES ('" LINE "', 'CA1', "
			" now() - interval '%d s', now(), "
			" now() - interval '%d s', %s)",
			rows[i].seen_s, rows[i].told_s, rows[i].facts)
			.p);
		for (int twice = 0; twice < 2; twice++)
			assert_err(missing_ask_open(db->pg, db->round,
				       db_number(db,
					   "SELECT (extract(epoch FROM now()) "
					   "- 7200)::bigint * 1000000")),
			    ERR_OK);
		assert_text(
		    db_value(db,
			"SELECT coalesce(string_agg(channel, ','), '') "
			"FROM jobs WHERE kind = CASE channel "
			"WHEN 'RE1' THEN 'archive' ELSE 'reconcile' END"),
		    rows[i].asked);
	}
}

/* What is missing of CA1; `*is_known` is left alone when nothing is. */
static size_t
missing_of(const struct db *db, enum call_status status, bool *is_known)
{
	struct rest_call list[] = {
		{ .sid = STR("CA1"), .is_inbound = true, .status = status },
		{ .sid = STR("CA2"), .status = status }
	};
	const struct rest_calls listed = { list, 2, STR_ABSENT };
	struct missing_list out;

	assert_err(
	    missing_calls(db->pg, db->round, &listed, STR(LINE), &out), ERR_OK);
	if (out.n > 0)
		*is_known = out.list[0].is_known;
	return out.n;
}

static size_t
missing_recording_of(const struct db *db)
{
	struct rest_recording list[] = {
		{ .sid = STR("RE1"),
		    .call_sid = STR("CA1"),
		    .is_record_verb = true,
		    .status = RECORDING_COMPLETED },
	};
	const struct rest_recordings listed = { list, 1, STR_ABSENT };
	struct missing_list out;

	assert_err(
	    missing_recordings(db->pg, db->round, &listed, &out), ERR_OK);
	return out.n;
}

/* An erased call, whose line was another than the one it is listed by. */
#define TOMBSTONE_OF(line)                                                     \
	"SELECT '" line "', sha256(key || convert_to('CA1', 'UTF8')) "         \
	"FROM erasure_key"

/* Unknown, then known, over in two ways, then erased; a leg never counts. */
static void
test_missing_calls(void **state)
{
	const struct db *const db = *state;
	bool is_known = true;

	assert_int_equal(missing_of(db, CALL_COMPLETED, &is_known), 1);
	assert_int_equal(missing_of(db, CALL_IN_PROGRESS, &is_known), 1);
	assert_false(is_known);
	(void)db_sql(db,
	    "INSERT INTO calls (line, sid, first_seen_at, first_received_at, "
	    "updated_at, status_rank) "
	    "VALUES ('" LINE "', 'CA1', now(), now(), now(), 18)");
	assert_int_equal(missing_of(db, CALL_COMPLETED, &is_known), 1);
	assert_true(is_known);
	assert_int_equal(missing_of(db, CALL_IN_PROGRESS, &is_known), 0);
	(void)db_sql(db, "UPDATE calls SET status_rank = 125");
	assert_int_equal(missing_of(db, CALL_COMPLETED, &is_known), 0);
	(void)db_sql(db, "TRUNCATE calls");
	assert_int_equal(missing_of(db, CALL_COMPLETED, &is_known), 1);
	assert_int_equal(missing_recording_of(db), 1);
	(void)db_sql(db, "INSERT INTO erased " TOMBSTONE_OF("+15550100002"));
	assert_int_equal(missing_of(db, CALL_COMPLETED, &is_known), 0);
	assert_int_equal(missing_recording_of(db), 0);
}

/* What is over begins anew, but not at once, nor of a call that is no line's. */
static void
test_missing_ask(void **state)
{
	static const char *const lines[] = { LINE, "" };
	const struct db *const db = *state;

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		const struct missing call = { .call_sid = STR("CA1"),
			.line = str_of(lines[i]) };
		const char *const due =
		    "SELECT count(*) FROM jobs WHERE state = 'due'";

		(void)db_sql(db, "TRUNCATE jobs");
		assert_err(
		    missing_ask(db->pg, db->round, &call, STR("call")), ERR_OK);
		assert_int_equal(db_number(db, due), 1);
		(void)db_sql(
		    db, "UPDATE jobs SET state = 'done', finished_at = now()");
		assert_err(
		    missing_ask(db->pg, db->round, &call, STR("call")), ERR_OK);
		assert_int_equal(db_number(db, due), 0);
		(void)db_sql(db,
		    "UPDATE jobs SET finished_at = now() - interval '6 min'");
		assert_err(
		    missing_ask(db->pg, db->round, &call, STR("call")), ERR_OK);
		assert_int_equal(db_number(db, due), i == 0 ? 1 : 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MISSING_TEST(test_missing_ask_open),
		MISSING_TEST(test_missing_calls),
		MISSING_TEST(test_missing_ask),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
