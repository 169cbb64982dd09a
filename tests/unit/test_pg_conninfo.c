/* pg_conninfo: no password in a log, whatever way it was written in. */
#include "io/pg.h"
#include "testing.h"

static const struct row {
	const char *name;
	const char *conninfo;
	const char *holds; /* a part of what is shown */
} rows[] = {
	{ "a URI", "postgresql://anna:S3cret@db.example/calls",
	    "user=anna password=**** dbname=calls host=db.example" },
	{ "a URI with an escaped password",
	    "postgresql://anna:S3c%72et@db.example/calls", "password=****" },
	{ "a URI with a password among its options",
	    "postgresql://db.example/calls?user=anna&password=S3cret",
	    "password=****" },
	{ "keys", "host=db.example password=S3cret dbname=calls",
	    "host=db.example" },
	{ "keys with quotes", "password='S3cret' host=db.example",
	    "password=****" },
	{ "keys with a backslash", "password=S3cre\\t host=db.example",
	    "password=****" },
	{ "several hosts",
	    "postgresql://anna:S3cret@a.example:5432,b.example:5433/calls",
	    "host=a.example,b.example port=5432,5433" },
	{ "the password of a client's key",
	    "host=db.example sslkey=/k sslpassword=S3cret", "sslkey=/k" },
	{ "a typing mistake in the keys", "host=db.example pasword=S3cret",
	    "(not a libpq connection string)" },
	{ "a typing mistake in the URI", "postgresql://anna:S3cret@[db/calls",
	    "(not a libpq connection string)" },
	{ "nothing", "", "" },
};

static void
test_pg_conninfo_masked(void **state)
{
	bool ok = true;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct str shown =
		    pg_conninfo_masked(*state, rows[i].conninfo);

		print_message("  %s: %.*s\n", rows[i].name, STR_ARG(shown));
		assert_holds(shown, rows[i].holds);
		ok =
		    ok && !str_holds(shown, "S3c") && !str_holds(shown, "cret");
	}
	assert_true(ok);
}

/* What it gives is read back as what it was. */
static void
test_pg_conninfo_open(void **state)
{
	struct str password;
	struct str why = STR_ABSENT;
	struct str open = pg_conninfo_open(*state,
	    "postgresql://anna:S3c%72et@a:5432,b:5433/calls", &password);

	assert_text(password, "S3cret");
	assert_text(
	    open, "user='anna' dbname='calls' host='a,b' port='5432,5433'");
	open = pg_conninfo_open(
	    *state, "dbname='it\\'s' options='-c a=b\\\\c'", &password);
	assert_absent(password);
	assert_text(open, "dbname='it\\'s' options='-c a=b\\\\c'");
	assert_err(pg_conninfo_check(*state, open.p, &why), ERR_OK);
}

static void
test_pg_conninfo_check(void **state)
{
	struct str why = STR_ABSENT;

	assert_err(pg_conninfo_check(*state, "host=a dbname=b", &why), ERR_OK);
	assert_err(pg_conninfo_check(*state, "", &why), ERR_OK);
	assert_err(pg_conninfo_check(
		       *state, "postgresql://u:p@h/d?connect_timeout=2", &why),
	    ERR_OK);
	assert_err(pg_conninfo_check(*state, "hots=a", &why), ERR_INPUT);
	assert_holds(why, "hots");
	assert_int_equal(str_find(why, '\n'), why.n);
	assert_err(pg_conninfo_check(*state, "mysql://h/d", &why), ERR_INPUT);
	assert_true(why.n > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_pg_conninfo_masked),
		TEST(test_pg_conninfo_open),
		TEST(test_pg_conninfo_check),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
