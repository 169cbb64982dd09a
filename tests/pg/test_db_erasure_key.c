/*
 * erasure: somebody has emptied the tables by hand, the key's row as well; and
 * what is left of rows that are gone.
 */
#include "event_testing.h"
#include "store/erasure.h"
#include "store/events.h"
#include "store/recordings.h"

static const struct request story[] = {
	{ "/twilio/voice?line=%2B15550100001", OWN "&CallStatus=ringing", 0 },
	{ "/twilio/recording" AT("message", "3"),
	    "CallSid=" CALL "&RecordingSid=" RE "&RecordingStatus=completed"
	    "&RecordingDuration=9",
	    30 },
};

static int
begin(void **state)
{
	if (db_begin(state) != 0)
		return -1;
	forget_all(*state);
	(void)db_sql(
	    *state, "TRUNCATE jobs, recordings, listens, erased, erasure_key");
	return 0;
}

/* What is acknowledged is there. */
static void
test_without_a_key_nothing_is_lost(void **state)
{
	const struct db *const db = *state;
	const struct recording_key key = { STR(LINE), STR(RE), STR(CALL) };
	const struct recording_kept kept = { .place = RECORDING_FOLDER };

	add_all(db, story, ARRAY_LEN(story));
	assert_int_equal(db_number(db, "SELECT count(*) FROM events"), 2);
	assert_int_equal(db_number(db, "SELECT count(*) FROM calls"), 1);
	assert_err(recordings_keep(db->pg, db->round, &key, &kept), ERR_OK);
}

/* Who is erased stays so: with a key that is made then, once. */
static void
test_without_a_key_one_is_made(void **state)
{
	static const struct erasure_call call = { .line = STR_INIT(LINE),
		.sid = STR_INIT(CALL) };
	const struct db *const db = *state;
	struct erasure_counts counts = { 0 };

	add_all(db, story, ARRAY_LEN(story));
	for (int i = 0; i < 2; i++)
		assert_err(erasure_erase(
			       db->pg, db->round, &call, in_ms(20000), &counts),
		    ERR_OK);
	assert_int_equal(db_number(db, "SELECT count(*) FROM erasure_key"), 1);
	assert_int_equal(db_number(db, "SELECT count(*) FROM erased"), 1);
	add_all(db, story, ARRAY_LEN(story));
	assert_int_equal(db_number(db, "SELECT count(*) FROM events"), 0);
	assert_int_equal(db_number(db, "SELECT count(*) FROM calls"), 0);
}

/* And its pages are given back where nothing stands behind them. */
static void
test_erasure_vacuum_leaves_no_page(void **state)
{
	const struct db *const db = *state;
	const char *const bytes = "SELECT pg_relation_size('events')";

	add_all(db, story, ARRAY_LEN(story));
	(void)db_sql(db, "DELETE FROM events");
	assert_true(db_number(db, bytes) > 0);
	assert_err(erasure_vacuum(db->pg, db->round), ERR_OK);
	assert_int_equal(db_number(db, bytes), 0);
}

#define TEST_BEGUN(f) cmocka_unit_test_setup((f), begin)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_BEGUN(test_without_a_key_nothing_is_lost),
		TEST_BEGUN(test_without_a_key_one_is_made),
		TEST_BEGUN(test_erasure_vacuum_leaves_no_page),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
