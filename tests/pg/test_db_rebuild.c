/* rebuild_calls(): the calls made anew from their events are the same calls. */
#include "event_testing.h"
#include "store/rebuild.h"

/* Every route, for several calls, some events twice, in a random order. */
static const char *const uris[] = { "/twilio/voice", "/twilio/menu",
	"/twilio/dial", "/twilio/screen", "/twilio/screen-key",
	"/twilio/voicemail", "/twilio/fallback", "/twilio/status",
	"/twilio/leg", "/twilio/recording", "/twilio/transcription" };

static struct request
random_request(struct random *r, struct arena *arena)
{
	static const char *const words[] = { "completed", "busy", "no-answer",
		"canceled", "in-progress", "failed" };
	static const char *const steps[] = { "welcome", "office", "message" };
	const size_t call = random_below(r, 20);
	const bool own = random_below(r, 3) > 0;

	return (struct request){
		.uri = str_format(arena,
		    "%s?line=%%2B15550100001&call=CA%032zu&v=%zu&step=%s"
		    "&phone=reception&n=%zu",
		    uris[random_below(r, ARRAY_LEN(uris))], call,
		    random_below(r, 3) + 6, steps[random_below(r, 3)],
		    random_below(r, 6))
		    .p,
		.body = str_format(arena,
		    "CallSid=CA%032zu&From=%%2B1555010%04zu&CallStatus=%s"
		    "&CallDuration=%zu&Digits=%zu&DialCallStatus=%s"
		    "&DialCallDuration=%zu&RecordingSid=RE%032zu"
		    "&RecordingDuration=%zu&RecordingStatus=%s",
		    own ? call : call + 100, random_below(r, 9),
		    words[random_below(r, 6)], random_below(r, 90),
		    random_below(r, 4), words[random_below(r, 6)],
		    random_below(r, 2), random_below(r, 3), random_below(r, 5),
		    words[random_below(r, 6)])
		    .p,
		.at_s = (int)random_below(r, 1000),
	};
}

static void
rebuild(const struct db *db)
{
	int64_t n;

	assert_err(rebuild_calls(db->pg, db->round, &n), ERR_OK);
	assert_int_equal(n,
	    db_number(db,
		"SELECT count(*) FROM (SELECT DISTINCT line, call_sid "
		"FROM events) t"));
}

static void
add_many(const struct db *db)
{
	struct random r = random_begin();
	struct arena *const arena = arena_new((size_t)64 * 1024);

	for (int i = 0; i < 800; i++) {
		const struct request request = random_request(&r, arena);
		const struct told t = tell(arena, &request);

		assert_err(add(db, &t), ERR_OK);
		arena_reset(db->round);
		arena_reset(arena);
	}
	arena_free(arena);
}

static void
test_rebuild_changes_nothing(void **state)
{
	const struct db *const db = *state;

	add_many(db);
	assert_true(db_number(db, "SELECT count(*) FROM calls") >= 20);
	(void)db_sql(db,
	    "UPDATE calls SET heard_at = now(), note = 'call back', "
	    "done_at = now() WHERE sid LIKE '%7'");
	(void)db_sql(db, "CREATE TABLE before AS SELECT * FROM calls");
	(void)db_sql(db, "TRUNCATE changes");
	rebuild(db);
	rebuild(db);
	assert_int_equal(db_number(db, "SELECT count(*) FROM changes"), 0);
	assert_int_equal(
	    db_number(
		db, "SELECT count(*) FROM (TABLE before EXCEPT TABLE calls) t"),
	    0);
	assert_int_equal(
	    db_number(
		db, "SELECT count(*) FROM (TABLE calls EXCEPT TABLE before) t"),
	    0);
}

static void
test_rebuild_from_nothing(void **state)
{
	const struct db *const db = *state;

	(void)db_sql(db, "DELETE FROM calls");
	rebuild(db);
	(void)db_sql(db,
	    "UPDATE before SET heard_at = NULL, note = NULL, done_at = NULL");
	assert_int_equal(
	    db_number(
		db, "SELECT count(*) FROM (TABLE before EXCEPT TABLE calls) t"),
	    0);
	assert_int_equal(db_number(db, "SELECT count(*) FROM before"),
	    db_number(db, "SELECT count(*) FROM calls"));
}

/* A row that was spoilt, by whatever, is as it was, and pages are told. */
static void
test_rebuild_mends(void **state)
{
	const struct db *const db = *state;

	(void)db_sql(db, "TRUNCATE changes");
	(void)db_sql(db,
	    "UPDATE calls SET settled = true, bridged = NOT coalesce(bridged, false), "
	    "status_rank = 135, from_number = 'x', talk_s = 1, "
	    "first_received_at = now(), place = ROW(9999, 1, 'menu')");
	rebuild(db);
	rebuild(db);
	assert_int_equal(
	    db_number(db,
		"SELECT count(*) FROM (SELECT line, call_sid FROM changes "
		"EXCEPT ALL SELECT line, sid FROM calls) t"),
	    0);
	assert_int_equal(db_number(db, "SELECT count(*) FROM changes"),
	    db_number(db, "SELECT count(*) FROM calls"));
	assert_int_equal(
	    db_number(db,
		"SELECT count(*) FROM (SELECT * FROM before EXCEPT "
		"SELECT * FROM calls) t"),
	    0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_rebuild_changes_nothing),
		DB_TEST(test_rebuild_from_nothing),
		DB_TEST(test_rebuild_mends),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
