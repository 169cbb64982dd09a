/* erasure: nothing of a call is left, and nothing brings it back. */
#include "event_testing.h"
#include "store/erasure.h"
#include "store/events.h"
#include "store/journal.h"

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define OTHER "CA99999999999999999999999999999999"
#define OTHER_OWN "CallSid=" OTHER "&From=%2B15550100008&To=%2B15550100001"

/* A call that was rung through, then left a message; and another one. */
static const struct request story[] = {
	{ "/twilio/voice?line=%2B15550100001", OWN "&CallStatus=ringing", 0 },
	{ "/twilio/menu" AT("welcome", "1"),
	    OWN "&CallStatus=in-progress&Digits=1", 3 },
	{ "/twilio/leg" AT("office", "2") "&phone=reception",
	    "CallSid=" LEG "&From=%2B15550100009&To=%2B15550100777"
	    "&CallStatus=no-answer&SequenceNumber=3",
	    8 },
	{ "/twilio/dial" AT("office", "2"),
	    OWN "&CallStatus=in-progress&DialCallStatus=no-answer", 9 },
	{ "/twilio/recording" AT("message", "3"),
	    "CallSid=" CALL "&RecordingSid=" RE "&RecordingStatus=completed"
	    "&RecordingDuration=9",
	    30 },
	{ "/twilio/status?line=%2B15550100001",
	    OWN "&CallStatus=completed&CallDuration=29" ENDED, 31 },
	{ "/twilio/voice?line=%2B15550100001", OTHER_OWN "&CallStatus=ringing",
	    40 },
};

static const struct erasure_call call = { .line = STR_INIT(LINE),
	.sid = STR_INIT(CALL) };

static int
begin(void **state)
{
	const struct db *db;

	if (db_begin(state) != 0)
		return -1;
	db = *state;
	forget_all(db);
	(void)db_sql(db, "TRUNCATE jobs, recordings, listens, erased");
	add_all(db, story, ARRAY_LEN(story));
	(void)db_sql(db,
	    "INSERT INTO recordings (line, sid, call_sid, place) "
	    "VALUES ('" LINE "', '" RE "', '" CALL "', 'folder')");
	(void)db_sql(db,
	    "INSERT INTO listens (line, recording_sid, who) "
	    "VALUES ('" LINE "', '" RE "', 'Nora')");
	return 0;
}

static struct erasure_counts
erase_with(const struct db *db, struct pg *pg)
{
	struct erasure_counts counts = { 0 };

	assert_err(
	    erasure_erase(pg, db->round, &call, in_ms(20000), &counts), ERR_OK);
	return counts;
}

/* In how many rows of any table the bytes stand, as a dump would show them. */
static int64_t
rows_with(const struct db *db, const char *text)
{
	static const char *const tables[] = { "calls", "events", "events_aside",
		"jobs", "recordings", "listens", "erased" };
	int64_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		n += db_number(db,
		    str_format(db->round,
			"SELECT count(*) FROM %s t WHERE strpos(t::text, '%s') "
			"> 0 OR strpos(t::text, "
			"encode(convert_to('%s', 'UTF8'), 'hex')) > 0",
			tables[i], text, text)
			.p);
	return n;
}

/* What is done when the jobs have run. */
static void
forget_jobs(const struct db *db)
{
	(void)db_sql(db, "DELETE FROM jobs WHERE kind = 'erase'");
}

static void
test_erasure_leaves_nothing(void **state)
{
	const struct db *const db = *state;
	struct erasure_counts expected = { 0 };
	struct erasure_counts counts;

	assert_true(rows_with(db, CALL) > 8);
	assert_err(erasure_count(db->pg, db->round, &call, &expected), ERR_OK);
	counts = erase_with(db, db->pg);
	assert_memory_equal(&counts, &expected, sizeof(counts));
	assert_int_equal(counts.calls, 1);
	assert_int_equal(counts.events, 6);
	assert_int_equal(counts.recordings, 1);
	assert_int_equal(counts.listens, 1);
	assert_int_equal(counts.jobs, 3); /* archive, and two notices */
	forget_jobs(db);
	assert_int_equal(rows_with(db, CALL), 0);
	assert_int_equal(rows_with(db, "15550100009"), 0);
	assert_int_equal(rows_with(db, RE), 0);
	assert_int_equal(rows_with(db, LEG), 0);
	assert_int_equal(rows_with(db, OTHER), 2); /* the call and its event */
	assert_int_equal(db_number(db, "SELECT count(*) FROM erased"), 1);
}

/*
 * One for the call, for each leg, for each recording, by where it lies; none of
 * them at once.
 */
static void
test_erasure_asks_for_the_rest(void **state)
{
	const struct db *const db = *state;
	struct pg_rows rows;

	(void)db_sql(db,
	    "INSERT INTO jobs (line, call_sid, kind, channel, due_at) "
	    "VALUES ('" LINE "', '" CALL "', 'archive', 'RE2', now())");
	(void)db_sql(db, "UPDATE recordings SET place = 'bucket'");
	(void)erase_with(db, db->pg);
	assert_string_equal(
	    db_value(db,
		"SELECT string_agg(channel, ' ' ORDER BY channel) FROM jobs "
		"WHERE kind = 'erase' AND due_at > now() + interval '3 s'")
		.p,
	    " " LEG " " RE "@bucket RE2");
	assert_err(erasure_recordings(db->pg, db->round, &call, &rows), ERR_OK);
	assert_int_equal(rows.n, 2);
	assert_string_equal(pg_str(&rows, 0, 0).p, RE);
	assert_err(
	    erasure_forget_job(db->pg, db->round, &call, STR(RE "@bucket")),
	    ERR_OK);
	assert_int_equal(db_number(db, "SELECT count(*) FROM jobs"), 3);
}

/* What somebody is writing now is removed when he has done it. */
static void
test_erasure_waits_for_who_works_on_it(void **state)
{
	const struct db *const db = *state;

	(void)db_sql(db,
	    "UPDATE jobs SET leased_until = now() + interval '7 min' "
	    "WHERE kind = 'archive'");
	(void)erase_with(db, db->pg);
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM jobs WHERE kind = 'erase' "
			     "AND due_at > now() + interval '6 min'"),
	    3);
	(void)db_sql(db,
	    "INSERT INTO recordings (line, sid, call_sid, place) "
	    "VALUES ('" LINE "', '" RE "', '" CALL "', 'folder')");
	assert_err(
	    erasure_recording(db->pg, db->round, STR(LINE), STR(RE)), ERR_OK);
	forget_jobs(db);
	assert_int_equal(rows_with(db, RE), 0);
}

/* Twice, by two: the second one finds nothing and changes nothing. */
static void
test_erasure_twice(void **state)
{
	const struct db *const db = *state;
	struct erasure_counts counts;

	(void)erase_with(db, db->pg);
	counts = erase_with(db, db->pg);
	assert_memory_equal(
	    &counts, &(struct erasure_counts){ 0 }, sizeof(counts));
	assert_int_equal(db_number(db, "SELECT count(*) FROM erased"), 1);
}

/* Every event of it once more, a late callback, and one that no row can hold. */
static void
test_erasure_holds(void **state)
{
	static const struct request late[] = {
		{ "/twilio/transcription" AT("message", "3"),
		    "CallSid=" CALL "&TranscriptionText=hello", 90 },
		{ "/twilio/voicemail" AT("message", "3"),
		    OWN "&RecordingSid=" RE "&RecordingDuration=9", 91 },
		{ "/twilio/status?line=%2B15550100001",
		    OWN "&CallStatus=completed&CallDuration=29"
			"&Timestamp=Mon,+31+Dec+9999+23:59:59+%2B0000",
		    92 },
	};
	const struct db *const db = *state;

	(void)erase_with(db, db->pg);
	forget_jobs(db);
	add_all(db, story, ARRAY_LEN(story));
	add_all(db, late, ARRAY_LEN(late));
	assert_int_equal(rows_with(db, CALL), 0);
	assert_int_equal(rows_with(db, "15550100009"), 0);
	assert_int_equal(db_number(db, "SELECT count(*) FROM jobs"), 0);
	/* The same SID at another line is another call. */
	(void)db_sql(db, "UPDATE erased SET line = '+15550100002'");
	add_all(db, story, ARRAY_LEN(story));
	assert_int_equal(db_number(db, "SELECT count(*) FROM events"), 7);
}

static void
test_erasure_of_what_was_set_aside(void **state)
{
	const struct db *const db = *state;
	int64_t n;

	(void)db_sql(db,
	    "INSERT INTO events_aside SELECT sha256(b), now(), 'voice', u, b, '' "
	    "FROM (VALUES ('/a?call=" CALL "', '\\x00ff'::bytea), "
	    "('/b', 'CallSid=" LEG "'), ('/c', 'From=%2B15550100009&To=1'), "
	    "('/d?caller=+15550100009', 'x'), ('/e', 'From=%2015550100009'), "
	    "('/f', 'From=%2B155501000091'), ('/g', 'From=%2B915550100009'), "
	    "('/h', 'y')) v(u, b)");
	assert_int_equal(erase_with(db, db->pg).aside, 2);
	assert_err(
	    erasure_aside(db->pg, db->round, STR("15550100009"), true, &n),
	    ERR_OK);
	assert_int_equal(n, 3);
	assert_err(
	    erasure_aside(db->pg, db->round, STR("15550100009"), false, &n),
	    ERR_OK);
	assert_int_equal(n, 3);
	assert_string_equal(db_value(db,
				"SELECT string_agg(uri, '' ORDER BY uri) "
				"FROM events_aside")
				.p,
	    "/f/g/h");
}

/* An event that no row could hold, while its call was being erased. */
static void
test_erasure_holds_what_is_set_aside(void **state)
{
	const struct db *const db = *state;
	const struct told t = tell(db->round, &story[1]);
	struct event_row *const row = event_row_new(db->round, &t.ev, &t.reply);
	struct pg_query query;
	struct pg_rows rows;

	row->field[ROW_ASIDE] = STR("no row can hold it");
	query = events_aside_query(db->round, row, in_ms(5000));
	(void)erase_with(db, db->pg);
	assert_err(pg_run(db->pg, db->round, &query, &rows), ERR_OK);
	assert_int_equal(db_number(db, "SELECT count(*) FROM events_aside"), 0);
	(void)db_sql(db, "TRUNCATE erased");
	assert_err(pg_run(db->pg, db->round, &query, &rows), ERR_OK);
	assert_int_equal(db_number(db, "SELECT count(*) FROM events_aside"), 1);
}

/* In its own process: erases, or adds an event. */
static pid_t
aside(const struct db *db, bool adds)
{
	const pid_t pid = fork();

	if (pid == 0) {
		struct db own = *db;

		own.round = arena_new((size_t)64 * 1024);
		own.pg = db_connect(db, db->conninfo);
		if (adds) {
			const struct request again = { "/twilio/menu" AT(
							   "welcome", "7"),
				OWN "&CallStatus=in-progress&Digits=2", 50 };
			const struct told t = tell(own.round, &again);

			_exit(add(&own, &t) == ERR_OK ? 0 : 1);
		}
		(void)erase_with(&own, own.pg);
		_exit(0);
	}
	assert_true(pid > 0);
	return pid;
}

static void
wait_for_locked(const struct db *db, int n)
{
	for (int i = 0; i < 500; i++) {
		if (db_number(db,
			"SELECT count(*) FROM pg_stat_activity "
			"WHERE datname = current_database() "
			"AND wait_event_type = 'Lock'") == n)
			return;
		(void)nanosleep(&(struct timespec){ 0, 10000000 }, NULL);
	}
	fail_msg("%d statements never waited for a lock", n);
}

static void
assert_ended(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/*
 * An event's statement that began before the tombstone was there, and ends
 * after the erasure, writes rows: the second look removes them.
 */
static void
test_erasure_second_look(void **state)
{
	const struct db *const db = *state;
	struct pg *const holder = db_connect(db, db->conninfo);
	struct pg_rows rows;
	pid_t eraser;
	pid_t adder;

	assert_err(db_try(db, holder, "BEGIN", &rows), ERR_OK);
	assert_err(
	    db_try(db, holder, "SELECT * FROM recordings FOR UPDATE", &rows),
	    ERR_OK);
	eraser = aside(db, false);
	wait_for_locked(db, 1); /* it holds the call */
	adder = aside(db, true);
	wait_for_locked(db, 2); /* it waits for the call */
	assert_err(db_try(db, holder, "COMMIT", &rows), ERR_OK);
	assert_ended(eraser);
	assert_ended(adder);
	pg_free(holder);
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM events "
			     "WHERE call_sid = '" CALL "'"),
	    1); /* the window */
	assert_int_equal(erase_with(db, db->pg).events, 1);
	forget_jobs(db);
	assert_int_equal(rows_with(db, CALL), 0);
}

/* One whose statement was faster is waited for, and goes as well. */
static void
test_erasure_waits_for_an_event(void **state)
{
	const struct db *const db = *state;
	struct pg *const holder = db_connect(db, db->conninfo);
	struct pg_rows rows;
	pid_t adder;
	pid_t eraser;

	assert_err(db_try(db, holder, "BEGIN", &rows), ERR_OK);
	assert_err(
	    db_try(db, holder,
		"SELECT * FROM calls WHERE sid = '" CALL "' FOR UPDATE", &rows),
	    ERR_OK);
	adder = aside(db, true);
	wait_for_locked(db, 1);
	eraser = aside(db, false);
	wait_for_locked(db, 2);
	assert_err(db_try(db, holder, "COMMIT", &rows), ERR_OK);
	assert_ended(adder);
	assert_ended(eraser);
	pg_free(holder);
	forget_jobs(db);
	assert_int_equal(rows_with(db, CALL), 0);
}

#define TEST_BEGUN(f) cmocka_unit_test_setup((f), begin)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_BEGUN(test_erasure_leaves_nothing),
		TEST_BEGUN(test_erasure_asks_for_the_rest),
		TEST_BEGUN(test_erasure_waits_for_who_works_on_it),
		TEST_BEGUN(test_erasure_twice),
		TEST_BEGUN(test_erasure_holds),
		TEST_BEGUN(test_erasure_of_what_was_set_aside),
		TEST_BEGUN(test_erasure_holds_what_is_set_aside),
		TEST_BEGUN(test_erasure_second_look),
		TEST_BEGUN(test_erasure_waits_for_an_event),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
