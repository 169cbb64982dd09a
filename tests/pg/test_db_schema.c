/* The migrated schema: nothing without a comment, and every statement fits. */
#include "pg_testing.h"
#include "store/backup.h"
#include "store/statements.h"

static void
assert_nothing(const struct db *db, const char *what, const char *sql)
{
	const struct pg_rows rows = db_sql(db, sql);

	for (size_t i = 0; i < rows.n; i++)
		print_error("%s: %.*s\n", what, STR_ARG(pg_str(&rows, i, 0)));
	assert_int_equal(rows.n, 0);
}

static void
test_schema_has_comments(void **state)
{
	const struct db *const db = *state;

	assert_true(db_number(db,
			"SELECT count(*) FROM pg_class WHERE relnamespace = "
			"'public'::regnamespace AND relkind = 'r'") >= 5);
	assert_nothing(db, "table or view without a comment",
	    "SELECT oid::regclass FROM pg_class "
	    "WHERE relnamespace = 'public'::regnamespace "
	    " AND relkind IN ('r', 'p', 'v', 'm') "
	    " AND obj_description(oid, 'pg_class') IS NULL");
	assert_nothing(db, "column without a comment",
	    "SELECT attrelid::regclass || '.' || attname FROM pg_attribute "
	    "JOIN pg_class c ON c.oid = attrelid "
	    "WHERE relnamespace = 'public'::regnamespace "
	    " AND relkind IN ('r', 'p', 'v', 'm', 'c') AND attnum > 0 "
	    " AND NOT attisdropped "
	    " AND col_description(attrelid, attnum) IS NULL");
	assert_nothing(db, "function without a comment",
	    "SELECT oid::regprocedure FROM pg_proc "
	    "WHERE pronamespace = 'public'::regnamespace "
	    " AND obj_description(oid, 'pg_proc') IS NULL "
	    " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = "
	    "  pg_proc.oid AND deptype = 'e')"); /* an extension's */
	assert_nothing(db, "type without a comment",
	    "SELECT t.oid::regtype FROM pg_type t "
	    "JOIN pg_class c ON c.oid = typrelid AND relkind = 'c' "
	    "WHERE typnamespace = 'public'::regnamespace "
	    " AND obj_description(t.oid, 'pg_type') IS NULL");
}

/*
 * What belongs to no line: small tables that a distributed database would have
 * on every node.  Whoever adds one decides here that it is of that kind.
 */
#define OF_NO_LINE                                                             \
	"('schema_migrations', 'flows', 'api_tokens', 'api_sessions', "        \
	" 'users', 'user_links', 'feed_links', 'sign_in_failures', 'blocks', " \
	" 'erasure_key', 'events_aside', 'checkup')"
#define OF_A_LINE                                                              \
	"(SELECT oid FROM pg_class WHERE relkind IN ('r', 'p') "               \
	" AND relnamespace = 'public'::regnamespace "                          \
	" AND relname NOT IN " OF_NO_LINE ")"

/* So that it can be distributed and partitioned by it later. */
static void
test_schema_begins_with_line(void **state)
{
	const struct db *const db = *state;

	assert_true(db_number(db, "SELECT count(*) FROM " OF_A_LINE " t") >= 6);
	assert_nothing(db, "call data whose first column is not line",
	    "SELECT oid::regclass FROM " OF_A_LINE " t WHERE oid NOT IN "
	    " (SELECT attrelid FROM pg_attribute "
	    "  WHERE attnum = 1 AND attname = 'line' AND attnotnull)");
	assert_nothing(db, "what is unique over more than one line",
	    "SELECT indexrelid::regclass FROM pg_index "
	    "WHERE indisunique AND indrelid IN " OF_A_LINE " "
	    " AND NOT 1 = ANY (indkey::int2[])");
	/* For what was erased, the tombstone finds it and the line is behind. */
	assert_nothing(db, "primary key of call data that begins otherwise",
	    "SELECT indrelid::regclass FROM pg_index "
	    "WHERE indisprimary AND indrelid IN " OF_A_LINE " "
	    " AND indkey[0] <> 1 AND indrelid <> 'erased'::regclass");
	assert_nothing(db, "reference from or to call data",
	    "SELECT conname FROM pg_constraint WHERE contype = 'f' "
	    " AND (conrelid IN " OF_A_LINE " OR confrelid IN " OF_A_LINE ")");
	/* One that is too narrow to be dealt out in ranges; else it is no key. */
	assert_nothing(db, "small number that all lines would share",
	    "SELECT attrelid::regclass || '.' || attname FROM pg_attribute "
	    "WHERE attidentity <> '' AND atttypid <> 'int8'::regtype "
	    " AND attrelid IN " OF_A_LINE);
}

/*
 * The outcome may be filtered and counted, so it is stored, and what it is made
 * of gives the same for ever.
 */
static void
test_schema_of_the_outcome(void **state)
{
	const struct db *const db = *state;

	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM pg_attribute "
			     "WHERE attrelid = 'calls'::regclass "
			     " AND attname IN ('status', 'outcome', 'reason') "
			     " AND attgenerated = 's'"),
	    3);
	assert_nothing(db, "function that is not IMMUTABLE",
	    "SELECT oid::regprocedure FROM pg_proc "
	    "WHERE pronamespace = 'public'::regnamespace "
	    " AND proname LIKE 'call%' AND provolatile <> 'i'");
}

/* Prepared under a name of their own, also those that never are. */
static void
test_schema_fits_every_statement(void **state)
{
	const struct db *const db = *state;

	/* A restore's alone. */
	(void)db_sql(db,
	    "CREATE TABLE " BACKUP_ERASED_BEFORE
	    " (line text, tombstone bytea, key bytea)");
	for (int i = 0; i < STMT__MAX; i++) {
		const struct pg_statement *const s = stmt((enum stmt)i);
		const struct str prepare =
		    str_format(db->round, "PREPARE s%d AS %s", i, s->sql);
		struct pg_rows rows;

		if (i == STMT_BEGIN || i == STMT_COMMIT ||
		    i == STMT_ERASURE_VACUUM || i == STMT_BACKUP_BEGIN ||
		    i == STMT_RESTORE_CLEAR || i == STMT_RESTORE_FORGET)
			continue; /* PREPARE takes none of these */
		if (db_try(db, db->pg, prepare.p, &rows) != ERR_OK)
			fail_msg("%s\n%.*s", s->sql, STR_ARG(db_said(db)));
		assert_int_equal(
		    db_number(db,
			str_format(db->round,
			    "SELECT cardinality(parameter_types) "
			    "FROM pg_prepared_statements WHERE name = 's%d'",
			    i)
			    .p),
		    s->n_params);
	}
	(void)db_sql(db, "DROP TABLE " BACKUP_ERASED_BEFORE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_schema_has_comments),
		DB_TEST(test_schema_begins_with_line),
		DB_TEST(test_schema_of_the_outcome),
		DB_TEST(test_schema_fits_every_statement),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
