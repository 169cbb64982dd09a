/*
 * From the first migration onward, with data in it: what the program of then has
 * written, and what each later one could.  tests/data/upgrade/NNNN.sql is loaded
 * as soon as migration NNNN was applied.
 */
#include "event_testing.h"
#include "io/files.h"
#include "store/migrate.h"
#include "store/rebuild.h"

#include <string.h>

#define DATA_MAX_BYTES ((size_t)4 * 1024 * 1024)

static int
begin_empty(void **state)
{
	const struct db *const db = *state;

	if (db_begin(state) != 0)
		return -1;
	(void)db_sql(db, "DROP SCHEMA public CASCADE");
	(void)db_sql(db, "CREATE SCHEMA public");
	return 0;
}

/* What that version's program has left, if there is something of it. */
static bool
load(const struct db *db, int version)
{
	const char *const path = str_format(
	    db->round, TESTS_FOLDER "/data/upgrade/%04d.sql", version)
				     .p;
	struct str sql;
	struct str detail;
	const enum err e = files_read(db->round, path, DATA_MAX_BYTES, &sql);

	if (e == ERR_NOT_FOUND)
		return false;
	assert_err(e, ERR_OK);
	if (pg_script(db->pg, db->round, sql.p, in_ms(60000), &detail) !=
	    ERR_OK)
		fail_msg("%s: %.*s", path, STR_ARG(detail));
	return true;
}

static void
migrate_to(const struct db *db, size_t n)
{
	struct migrate_report report;

	if (migrate_run(db->pg, db->round, migrations, n, &report) != ERR_OK)
		fail_msg("%.*s", STR_ARG(report.error));
	assert_int_equal(report.to, n);
}

/* What Twilio sent and what was answered, as the first schema has it. */
static struct str
events_sum(const struct db *db)
{
	return db_value(db,
	    "SELECT count(*) || md5(string_agg(concat_ws('|', line, call_sid, "
	    " event_key, id, kind, received_at, uri, body, twiml, leg_sid, "
	    " leg_phone, leg_to, leg_status, leg_duration_s, sequence, "
	    " sip_code, occurred_at, n, step, version_entry, version_url, "
	    " status_rank, duration_callback_s, duration_rest_s, "
	    " started_callback, ended_callback, from_number, to_number, "
	    " caller_name, caller_city, caller_region, caller_country, "
	    " verstat, place, why, menu_key, forwarded, bridged, accepted, "
	    " talk_s, recording, length, transcript, error_code), E'\\n' "
	    " ORDER BY id)) FROM events");
}

static struct str
calls_sum(const struct db *db)
{
	return db_value(db,
	    "SELECT count(*) || md5(string_agg(concat_ws('|', line, sid, "
	    " first_seen_at, first_received_at, updated_at, version_entry, "
	    " version_url, status_rank, duration_callback_s, duration_rest_s, "
	    " started_callback, started_rest, ended_callback, ended_rest, "
	    " from_number, to_number, caller_name, caller_city, "
	    " caller_region, caller_country, verstat, place, why, menu_key, "
	    " forwarded, bridged, accepted, talk_s, recording, length, "
	    " transcript, error_code, heard_at, done_at, note, status, "
	    " outcome, reason), E'\\n' ORDER BY sid)) FROM calls");
}

/* A row of each table that the data fills. */
static void
check_rows(const struct db *db)
{
	static const struct {
		const char *sql;
		int64_t want;
	} rows[] = {
		{ "SELECT count(*) FROM flows", 1 },
		{ "SELECT count(*) FROM api_tokens "
		  "WHERE name IN ('wallboard', 'feed')",
		    2 },
		{ "SELECT count(*) FROM api_sessions", 2 },
		{ "SELECT count(*) FROM recordings WHERE mp3_bytes = 3", 1 },
		{ "SELECT count(*) FROM listens WHERE who = 'wallboard'", 1 },
		{ "SELECT count(*) FROM jobs WHERE state = 'dead'", 1 },
		{ "SELECT count(*) FROM erased", 1 },
		{ "SELECT count(*) FROM erasure_key", 1 },
		{ "SELECT count(*) FROM users", 2 },
		{ "SELECT count(*) FROM user_links", 1 },
		{ "SELECT count(*) FROM blocks", 1 },
		{ "SELECT count(*) FROM feed_links", 1 },
		{ "SELECT count(*) FROM calls WHERE note = 'Call back' "
		  "AND heard_at IS NOT NULL AND done_at IS NOT NULL",
		    1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		print_message("  %s\n", rows[i].sql);
		assert_true(db_number(db, rows[i].sql) >= rows[i].want);
	}
	/* What came before there was background work is brought as well. */
	assert_int_equal(db_number(db,
			     "SELECT count(DISTINCT channel) FROM jobs "
			     "WHERE kind = 'archive'"),
	    db_number(db,
		"SELECT count(DISTINCT (recording).sid) FROM events "
		"WHERE (recording).status = 5 AND (recording).source >= 2"));
}

/* And what was said of the calls then is said of them now. */
static void
check_verdicts(const struct db *db)
{
	const struct pg_rows rows = db_sql(db,
	    "SELECT w.sid, w.outcome, c.outcome, c.reason FROM want w "
	    "LEFT JOIN calls c ON c.sid = w.sid "
	    "WHERE (w.status, w.outcome, w.reason) IS DISTINCT FROM "
	    " (c.status, c.outcome, c.reason)");

	for (size_t i = 0; i < rows.n; i++) {
		const struct str was = pg_str(&rows, i, 1);
		const struct str is = pg_str(&rows, i, 2);

		print_error("%.*s became %.*s\n", STR_ARG(was), STR_ARG(is));
	}
	assert_int_equal(rows.n, 0);
	assert_true(db_number(db, "SELECT count(*) FROM want") >= 10);
}

static void
test_upgrade_step_by_step(void **state)
{
	static const struct request later[] = {
		{ "/twilio/voice?line=%2B15550100001",
		    OWN "&Direction=inbound&CallStatus=ringing", 0 },
	};
	const struct db *const db = *state;
	struct str events = STR_ABSENT;
	struct str calls = STR_ABSENT;
	int64_t n;

	for (size_t i = 0; i < n_migrations; i++) {
		print_message("  %s\n", migrations[i].name);
		migrate_to(db, i + 1);
		if (events.p != NULL) {
			assert_str(events_sum(db), events);
			assert_str(calls_sum(db), calls);
		}
		assert_true(load(db, migrations[i].version) || i > 0);
		events = events_sum(db);
		calls = calls_sum(db);
	}
	check_rows(db);
	check_verdicts(db);
	assert_err(rebuild_calls(db->pg, db->round, &n), ERR_OK);
	assert_int_equal(n, db_number(db, "SELECT count(*) FROM calls"));
	assert_str(calls_sum(db), calls);
	check_verdicts(db);
	add_all(db, later, 1); /* behind what is there */
	assert_int_equal(db_number(db, "SELECT count(*) FROM calls"), n + 1);
}

/* Who leaves out versions comes to the same. */
static void
test_upgrade_at_once(void **state)
{
	const struct db *const db = *state;
	struct str events;
	struct str calls;

	migrate_to(db, 1);
	assert_true(load(db, 1));
	events = events_sum(db);
	calls = calls_sum(db);
	migrate_to(db, n_migrations);
	assert_str(events_sum(db), events);
	assert_str(calls_sum(db), calls);
	check_verdicts(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_upgrade_step_by_step, begin_empty),
		cmocka_unit_test_setup(test_upgrade_at_once, begin_empty),
	};

	return cmocka_run_group_tests(tests, db_setup_empty, db_teardown);
}
