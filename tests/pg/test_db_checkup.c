/* checkup: what the doctor asks the database, and its last report. */
#include "pg_testing.h"
#include "store/checkup.h"
#include "store/migrate.h"

static int
begin(void **state)
{
	if (db_begin(state) != 0)
		return -1;
	(void)db_sql(*state, "TRUNCATE checkup, jobs");
	return 0;
}

#define CHECKUP_TEST(function) cmocka_unit_test_setup((function), begin)

static void
test_checkup_database(void **state)
{
	const struct db *const db = *state;
	struct checkup_database seen;

	assert_err(
	    checkup_database(db->pg, db->round, in_ms(5000), &seen), ERR_OK);
	assert_false(seen.is_read_only);
	assert_true(seen.has_trgm);
	assert_true(seen.version >= 150000);
	assert_int_equal(seen.denied.n, 0);
	assert_true(seen.role.n > 0);
}

static void
test_checkup_jobs(void **state)
{
	const struct db *const db = *state;
	struct checkup_jobs seen;

	assert_err(checkup_jobs(db->pg, db->round, in_ms(5000), &seen), ERR_OK);
	assert_int_equal(seen.snapshot_us, -1);
	assert_int_equal(seen.oldest_us, -1);
	assert_int_equal(seen.dead, 0);
	(void)db_sql(db,
	    "INSERT INTO jobs (line, call_sid, kind, channel, state, due_at, "
	    " finished_at, leased_until) VALUES "
	    "('', '', 'snapshot', 'a', 'due', now() + interval '5 s', now(), "
	    " NULL), "
	    "('', 'CA1', 'archive', 'x', 'due', now() - interval '90 s', NULL, "
	    " NULL), "
	    "('', 'CA2', 'archive', 'x', 'due', now() - interval '1 h', NULL, "
	    " now() + interval '1 h'), "
	    "('', 'CA3', 'notify', 'email', 'dead', now(), now(), NULL)");
	assert_err(checkup_jobs(db->pg, db->round, in_ms(5000), &seen), ERR_OK);
	assert_true(seen.now_us - seen.snapshot_us < 60000000);
	assert_int_equal((seen.now_us - seen.oldest_us) / 10000000, 9);
	assert_int_equal(seen.dead, 1);
	assert_text(seen.dead_kinds, "notify");
}

static void
test_checkup_report(void **state)
{
	const struct db *const db = *state;
	struct checkup report = { .host = STR("a"), .findings = STR("[]") };
	struct checkup last;

	assert_err(
	    checkup_last(db->pg, db->round, in_ms(5000), &last), ERR_NOT_FOUND);
	assert_err(checkup_keep(db->pg, db->round, &report), ERR_OK);
	report.host = STR("b");
	assert_err(checkup_keep(db->pg, db->round, &report), ERR_OK);
	assert_err(checkup_last(db->pg, db->round, in_ms(5000), &last), ERR_OK);
	assert_text(last.host, "b");
	assert_text(last.findings, "[]");
	assert_true(last.checked_us > 0);
	assert_int_equal(db_number(db, "SELECT count(*) FROM checkup"), 1);
}

static void
test_checkup_hasten(void **state)
{
	const struct db *const db = *state;
	bool is_asked = true;
	bool is_pending = true;

	assert_err(
	    checkup_hasten(db->pg, db->round, in_ms(5000), &is_asked), ERR_OK);
	assert_false(is_asked);
	(void)db_sql(db,
	    "INSERT INTO jobs (line, call_sid, kind, channel, due_at) "
	    "VALUES ('', '', 'doctor', '', now() + interval '1 h')");
	assert_err(checkup_pending(db->pg, db->round, in_ms(5000), &is_pending),
	    ERR_OK);
	assert_false(is_pending);
	assert_err(
	    checkup_hasten(db->pg, db->round, in_ms(5000), &is_asked), ERR_OK);
	assert_true(is_asked);
	assert_err(checkup_pending(db->pg, db->round, in_ms(5000), &is_pending),
	    ERR_OK);
	assert_true(is_pending);
}

static void
test_migrate_look(void **state)
{
	const struct db *const db = *state;
	struct migrate_state seen;

	assert_err(migrate_look(db->pg, db->round, in_ms(5000), &seen), ERR_OK);
	assert_int_equal(seen.version, migrations[n_migrations - 1].version);
	assert_false(seen.is_changed);
	(void)db_sql(db,
	    "INSERT INTO schema_migrations (version, name, sha256) "
	    "VALUES (999, 'x', '')");
	assert_err(migrate_look(db->pg, db->round, in_ms(5000), &seen), ERR_OK);
	(void)db_sql(db, "DELETE FROM schema_migrations WHERE version = 999");
	assert_int_equal(seen.version, 999);
	assert_false(seen.is_changed);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CHECKUP_TEST(test_checkup_database),
		CHECKUP_TEST(test_checkup_jobs),
		CHECKUP_TEST(test_checkup_report),
		CHECKUP_TEST(test_checkup_hasten),
		CHECKUP_TEST(test_migrate_look),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
