/* live: what open pages are told of a call that has changed. */
#include "event_testing.h"
#include "store/erasure.h"
#include "store/live.h"

#include <string.h>

static int
begin(void **state)
{
	const struct db *db;

	if (db_begin(state) != 0)
		return -1;
	db = *state;
	forget_all(db);
	(void)db_sql(db, "TRUNCATE changes, erased");
	return 0;
}

static struct live_look
look(const struct db *db, struct str since)
{
	struct live_look out;

	assert_err(
	    live_look(db->pg, db->round, since, in_ms(5000), &out), ERR_OK);
	assert_non_null(out.snapshot.p);
	return out;
}

static void
run(const struct db *db, struct pg *pg, const char *sql)
{
	struct pg_rows rows;

	assert_err(db_try(db, pg, sql, &rows), ERR_OK);
}

static struct str
json_of(const struct db *db, const char *sid)
{
	const struct call_key call = { STR(LINE), str_of(sid) };
	const struct call_keys calls = { &call, 1, in_ms(5000) };
	struct str json;

	assert_err(live_calls_json(db->pg, db->round, &calls, &json), ERR_OK);
	return json;
}

/* Statements so far, each a transaction of its own. */
static int64_t
statements(const struct db *db, struct pg *other)
{
	struct pg_rows rows;

	run(db, db->pg, "SELECT pg_stat_force_next_flush()");
	assert_err(db_try(db, other,
		       "SELECT xact_commit FROM pg_stat_database "
		       "WHERE datname = current_database()",
		       &rows),
	    ERR_OK);
	return pg_int(&rows, 0, 0, -1);
}

/* Calls of odd lines, which last, are over, or are not there. */
static struct call_key
odd_call(const struct db *db, int i)
{
	static const char *const lines[] = { LINE, "sip:a\"b\\c,{d}@e",
		"NULL" };
	const struct call_key call = { str_of(lines[i % 3]),
		str_format(db->round, "CA%032d", i) };
	const char *const status = i % 4 == 0 ? "105" : "12";

	if (i % 5 == 0)
		return call;
	run(db, db->pg,
	    str_format(db->round,
		"WITH e AS (INSERT INTO events (line, call_sid, event_key, "
		"kind, received_at, uri, body, n, place, leg_sid) "
		"SELECT '%s', '%s', decode(md5(n::text || '%s'), 'hex'), "
		"CASE n WHEN 1 THEN 'voice' WHEN 2 THEN 'menu' ELSE 'leg' END, "
		"now(), '/', '', n, ROW(n, 0, 'greeting')::step_word, "
		"CASE WHEN n > 2 THEN 'CA' || n END "
		"FROM generate_series(1, 4) n RETURNING 1) "
		"INSERT INTO calls (line, sid, first_seen_at, "
		"first_received_at, updated_at, status_rank) "
		"VALUES ('%s', '%s', now(), now(), now(), %s)",
		call.line.p, call.sid.p, call.sid.p, call.line.p, call.sid.p,
		status)
		.p);
	return call;
}

/* A look with many calls asks as often as one with a few, and says the same. */
static void
test_live_of_many(void **state)
{
	enum { N = 60, ASKED = 3, LOOKING = 2 };
	const struct db *const db = *state;
	struct pg *const other = db_connect(db, db->conninfo);
	struct call_key list[N];
	struct call_keys calls = { list, N, in_ms(5000) };
	struct str together[N];
	int64_t before;

	for (int i = 0; i < N; i++)
		list[i] = odd_call(db, i);
	before = statements(db, other);
	assert_err(
	    live_calls_json(db->pg, db->round, &calls, together), ERR_OK);
	assert_in_range(statements(db, other) - before, 1, ASKED + LOOKING);
	for (calls.n = 1; calls.list < list + N; calls.list++) {
		const size_t i = (size_t)(calls.list - list);
		struct str alone;

		assert_err(
		    live_calls_json(db->pg, db->round, &calls, &alone), ERR_OK);
		assert_true(str_eq(alone, together[i]));
		assert_int_equal(alone.p == NULL, i % 5 == 0);
		if (alone.p != NULL)
			assert_non_null(strstr(alone.p, list[i].sid.p));
	}
	assert_non_null(strstr(together[1].p, "\"sid\":\"CA4\""));
	pg_free(other);
}

/* What writes an event tells of its call, once; the same again does not. */
static void
test_live_of_event(void **state)
{
	static const struct request begun = { "/twilio/menu" AT("welcome", "1"),
		OWN "&CallStatus=in-progress&Digits=2", 3 };
	static const struct request ended = { "/twilio/status" AT("", "0"),
		OWN "&CallStatus=completed&CallDuration=9" ENDED, 9 };
	const struct db *const db = *state;
	struct live_look l = look(db, STR_ABSENT);
	struct str json;

	add_all(db, &begun, 1);
	l = look(db, l.snapshot);
	assert_int_equal(l.n, 1);
	assert_string_equal(l.calls[0].sid.p, CALL);
	json = json_of(db, CALL);
	assert_non_null(strstr(json.p, "\"steps\":[{\"n\":1,"));
	add_all(db, &begun, 1);
	l = look(db, l.snapshot);
	assert_int_equal(l.n, 0);
	add_all(db, &ended, 1);
	l = look(db, l.snapshot);
	assert_int_equal(l.n, 1);
	json = json_of(db, CALL);
	assert_non_null(strstr(json.p, "\"steps\":[],\"legs\":[]"));
	(void)db_sql(db,
	    "WITH c AS (DELETE FROM calls RETURNING line, sid) "
	    "INSERT INTO changes (line, call_sid) SELECT * FROM c");
	l = look(db, l.snapshot);
	assert_int_equal(l.n, 1);
	assert_null(json_of(db, CALL).p);
}

static void
test_live_of_erasure(void **state)
{
	static const struct request begun = { "/twilio/menu" AT("welcome", "1"),
		OWN "&CallStatus=in-progress&Digits=2", 3 };
	const struct db *const db = *state;
	const struct erasure_call call = { .line = STR(LINE),
		.sid = STR(CALL) };
	struct erasure_counts counts = { 0 };
	struct live_look l;

	add_all(db, &begun, 1);
	l = look(db, STR_ABSENT);
	assert_err(
	    erasure_erase(db->pg, db->round, &call, in_ms(5000), &counts),
	    ERR_OK);
	assert_int_equal(counts.calls, 1);
	l = look(db, l.snapshot);
	assert_int_equal(l.n, 1);
	assert_string_equal(l.calls[0].sid.p, CALL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_live_of_event, begin),
		cmocka_unit_test_setup(test_live_of_many, begin),
		cmocka_unit_test_setup(test_live_of_erasure, begin),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
