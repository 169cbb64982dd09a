/* migrate: from nothing to the program's schema, once, by whoever comes first. */
#include "pg_testing.h"
#include "store/migrate.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct migration first = { 1, "0001_a.sql",
	"CREATE TABLE a (x integer);" };
static const struct migration second = { 2, "0002_b.sql",
	"INSERT INTO a VALUES (1);\nCREATE TABLE b (y integer);" };

static enum err
migrate(const struct db *db, const struct migration *list, size_t n,
    struct migrate_report *report)
{
	return migrate_run(db->pg, db->round, list, n, report);
}

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

/* A fingerprint of all that the schema holds. */
static struct str
shape(const struct db *db)
{
	return db_value(db,
	    "SELECT md5(string_agg(x, E'\\n' ORDER BY x)) FROM ("
	    "SELECT format('%s %s %s %s %s %s', attrelid::regclass, attnum, "
	    " attname, atttypid::regtype, attnotnull, attgenerated) "
	    " FROM pg_attribute WHERE attrelid IN (SELECT oid FROM pg_class "
	    " WHERE relnamespace = 'public'::regnamespace) "
	    "UNION ALL SELECT prosrc FROM pg_proc "
	    " WHERE pronamespace = 'public'::regnamespace "
	    "UNION ALL SELECT version || name || applied_at "
	    " FROM schema_migrations) t(x)");
}

static void
test_migrate_from_nothing(void **state)
{
	const struct db *const db = *state;
	struct migrate_report report;

	assert_err(migrate_check(db->pg, db->round, in_ms(5000)), ERR_CONFLICT);
	assert_err(migrate(db, migrations, n_migrations, &report), ERR_OK);
	assert_int_equal(report.from, 0);
	assert_int_equal(report.to, n_migrations);
	assert_str(report.error, STR(""));
	assert_err(migrate_check(db->pg, db->round, in_ms(5000)), ERR_OK);
	assert_int_equal(
	    db_number(db, "SELECT count(*) FROM schema_migrations"),
	    n_migrations);
}

static void
test_migrate_twice_changes_nothing(void **state)
{
	const struct db *const db = *state;
	struct migrate_report report;
	struct str before;

	assert_err(migrate(db, migrations, n_migrations, &report), ERR_OK);
	before = shape(db);
	assert_err(migrate(db, migrations, n_migrations, &report), ERR_OK);
	assert_int_equal(report.from, n_migrations);
	assert_int_equal(report.to, n_migrations);
	assert_str(shape(db), before);
}

static void
test_migrate_goes_on_where_it_stood(void **state)
{
	const struct db *const db = *state;
	const struct migration both[] = { first, second };
	struct migrate_report report;

	assert_err(migrate(db, both, 1, &report), ERR_OK);
	assert_err(migrate(db, both, 2, &report), ERR_OK);
	assert_int_equal(report.from, 1);
	assert_int_equal(report.to, 2);
	assert_int_equal(db_number(db, "SELECT count(*) FROM a, b"), 0);
	assert_int_equal(db_number(db, "SELECT x FROM a"), 1);
}

static void
test_migrate_refuses_a_changed_file(void **state)
{
	const struct db *const db = *state;
	const struct migration changed[] = {
		{ 1, "0001_a.sql", "CREATE TABLE a (x bigint);" }, second
	};
	struct migrate_report report;

	assert_err(migrate(db, &first, 1, &report), ERR_OK);
	assert_err(migrate(db, changed, 2, &report), ERR_CONFLICT);
	assert_text(report.error,
	    "0001_a.sql was changed after it was applied; restore the file, "
	    "and write what is new into a new one");
	assert_absent(
	    db_value(db, "SELECT to_regclass('b')")); /* nothing was done */
}

static void
test_migrate_refuses_a_newer_database(void **state)
{
	const struct db *const db = *state;
	const struct migration both[] = { first, second };
	struct migrate_report report;

	assert_err(migrate(db, both, 2, &report), ERR_OK);
	assert_err(migrate(db, both, 1, &report), ERR_CONFLICT);
	assert_text(report.error,
	    "the database is at version 2, newer than this program (1); use "
	    "the newer program");
}

/* All of a file or nothing of it; what was applied before it stays. */
static void
test_migrate_undoes_a_broken_file(void **state)
{
	const struct db *const db = *state;
	const struct migration broken[] = {
		first,
		{ 2, "0002_b.sql",
		    "CREATE TABLE b (y integer);\nCREATE TABLE c (z nonsense);" }
	};
	const struct migration mended[] = { first, second };
	struct migrate_report report;

	assert_err(migrate(db, broken, 2, &report), ERR_DB);
	assert_true(str_starts(
	    report.error, STR("0002_b.sql failed and was undone: ")));
	assert_holds(report.error, "nonsense");
	assert_int_equal(report.to, 1);
	assert_absent(db_value(db, "SELECT to_regclass('b')"));
	assert_int_equal(
	    db_number(db, "SELECT max(version) FROM schema_migrations"), 1);
	assert_err(migrate(db, mended, 2, &report), ERR_OK);
	assert_int_equal(report.to, 2);
}

/* "schema_migrations" is a name that others use too. */
static void
test_migrate_refuses_somebody_elses_table(void **state)
{
	const struct db *const db = *state;
	struct migrate_report report;

	(void)db_sql(db, "CREATE TABLE schema_migrations (version text)");
	assert_err(migrate(db, &first, 1, &report), ERR_DB);
	assert_holds(report.error, "schema_migrations");
	assert_absent(db_value(db, "SELECT to_regclass('a')"));
}

static void
test_migrate_without_a_server(void **state)
{
	const struct db *const db = *state;
	struct pg *const nobody =
	    db_connect(db, "host=/nowhere user=mainline dbname=mainline");
	struct migrate_report report;

	assert_err(
	    migrate_run(nobody, db->round, &first, 1, &report), ERR_BUSY);
	assert_holds(report.error, "check DATABASE_URL");
	assert_err(migrate_check(nobody, db->round, in_ms(500)), ERR_BUSY);
	pg_free(nobody);
}

/* Each in a process of its own, all at once: all succeed, one does the work. */
static void
test_migrate_two_at_once(void **state)
{
	const struct db *const db = *state;
	pid_t children[4];
	int did_it = 0;

	for (size_t i = 0; i < ARRAY_LEN(children); i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0) {
			struct pg *const pg = db_connect(db, db->conninfo);
			struct migrate_report report;
			const enum err e = migrate_run(
			    pg, db->round, migrations, n_migrations, &report);

			_exit(e != ERR_OK ? 1 : report.from == 0 ? 2 : 0);
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(children); i++) {
		int status;

		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 1);
		did_it += WEXITSTATUS(status) == 2;
	}
	assert_int_equal(did_it, 1);
	assert_err(migrate_check(db->pg, db->round, in_ms(5000)), ERR_OK);
}

/* Voicemail that was left before there was an archive plays afterwards, too. */
static void
test_migrate_brings_old_audio(void **state)
{
	const struct db *const db = *state;
	struct migrate_report report;

	assert_err(migrate(db, migrations, 3, &report), ERR_OK);
	(void)db_sql(db,
	    "INSERT INTO events (line, call_sid, event_key, kind, received_at, "
	    " uri, body, recording) "
	    "SELECT '+15550100001', c, convert_to(c || r || source || status, "
	    " 'UTF8'), 'recording', now() - age::interval, '/', '', "
	    " ROW(r, source, status, true)::recording_fact "
	    "FROM (VALUES ('CA1', 'RE1', 2, 5, '2 days'), "
	    " ('CA1', 'RE1', 3, 5, '1 day'), ('CA2', 'RE2', 2, 5, '1 hour'), "
	    " ('CA3', 'RE3', 1, 5, '1 hour'), ('CA4', 'RE4', 2, 3, '1 hour')) "
	    " v(c, r, source, status, age)");
	assert_err(migrate(db, migrations, n_migrations, &report), ERR_OK);
	assert_text(
	    db_value(db,
		"SELECT string_agg(call_sid || channel || ' ' || "
		" extract(epoch FROM due_at - applied_at)::integer, ', ' "
		" ORDER BY due_at) FROM jobs, schema_migrations "
		"WHERE kind = 'archive' AND version = 4 "
		" AND created_at = due_at"),
	    "CA2RE2 1, CA1RE1 2");
}

/* Who may not create the extension is told who may, and what to run. */
static void
test_migrate_without_the_extension(void **state)
{
	const struct db *const db = *state;
	struct pg *const admin = db_connect(db, db_admin_conninfo(db));
	struct migrate_report report;
	struct pg_rows rows;

	assert_err(db_try(db, admin,
		       str_format(db->round,
			   "ALTER DATABASE %s OWNER TO postgres", db->name)
			   .p,
		       &rows),
	    ERR_OK);
	assert_true(migrate(db, migrations, n_migrations, &report) != ERR_OK);
	assert_non_null(strstr(
	    str_cstr(db->round, report.error), "CREATE EXTENSION pg_trgm"));
	assert_non_null(strstr(str_cstr(db->round, report.error), db->name));
	assert_err(
	    db_try(db, admin, "CREATE EXTENSION pg_trgm", &rows), ERR_OK);
	assert_err(migrate(db, migrations, n_migrations, &report), ERR_OK);
	assert_err(db_try(db, admin,
		       str_format(db->round,
			   "ALTER DATABASE %s OWNER TO mainline", db->name)
			   .p,
		       &rows),
	    ERR_OK);
	pg_free(admin);
}

#define MIGRATE_TEST(function) cmocka_unit_test_setup((function), begin_empty)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		MIGRATE_TEST(test_migrate_from_nothing),
		MIGRATE_TEST(test_migrate_twice_changes_nothing),
		MIGRATE_TEST(test_migrate_goes_on_where_it_stood),
		MIGRATE_TEST(test_migrate_brings_old_audio),
		MIGRATE_TEST(test_migrate_refuses_a_changed_file),
		MIGRATE_TEST(test_migrate_refuses_a_newer_database),
		MIGRATE_TEST(test_migrate_undoes_a_broken_file),
		MIGRATE_TEST(test_migrate_without_the_extension),
		MIGRATE_TEST(test_migrate_refuses_somebody_elses_table),
		MIGRATE_TEST(test_migrate_without_a_server),
		MIGRATE_TEST(test_migrate_two_at_once),
	};

	return cmocka_run_group_tests(tests, db_setup_empty, db_teardown);
}
