/* retention: what was kept for long enough goes, whole, and nothing else. */
#include "event_testing.h"
#include "store/rebuild.h"
#include "store/retention.h"

/* Ten calls with three events each, the n-th first seen n days ago. */
static int
begin(void **state)
{
	const struct db *db;

	if (db_begin(state) != 0)
		return -1;
	db = *state;
	forget_all(db);
	(void)db_sql(db, "TRUNCATE jobs, recordings, listens, erased");
	for (int i = 0; i < 30; i++) {
		const struct request request = {
			"/twilio/menu?line=%2B15550100001&step=welcome&n=1",
			str_format(db->round,
			    "CallSid=CA%032d&From=%%2B1555010%04d"
			    "&CallStatus=in-progress&Digits=%d",
			    i % 10, i % 10, i)
			    .p,
			i,
		};

		add_all(db, &request, 1);
	}
	(void)db_sql(db,
	    "UPDATE calls SET first_seen_at = now() - "
	    "make_interval(days => right(sid, 2)::int, mins => 1)");
	(void)db_sql(db,
	    "INSERT INTO recordings (line, sid, call_sid, place) "
	    "SELECT line, 'RE' || substr(sid, 3), sid, 'folder' FROM calls");
	(void)db_sql(db,
	    "INSERT INTO listens (line, recording_sid, who) "
	    "SELECT line, sid, 'Nora' FROM recordings");
	(void)db_sql(db,
	    "INSERT INTO jobs (line, call_sid, kind, channel, due_at, state, "
	    "finished_at) SELECT line, sid, 'notify', 'email', now(), 'done', "
	    "now() - interval '60 days' FROM calls");
	return 0;
}

static void
test_retention_of_calls(void **state)
{
	const struct db *const db = *state;
	struct erasure_call *calls;
	struct pg_rows rows;
	size_t n;

	assert_err(retention_calls(db->pg, db->round, 7, &calls, &n), ERR_OK);
	assert_int_equal(n, 3);
	assert_string_equal(
	    calls[0].sid.p, "CA00000000000000000000000000000009");
	assert_err(
	    retention_recordings(db->pg, db->round, &calls[0], &rows), ERR_OK);
	assert_int_equal(rows.n, 1);
	for (size_t i = 0; i < n; i++)
		assert_err(
		    retention_remove(db->pg, db->round, &calls[i]), ERR_OK);
	assert_err(retention_calls(db->pg, db->round, 7, &calls, &n), ERR_OK);
	assert_int_equal(n, 0);
	assert_int_equal(db_number(db, "SELECT count(*) FROM calls"), 7);
	assert_int_equal(db_number(db, "SELECT count(*) FROM events"), 21);
	assert_int_equal(db_number(db, "SELECT count(*) FROM recordings"), 7);
	assert_int_equal(db_number(db, "SELECT count(*) FROM listens"), 7);
	assert_int_equal(db_number(db, "SELECT count(*) FROM jobs"), 7);
	assert_int_equal(db_number(db, "SELECT count(*) FROM erased"), 0);
}

static void
test_retention_of_audio(void **state)
{
	const struct db *const db = *state;
	struct retention_audio *audio;
	size_t n;

	(void)db_sql(db, "DELETE FROM calls WHERE right(sid, 1) = '9'");
	(void)db_sql(
	    db, "UPDATE recordings SET place = 'bucket' WHERE sid LIKE '%8'");
	assert_err(retention_audio(db->pg, db->round, 7, &audio, &n), ERR_OK);
	assert_int_equal(n, 2); /* that without a call is new itself */
	assert_true(audio[0].in_bucket != audio[1].in_bucket);
	for (size_t i = 0; i < n; i++)
		assert_err(
		    retention_audio_removed(db->pg, db->round, &audio[i]),
		    ERR_OK);
	assert_err(retention_audio(db->pg, db->round, 7, &audio, &n), ERR_OK);
	assert_int_equal(n, 0);
	assert_string_equal(db_value(db,
				"SELECT string_agg(right(sid, 1), '' ORDER BY "
				"sid) FROM recordings "
				"WHERE removed_at IS NOT NULL")
				.p,
	    "78");
}

static int64_t
remove_events(const struct db *db, int days)
{
	struct retention_cursor cursor = { 0 };
	enum err e;

	while (
	    (e = retention_events(db->pg, db->round, days, &cursor)) == ERR_OK)
		continue;
	assert_err(e, ERR_NOT_FOUND);
	return cursor.events;
}

#define SEEN                                                                   \
	"SELECT line, sid, first_seen_at, status, menu_key, from_number, "     \
	"first_received_at FROM "

static void
assert_same_calls(const struct db *db)
{
	assert_int_equal(
	    db_number(db,
		"SELECT count(*) FROM (" SEEN "kept EXCEPT " SEEN "calls) t"),
	    0);
	assert_int_equal(db_number(db, "SELECT count(*) FROM calls"),
	    db_number(db, "SELECT count(*) FROM kept"));
}

static void
test_retention_of_events(void **state)
{
	const struct request late = {
		"/twilio/menu?line=%2B15550100001&step=welcome&n=1",
		"CallSid=CA00000000000000000000000000000009"
		"&From=anonymous&CallStatus=ringing",
		99,
	};
	const struct db *const db = *state;
	int64_t n;

	(void)db_sql(db, "CREATE TEMPORARY TABLE kept AS TABLE calls");
	assert_int_equal(remove_events(db, 7), 9);
	assert_int_equal(remove_events(db, 7), 0);
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM calls "
			     "WHERE events_removed_at IS NOT NULL"),
	    3);
	assert_same_calls(db);
	assert_err(rebuild_calls(db->pg, db->round, &n), ERR_OK);
	assert_int_equal(n, 7);
	assert_same_calls(db);
	/* What comes late is merged, and makes nothing poorer. */
	add_all(db, &late, 1);
	assert_err(rebuild_calls(db->pg, db->round, &n), ERR_OK);
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM calls WHERE sid LIKE '%9' "
			     "AND status = 'in-progress'"),
	    1);
	assert_int_equal(remove_events(db, 7), 1);
}

/* A pass goes on where the last batch ended, at any number of calls. */
static void
test_retention_of_many_events(void **state)
{
	const struct db *const db = *state;

	(void)db_sql(db,
	    "INSERT INTO calls (line, sid, first_seen_at, first_received_at, "
	    "updated_at) SELECT '" LINE "', 'CB' || i, "
	    "now() - interval '20 days' - make_interval(secs => i / 7), "
	    "now(), now() FROM generate_series(1, 2500) i");
	(void)db_sql(db,
	    "INSERT INTO events (line, call_sid, event_key, kind, received_at, "
	    "uri, body) SELECT line, sid, sha256(sid::bytea), 'voice', now(), "
	    "'', '' FROM calls WHERE sid LIKE 'CB%'");
	assert_int_equal(remove_events(db, 10), 2500);
	assert_int_equal(db_number(db, "SELECT count(*) FROM events"), 30);
}

/* A turn may end anywhere: the next one goes on there, and does not begin. */
static void
test_retention_of_events_in_turns(void **state)
{
	const struct db *const db = *state;
	struct retention_cursor cursor;
	struct retention_cursor again;

	(void)db_sql(db,
	    "INSERT INTO jobs (line, call_sid, kind, channel, due_at) "
	    "VALUES ('', '', 'retention', '', now())");
	assert_err(retention_resume(db->pg, db->round, &cursor), ERR_OK);
	assert_absent(cursor.after_sid);
	assert_err(retention_pause(db->pg, db->round, &cursor), ERR_OK);
	assert_err(retention_resume(db->pg, db->round, &cursor), ERR_OK);
	assert_absent(cursor.after_sid);
	assert_err(retention_events(db->pg, db->round, 8, &cursor), ERR_OK);
	assert_err(retention_pause(db->pg, db->round, &cursor), ERR_OK);
	assert_err(retention_resume(db->pg, db->round, &again), ERR_OK);
	assert_int_equal(again.after_us, cursor.after_us);
	assert_str(again.after_sid, cursor.after_sid);
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM jobs WHERE progress IS NOT "
			     "NULL"),
	    1);
	assert_err(retention_events(db->pg, db->round, 7, &again), ERR_OK);
	assert_int_equal(again.events, 3);
	assert_err(
	    retention_events(db->pg, db->round, 7, &again), ERR_NOT_FOUND);
	assert_err(retention_pause(db->pg, db->round, NULL), ERR_OK);
	assert_err(retention_resume(db->pg, db->round, &again), ERR_OK);
	assert_absent(again.after_sid);
}

/* Neither waits for the other: a call that is being written is left for later. */
static void
test_retention_waits_for_nobody(void **state)
{
	const struct db *const db = *state;
	struct pg *const holder = db_connect(db, db->conninfo);
	struct pg_rows rows;

	assert_err(db_try(db, holder, "BEGIN", &rows), ERR_OK);
	assert_err(
	    db_try(db, holder,
		"SELECT * FROM calls WHERE sid LIKE '%8' FOR UPDATE", &rows),
	    ERR_OK);
	assert_int_equal(remove_events(db, 7), 6);
	/* The server notices later that a connection has been closed. */
	assert_err(db_try(db, holder, "ROLLBACK", &rows), ERR_OK);
	pg_free(holder);
	assert_int_equal(remove_events(db, 7), 3);
}

static void
test_retention_of_the_rest(void **state)
{
	const struct db *const db = *state;
	int64_t n;

	(void)db_sql(db,
	    "INSERT INTO events_aside SELECT sha256(i::text::bytea), "
	    "now() - make_interval(days => i, mins => 1), 'voice', '', '', '' "
	    "FROM generate_series(0, 9) i");
	assert_err(retention_aside(db->pg, db->round, 7, &n), ERR_OK);
	assert_int_equal(n, 3);
	/* Why nobody is told twice of a call that is there. */
	assert_err(retention_jobs(db->pg, db->round, &n), ERR_OK);
	assert_int_equal(n, 0);
	(void)db_sql(db, "DELETE FROM calls WHERE sid LIKE '%9'");
	(void)db_sql(
	    db, "UPDATE jobs SET state = 'dead' WHERE call_sid LIKE '%8'");
	(void)db_sql(db, "DELETE FROM calls WHERE sid LIKE '%8'");
	assert_err(retention_jobs(db->pg, db->round, &n), ERR_OK);
	assert_int_equal(n, 1);
}

#define TEST_BEGUN(f) cmocka_unit_test_setup((f), begin)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_BEGUN(test_retention_of_calls),
		TEST_BEGUN(test_retention_of_audio),
		TEST_BEGUN(test_retention_of_events),
		TEST_BEGUN(test_retention_of_many_events),
		TEST_BEGUN(test_retention_of_events_in_turns),
		TEST_BEGUN(test_retention_waits_for_nobody),
		TEST_BEGUN(test_retention_of_the_rest),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
