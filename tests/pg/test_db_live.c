/* live: each change is seen once by whoever looks, however late it commits. */
#include "event_testing.h"
#include "store/live.h"
#include "store/statements.h"

#include <string.h>

#define OTHER "CA00000000000000000000000000000002"
#define CHANGED(sid)                                                           \
	"INSERT INTO changes (line, call_sid) VALUES ('" LINE "', '" sid "')"

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

static void
test_live_look(void **state)
{
	const struct db *const db = *state;
	struct live_look l;

	run(db, db->pg, CHANGED(CALL));
	l = look(db, STR_ABSENT);
	assert_int_equal(l.n, 0); /* from here on */
	l = look(db, l.snapshot);
	assert_int_equal(l.n, 0);
	run(db, db->pg, CHANGED(CALL));
	run(db, db->pg, CHANGED(OTHER));
	run(db, db->pg, CHANGED(CALL));
	l = look(db, l.snapshot);
	assert_int_equal(l.n, 2);
	assert_string_equal(l.calls[0].sid.p, CALL); /* the latest change */
	assert_string_equal(l.calls[0].line.p, LINE);
	assert_string_equal(l.calls[1].sid.p, OTHER);
	assert_false(l.more);
	l = look(db, l.snapshot);
	assert_int_equal(l.n, 0);
}

/* One transaction begins first and commits last; two look in between. */
static void
test_live_late_commit(void **state)
{
	const struct db *const db = *state;
	struct pg *const late = db_connect(db, db->conninfo);
	struct pg *const later = db_connect(db, db->conninfo);
	struct live_look a = look(db, STR_ABSENT);
	struct live_look b;

	run(db, late, "BEGIN");
	run(db, late, CHANGED(CALL));
	run(db, later, "BEGIN");
	run(db, later, CHANGED(OTHER));
	a = look(db, a.snapshot);
	b = look(db, STR_ABSENT);
	assert_int_equal(a.n, 0);
	run(db, later, "COMMIT");
	a = look(db, a.snapshot);
	assert_int_equal(a.n, 1);
	assert_string_equal(a.calls[0].sid.p, OTHER);
	run(db, late, "COMMIT");
	a = look(db, a.snapshot);
	assert_int_equal(a.n, 1);
	assert_string_equal(a.calls[0].sid.p, CALL);
	a = look(db, a.snapshot);
	assert_int_equal(a.n, 0);
	b = look(db, b.snapshot); /* who looked last before both */
	assert_int_equal(b.n, 2);
	pg_free(late);
	pg_free(later);
}

/* What is taken back was never there, and disturbs nobody. */
static void
test_live_rollback(void **state)
{
	const struct db *const db = *state;
	struct pg *const other = db_connect(db, db->conninfo);
	struct live_look l = look(db, STR_ABSENT);

	run(db, other, "BEGIN");
	run(db, other, CHANGED(CALL));
	l = look(db, l.snapshot);
	run(db, other, "ROLLBACK");
	run(db, other, CHANGED(OTHER));
	l = look(db, l.snapshot);
	assert_int_equal(l.n, 1);
	assert_string_equal(l.calls[0].sid.p, OTHER);
	pg_free(other);
}

/* Somebody writes for hours: what others do meanwhile is not read again. */
static void
test_live_long_transaction(void **state)
{
	const struct db *const db = *state;
	struct pg *const other = db_connect(db, db->conninfo);
	struct live_look l;

	run(db, other, "BEGIN");
	run(db, other, CHANGED(OTHER));
	l = look(db, STR_ABSENT);
	for (int i = 0; i < 3; i++) {
		run(db, db->pg, CHANGED(CALL));
		l = look(db, l.snapshot);
		assert_int_equal(l.n, 1);
		assert_string_equal(l.calls[0].sid.p, CALL);
	}
	pg_free(other);
}

/* Out of a backup: numbers of another cluster's, long gone or still to come. */
static void
test_live_other_cluster(void **state)
{
	const struct db *const db = *state;
	struct live_look l = look(db, STR_ABSENT);
	bool all;

	run(db, db->pg,
	    "INSERT INTO changes (line, call_sid, xid, at) VALUES "
	    "('" LINE "', 'CA1', '1', now()), "
	    "('" LINE "', 'CA2', '999999999999', now()), "
	    "('" LINE "', 'CA3', '999999999999', now() - interval '2 hours'), "
	    "('" LINE "', 'CA4', '999999999999', now() + interval '2 hours')");
	l = look(db, l.snapshot);
	assert_int_equal(l.n, 0);
	assert_err(live_prune(db->pg, db->round, l.snapshot, in_ms(5000), &all),
	    ERR_OK);
	assert_true(all);
	assert_string_equal(
	    db_value(db, "SELECT string_agg(call_sid, ' ') FROM changes").p,
	    "CA2");
}

/* What commits late stays until the others have had the time to see it. */
static void
test_live_prune(void **state)
{
	const struct db *const db = *state;
	struct pg *const late = db_connect(db, db->conninfo);
	struct live_look past;
	bool all = false;

	run(db, db->pg,
	    "INSERT INTO changes (line, call_sid) "
	    "SELECT '" LINE "', 'CA' || n FROM generate_series(1, 30000) n");
	run(db, late, "BEGIN");
	run(db, late, CHANGED(CALL));
	past = look(db, STR_ABSENT);
	run(db, late, "COMMIT");
	run(db, db->pg, CHANGED(OTHER));
	for (int turn = 0; turn < 2; turn++) {
		assert_int_equal(all, false);
		assert_err(live_prune(db->pg, db->round, past.snapshot,
			       in_ms(5000), &all),
		    ERR_OK);
	}
	assert_true(all);
	assert_int_equal(db_number(db, "SELECT count(*) FROM changes"), 2);
	assert_int_equal(look(db, past.snapshot).n, 2);
	pg_free(late);
}

static void
test_live_more(void **state)
{
	const struct db *const db = *state;
	const struct live_look l = look(db, STR_ABSENT);

	run(db, db->pg,
	    "INSERT INTO changes (line, call_sid) "
	    "SELECT '" LINE "', 'CA' || n FROM generate_series(1, 1000) n");
	assert_true(look(db, l.snapshot).more);
}

/* In a table of many both ways lead by the index. */
static void
test_live_plan(void **state)
{
	const struct db *const db = *state;
	struct pg_rows plan;

	run(db, db->pg,
	    "INSERT INTO changes (line, call_sid, xid) "
	    "SELECT '" LINE "', 'CA' || n, (n + 1000)::text::xid8 "
	    "FROM generate_series(1, 50000) n");
	run(db, db->pg, "SET plan_cache_mode = force_generic_plan");
	run(db, db->pg,
	    str_format(
		db->round, "PREPARE looked AS %s", stmt(STMT_LIVE_LOOK)->sql)
		.p);
	for (int analysed = 0; analysed < 2; analysed++) {
		if (analysed == 1)
			run(db, db->pg, "ANALYZE changes");
		plan = db_sql(db, "EXPLAIN EXECUTE looked('9:99:9,20')");
		for (size_t i = 0; i < plan.n; i++)
			assert_null(strstr(
			    pg_str(&plan, i, 0).p, "Seq Scan on changes"));
	}
	run(db, db->pg, "RESET plan_cache_mode");
}

static void
test_live_count(void **state)
{
	const struct db *const db = *state;
	struct live_counts counts;

	assert_err(live_count(db->pg, db->round, in_ms(5000), &counts), ERR_OK);
	assert_int_equal(counts.unheard, 0);
	assert_int_equal(counts.to_do, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_live_look, begin),
		cmocka_unit_test_setup(test_live_late_commit, begin),
		cmocka_unit_test_setup(test_live_rollback, begin),
		cmocka_unit_test_setup(test_live_long_transaction, begin),
		cmocka_unit_test_setup(test_live_other_cluster, begin),
		cmocka_unit_test_setup(test_live_prune, begin),
		cmocka_unit_test_setup(test_live_more, begin),
		cmocka_unit_test_setup(test_live_plan, begin),
		cmocka_unit_test_setup(test_live_count, begin),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
