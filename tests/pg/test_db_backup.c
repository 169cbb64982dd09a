/* What a backup and a restore ask of the database. */
#include "event_testing.h"
#include "store/backup.h"
#include "store/migrate.h"

#include <string.h>

static const struct request greeting[] = {
	{ "/twilio/voice?line=%2B15550100001",
	    OWN "&Direction=inbound&CallStatus=ringing", 0 },
};

static void
add_recording(const struct db *db, const char *sid, const char *place)
{
	(void)db_sql(db,
	    str_format(db->round,
		"INSERT INTO recordings (line, sid, call_sid, place, "
		"mp3_sha256) VALUES ('" LINE "', '%s', '" CALL "', '%s', "
		"'\\x00ff')",
		sid, place)
		.p);
}

/* What is written after it began is not of its moment. */
static void
test_backup_holds_a_moment(void **state)
{
	const struct db *const db = *state;
	struct backup_view view;
	struct pg *const holder = db_connect(db, db->conninfo);
	bool wanted = false;
	struct backup_audio after = { .line = STR(""), .sid = STR("") };
	struct backup_audio *page;
	size_t n;

	add_all(db, greeting, 1);
	add_recording(db, "RE1", "folder");
	add_recording(db, "RE2", "bucket");
	assert_err(backup_begin(holder, db->round, &view), ERR_OK);
	add_recording(db, "RE3", "folder");
	(void)db_sql(db, "DELETE FROM recordings WHERE sid = 'RE1'");
	assert_int_equal(view.counts.calls, 1);
	assert_int_equal(view.counts.events, 1);
	assert_int_equal(view.counts.recordings, 2);
	assert_int_equal(view.counts.in_bucket, 1);
	assert_int_equal(view.schema, n_migrations);
	assert_true(view.server >= 15);
	assert_true(view.snapshot.n > 0);
	assert_err(backup_audio(holder, db->round, &after, &page, &n), ERR_OK);
	assert_int_equal(n, 1);
	assert_str(page[0].sid, STR("RE1"));
	assert_str(page[0].sha256[0], STR("00ff"));
	assert_absent(page[0].sha256[1]);
	assert_err(backup_is_wanted(db->pg, db->round, page, &wanted), ERR_OK);
	assert_false(wanted);
	assert_err(backup_audio(holder, db->round, page, &page, &n), ERR_OK);
	assert_int_equal(n, 0);
	backup_end(holder);
	pg_free(holder);
}

/* Also of what migrations have added: the list in its statement is whole. */
static void
test_restore_knows_its_tables(void **state)
{
	const struct db *const db = *state;
	struct restore_target target;

	forget_all(db);
	assert_err(restore_look(db->pg, db->round, &target), ERR_OK);
	assert_true(target.has_schema);
	assert_false(target.has_others);
	assert_false(target.has_data);
	add_all(db, greeting, 1);
	(void)db_sql(db, "CREATE TABLE theirs (x integer)");
	assert_err(restore_look(db->pg, db->round, &target), ERR_OK);
	assert_true(target.has_data);
	assert_true(target.has_others);
	(void)db_sql(db, "DROP TABLE theirs");
}

static size_t
erased_again(const struct db *db)
{
	struct erasure_call *calls = NULL;
	size_t n;

	assert_err(restore_erased(db->pg, db->round, &calls, &n), ERR_OK);
	if (n > 0)
		assert_str(calls[0].sid, STR(CALL));
	return n;
}

static void
clear_and_migrate(const struct db *db)
{
	struct migrate_report report;

	assert_err(restore_clear(db->pg, db->round), ERR_OK);
	assert_err(
	    migrate_run(db->pg, db->round, migrations, n_migrations, &report),
	    ERR_OK);
	assert_int_equal(report.from, 0);
}

/*
 * However often a restore breaks off.  With the same key the tombstones go
 * over, with another one the calls do.
 */
static void
test_restore_erases_again(void **state)
{
	const struct db *const db = *state;
	struct restore_target target;

	add_all(db, greeting, 1);
	assert_int_equal(erased_again(db), 0);
	(void)db_sql(db,
	    "INSERT INTO erased (line, tombstone) SELECT '" LINE "', "
	    "sha256(key || convert_to('" CALL "', 'UTF8')) FROM erasure_key");
	clear_and_migrate(db);
	clear_and_migrate(db);
	assert_err(restore_look(db->pg, db->round, &target), ERR_OK);
	assert_false(target.has_others);
	add_all(db, greeting, 1);
	assert_int_equal(erased_again(db), 1);
	assert_int_equal(db_number(db, "SELECT count(*) FROM erased"), 0);
	(void)db_sql(db,
	    "UPDATE erasure_key SET key = (SELECT key FROM " BACKUP_ERASED_BEFORE
	    ")");
	assert_int_equal(erased_again(db), 1);
	assert_int_equal(db_number(db, "SELECT count(*) FROM erased"), 1);
	assert_err(restore_end(db->pg, db->round), ERR_OK);
	assert_int_equal(erased_again(db), 0);
}

/* Last: nothing but extensions is left, and all can be made anew. */
static void
test_restore_clears(void **state)
{
	const struct db *const db = *state;
	struct restore_target target;

	assert_err(restore_clear(db->pg, db->round), ERR_OK);
	assert_err(restore_look(db->pg, db->round, &target), ERR_OK);
	assert_false(target.has_schema);
	assert_false(target.has_data);
	clear_and_migrate(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_backup_holds_a_moment),
		DB_TEST(test_restore_knows_its_tables),
		DB_TEST(test_restore_erases_again),
		DB_TEST(test_restore_clears),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
