/* pg_run() and pg_script(): what comes back, and what each refusal means. */
#include "event_testing.h"

#include <string.h>
#include <unistd.h>

static const struct row {
	const char *name;
	const char *sql;
	enum err want;
} rows[] = {
	{ "a row", "SELECT 1", ERR_OK },
	{ "no row", "SELECT 1 WHERE false", ERR_OK },
	{ "nothing at all", "", ERR_OK },
	{ "22012 division by zero", "SELECT 1 / 0", ERR_INPUT },
	{ "22P02 no number", "SELECT 'x'::integer", ERR_INPUT },
	{ "22008 no time", "SELECT '2026-13-01'::timestamptz", ERR_INPUT },
	{ "22021 no UTF-8", "SELECT E'\\xff'", ERR_INPUT },
	{ "23505 twice",
	    "INSERT INTO calls (line, sid, first_seen_at, first_received_at, "
	    "updated_at) SELECT 'a', 'b', now(), now(), now() "
	    "FROM generate_series(1, 2)",
	    ERR_CONFLICT },
	{ "23502 NULL", "INSERT INTO calls (line) VALUES ('a')", ERR_CONFLICT },
	{ "23514 a check",
	    "INSERT INTO api_tokens (name, sha256, scopes) "
	    "VALUES ('a', '', '{}')",
	    ERR_CONFLICT },
	{ "42P01 no table", "SELECT * FROM nothing", ERR_DB },
	{ "42601 no SQL", "SELEKT", ERR_DB },
	{ "42501 not allowed", "ALTER SYSTEM SET fsync = off", ERR_DB },
	{ "P0001 raised", "DO $$ BEGIN RAISE 'no'; END $$", ERR_DB },
	{ "57014 cancelled", "DO $$ BEGIN RAISE SQLSTATE '57014'; END $$",
	    ERR_BUSY },
	{ "40001 serialisation", "DO $$ BEGIN RAISE SQLSTATE '40001'; END $$",
	    ERR_BUSY },
	{ "40P01 deadlock", "DO $$ BEGIN RAISE SQLSTATE '40P01'; END $$",
	    ERR_BUSY },
	{ "53100 disk full", "DO $$ BEGIN RAISE SQLSTATE '53100'; END $$",
	    ERR_BUSY },
	{ "55P03 a lock", "DO $$ BEGIN RAISE SQLSTATE '55P03'; END $$",
	    ERR_BUSY },
	{ "58030 input or output", "DO $$ BEGIN RAISE SQLSTATE '58030'; END $$",
	    ERR_BUSY },
};

static void
test_run_errors(void **state)
{
	const struct db *const db = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct pg_rows out;

		print_message("  %s\n", rows[i].name);
		assert_err(db_try(db, db->pg, rows[i].sql, &out), rows[i].want);
		assert_int_equal(db_number(db, "SELECT 7"), 7);
	}
	assert_holds(db_said(db), "42P01");
}

static void
test_run_gives_rows(void **state)
{
	const struct db *const db = *state;
	const struct pg_rows got = db_sql(db,
	    "SELECT g, NULL, 'a' || g, g = 2, '' FROM generate_series(1, 3) g");

	assert_int_equal(got.n, 3);
	assert_int_equal(got.columns, 5);
	assert_int_equal(pg_int(&got, 2, 0, 0), 3);
	assert_absent(pg_str(&got, 0, 1));
	assert_text(pg_str(&got, 1, 2), "a2");
	assert_false(pg_bool(&got, 0, 3));
	assert_true(pg_bool(&got, 1, 3));
	assert_str(pg_str(&got, 0, 4), STR(""));
	assert_int_equal(
	    db_sql(db, "CREATE TABLE t AS SELECT generate_series(1, 5) AS g")
		.affected,
	    5);
	assert_int_equal(db_sql(db, "DELETE FROM t WHERE g > 3").affected, 2);
}

static struct pg_rows
echo(const struct db *db, const char *name, struct pg_param param)
{
	const struct pg_statement statement = { name, 1,
		param.binary ? "SELECT $1::bytea" : "SELECT $1::text" };
	const struct pg_query query = { &statement, &param, in_ms(5000) };
	struct pg_rows out;

	assert_err(pg_run(db->pg, db->round, &query, &out), ERR_OK);
	return out;
}

static void
test_run_takes_parameters(void **state)
{
	const struct db *const db = *state;
	char *const large = arena_alloc(db->round, 3000000);
	char all[256];
	struct pg_rows out;

	for (int i = 0; i < 256; i++)
		all[i] = (char)i;
	out = echo(db, NULL, pg_bytea(bytes_of(all, sizeof(all))));
	assert_str(pg_bytes(db->round, &out, 0, 0), bytes_of(all, 256));
	out = echo(db, NULL, pg_bytea(STR("")));
	assert_str(pg_bytes(db->round, &out, 0, 0), STR(""));
	out = echo(db, NULL, pg_bytea(STR_ABSENT));
	assert_absent(pg_str(&out, 0, 0));
	out = echo(db, NULL, pg_text(STR_ABSENT));
	assert_absent(pg_str(&out, 0, 0));
	out = echo(db, NULL, pg_text(STR("")));
	assert_str(pg_str(&out, 0, 0), STR(""));
	/* Only its own bytes, though others stand behind them. */
	out = echo(db, NULL, pg_text(str_slice(STR("abcdef"), 1, 3)));
	assert_text(pg_str(&out, 0, 0), "bcd");
	memset(large, 'x', 3000000);
	out = echo(db, NULL, pg_text(bytes_of(large, 3000000)));
	assert_str(pg_str(&out, 0, 0), bytes_of(large, 3000000));
}

/* A statement with a name is prepared once; its address is its identity. */
static void
test_run_prepares(void **state)
{
	const struct db *const db = *state;
	static const struct pg_statement named = { "forty_two", 0,
		"SELECT 42" };
	const struct pg_query query = { &named, NULL, in_ms(5000) };
	struct pg_rows out;

	for (int i = 0; i < 3; i++) {
		assert_err(pg_run(db->pg, db->round, &query, &out), ERR_OK);
		assert_int_equal(pg_int(&out, 0, 0, 0), 42);
	}
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM pg_prepared_statements "
			     "WHERE name = 'forty_two'"),
	    1);
	/* Somebody between has forgotten it: it is prepared once more. */
	(void)db_sql(db, "DEALLOCATE ALL");
	assert_err(pg_run(db->pg, db->round, &query, &out), ERR_OK);
	assert_int_equal(pg_int(&out, 0, 0, 0), 42);
}

static void
test_run_prepares_so_many(void **state)
{
	const struct db *const db = *state;
	struct pg *const pg = db_connect(db, db->conninfo);
	struct pg_rows out;

	for (int i = 0; i <= PG_MAX_STATEMENTS; i++) {
		struct pg_statement *const s =
		    ARENA_NEW(db->round, struct pg_statement);
		const struct pg_query query = { s, NULL, in_ms(5000) };

		s->name = str_format(db->round, "s%d", i).p;
		s->sql = "SELECT 1";
		assert_err(pg_run(pg, db->round, &query, &out),
		    i < PG_MAX_STATEMENTS ? ERR_OK : ERR_BUG);
	}
	pg_free(pg);
}

static void
test_script(void **state)
{
	const struct db *const db = *state;
	struct str detail = STR_ABSENT;

	assert_err(pg_script(db->pg, db->round,
		       "CREATE TABLE s (x integer); INSERT INTO s VALUES (1); "
		       "INSERT INTO s VALUES (2)",
		       in_ms(5000), &detail),
	    ERR_OK);
	assert_absent(detail);
	assert_int_equal(db_number(db, "SELECT count(*) FROM s"), 2);
	/* All of it or nothing. */
	assert_err(pg_script(db->pg, db->round,
		       "INSERT INTO s VALUES (3); DROP TABLE s; SELECT 1 / 0; "
		       "INSERT INTO s VALUES (4)",
		       in_ms(5000), &detail),
	    ERR_INPUT);
	assert_holds(detail, "division by zero");
	assert_int_equal(db_number(db, "SELECT count(*) FROM s"), 2);
	assert_err(
	    pg_script(db->pg, db->round, "", in_ms(5000), &detail), ERR_OK);
}

/* The log has the server's first line: the second one would repeat values. */
static void
test_run_logs_no_values(void **state)
{
	const struct db *const db = *state;
	struct pg_rows out;

	assert_err(db_try(db, db->pg,
		       "INSERT INTO api_tokens (name, sha256, scopes) "
		       "SELECT '+15550100009', 'x', '{read}' "
		       "FROM generate_series(1, 2)",
		       &out),
	    ERR_CONFLICT);
	assert_holds(db_said(db), "23505");
	assert_false(str_holds(db_said(db), "5550100"));
}

/*
 * What the server says beside its answers does not go to standard error as it
 * is: that is the log's, one JSON object a line.
 */
static void
test_run_keeps_standard_error_clean(void **state)
{
	const struct db *const db = *state;
	FILE *const file = tmpfile();
	const int before = dup(STDERR_FILENO);
	struct pg_rows out;
	enum err e;
	char said[200] = "";

	assert_non_null(file);
	assert_true(before >= 0);
	assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
	e = db_try(db, db->pg,
	    "DO $$ BEGIN RAISE WARNING '+15550100009'; END $$", &out);
	assert_true(dup2(before, STDERR_FILENO) >= 0);
	assert_err(e, ERR_OK);
	assert_true(pread(fileno(file), said, sizeof(said) - 1, 0) >= 0);
	assert_string_equal(said, "");
	assert_int_equal(fclose(file), 0);
	(void)close(before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_run_errors),
		DB_TEST(test_run_gives_rows),
		DB_TEST(test_run_takes_parameters),
		DB_TEST(test_run_prepares),
		DB_TEST(test_run_prepares_so_many),
		DB_TEST(test_script),
		DB_TEST(test_run_logs_no_values),
		DB_TEST(test_run_keeps_standard_error_clean),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
