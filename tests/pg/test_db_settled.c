/* settled: what was taken off the list of what is to do, and comes back to it. */
#include "event_testing.h"
#include "store/erasure.h"
#include "store/live.h"
#include "store/retention.h"

#define MISSED "CA00000000000000000000000000000001"
#define LATER "CA00000000000000000000000000000002"

/* status_rank, an outcome of it, and how many hours ago. */
#define CALL_OF(sid, number, fact, hours)                                      \
	"INSERT INTO calls (line, sid, from_number, status_rank, bridged, "    \
	"place, why, first_seen_at, first_received_at, updated_at) "           \
	"SELECT '" LINE "', '" sid "', '" number "', 125, " fact ", t, t, t "  \
	"FROM (SELECT now() - interval '" hours " h' AS t) n"
#define IS_MISSED                                                              \
	"NULL, ROW(1, 0, 'voicemail')::step_word, "                            \
	"ROW(1, 0, 'no_answer')::step_word"
#define IS_ANSWERED "true, NULL, NULL"

static int
begin(void **state)
{
	const struct db *db;

	if (db_begin(state) != 0)
		return -1;
	db = *state;
	forget_all(db);
	(void)db_sql(db, "TRUNCATE changes, jobs, erased");
	(void)db_sql(db, CALL_OF(MISSED, "+15550100009", IS_MISSED, "5"));
	(void)db_sql(db, CALL_OF(LATER, "+15550100009", IS_ANSWERED, "4"));
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM calls "
			     "WHERE outcome IN ('missed', 'answered')"),
	    2);
	return 0;
}

/* Whatever there is to note, and how many calls are noted now. */
static int64_t
settle(const struct db *db)
{
	for (size_t n = 1; n > 0;)
		assert_err(calls_settle(db->pg, db->round, &n), ERR_OK);
	return db_number(db, "SELECT count(*) FROM calls WHERE settled");
}

static int64_t
to_do(const struct db *db)
{
	struct live_counts counts;

	assert_err(live_count(db->pg, db->round, in_ms(5000), &counts), ERR_OK);
	return counts.to_do;
}

static void
erase(const struct db *db, const char *sid)
{
	const struct erasure_call call = { .line = STR(LINE),
		.sid = str_of(sid) };
	struct erasure_counts counts = { 0 };

	assert_err(
	    erasure_erase(db->pg, db->round, &call, in_ms(5000), &counts),
	    ERR_OK);
	assert_int_equal(counts.calls, 1);
}

/* Nobody has got back to the caller any more, and open pages are told so. */
static void
test_settled_is_taken_back(void **state)
{
	const struct db *const db = *state;

	assert_int_equal(settle(db), 1);
	assert_int_equal(to_do(db), 0);
	erase(db, LATER);
	assert_int_equal(to_do(db), 1);
	assert_int_equal(
	    db_number(db,
		"SELECT count(*) FROM changes WHERE call_sid = '" MISSED "'"),
	    1);
	assert_int_equal(settle(db), 0);
}

static void
test_settled_is_taken_back_by_age(void **state)
{
	const struct erasure_call call = { .line = STR(LINE),
		.sid = STR(LATER) };
	const struct db *const db = *state;

	assert_int_equal(settle(db), 1);
	assert_err(retention_remove(db->pg, db->round, &call), ERR_OK);
	assert_int_equal(to_do(db), 1);
}

/* Of two that answered one is left; what others do is nothing to it. */
static void
test_settled_by_another(void **state)
{
	const struct db *const db = *state;

	(void)db_sql(db, CALL_OF("CA3", "+15550100009", IS_ANSWERED, "3"));
	(void)db_sql(db, CALL_OF("CA4", "+15550100009", IS_MISSED, "2"));
	(void)db_sql(db, CALL_OF("CA5", "+15550100008", IS_MISSED, "6"));
	(void)db_sql(db, CALL_OF("CA6", "+15550100008", IS_ANSWERED, "5"));
	assert_int_equal(settle(db), 2);
	assert_int_equal(to_do(db), 1);
	erase(db, LATER);
	assert_int_equal(
	    db_number(db, "SELECT settled::int FROM calls WHERE sid = 'CA5'"),
	    1);
	assert_int_equal(to_do(db), 1);
	assert_int_equal(settle(db), 2);
	erase(db, "CA4");
	assert_int_equal(to_do(db), 0);
}

/* It is being erased while we look: nothing is noted by what may be gone. */
static void
test_settled_not_by_who_goes(void **state)
{
	const struct db *const db = *state;
	struct pg *const other = db_connect(db, db->conninfo);
	struct pg_rows rows;

	assert_err(db_try(db, other, "BEGIN", &rows), ERR_OK);
	assert_err(
	    db_try(db, other,
		"SELECT FROM calls WHERE sid = '" LATER "' FOR UPDATE", &rows),
	    ERR_OK);
	assert_int_equal(settle(db), 0);
	assert_err(db_try(db, other, "ROLLBACK", &rows), ERR_OK);
	assert_int_equal(settle(db), 1);
	pg_free(other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_settled_is_taken_back, begin),
		cmocka_unit_test_setup(
		    test_settled_is_taken_back_by_age, begin),
		cmocka_unit_test_setup(test_settled_by_another, begin),
		cmocka_unit_test_setup(test_settled_not_by_who_goes, begin),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
