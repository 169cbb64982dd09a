/*
 * What a connection begins with, and what a server's, a database's or a role's
 * settings may not change.
 */
#include "base/clock.h"
#include "event_testing.h"
#include "store/calls.h"
#include "store/statements.h"
#include "store/tokens.h"

#include <string.h>
#include <time.h>

static struct pg *
connect_as(const struct db *db, const char *settings, enum stmt first)
{
	const struct pg_options options = {
		.conninfo = db_conninfo_with(db, settings),
		.on_connect = stmt(first),
		.log = &db->log,
	};

	return pg_new(&options);
}

static const struct {
	const char *given, *want;
} commits[] = {
	{ "on", "on" },
	{ "off", "on" }, /* an acknowledged call may not be lost */
	{ "local", "on" }, { "remote_write", "remote_write" },
	{ "remote_apply", "remote_apply" }, /* stricter, so it stays */
};

static void
test_session_commits_before_it_answers(void **state)
{
	static const enum stmt firsts[] = { STMT_SESSION, STMT_SESSION_WORKER,
		STMT_SESSION_JOURNAL };
	const size_t n = ARRAY_LEN(firsts);
	const struct db *const db = *state;

	for (size_t i = 0; i < ARRAY_LEN(commits) * n; i++) {
		struct pg *const pg = connect_as(db,
		    str_format(db->round, "-c synchronous_commit=%s",
			commits[i / n].given)
			.p,
		    firsts[i % n]);
		struct pg_rows rows;

		assert_err(
		    db_try(db, pg, "SHOW synchronous_commit", &rows), ERR_OK);
		assert_text(pg_str(&rows, 0, 0), commits[i / n].want);
		pg_free(pg);
	}
}

/* How many rows of EXPLAIN hold this, for the statement that writes events. */
static size_t
count_in_plan(const struct db *db, struct pg *pg, const char *part)
{
	const struct pg_statement *const s = stmt(STMT_EVENTS_ADD);
	struct str nulls = STR("NULL");
	struct pg_rows rows;
	size_t count = 0;

	for (int i = 1; i < s->n_params; i++)
		nulls = str_format(db->round, "%.*s, NULL", STR_ARG(nulls));
	assert_err(db_try(db, pg,
		       str_format(db->round, "PREPARE written AS %s", s->sql).p,
		       &rows),
	    ERR_OK);
	assert_err(db_try(db, pg,
		       str_format(db->round, "EXPLAIN EXECUTE written(%.*s)",
			   STR_ARG(nulls))
			   .p,
		       &rows),
	    ERR_OK);
	for (size_t i = 0; i < rows.n; i++)
		count += str_holds(pg_str(&rows, i, 0), part);
	return count;
}

/*
 * With however many of the line that were erased: each event looks for its own
 * tombstone in the index.
 */
static void
test_session_journal_reads_no_other_tombstone(void **state)
{
	const struct db *const db = *state;
	struct pg *const pg = connect_as(db, "", STMT_SESSION_JOURNAL);

	pg_pin(pg);
	assert_int_equal(
	    count_in_plan(db, pg, "Index Cond: ((tombstone = sha256("), 1);
	pg_unpin(pg);
	pg_free(pg);
}

/* One at a time; each is the default of somebody's server. */
static const char *const settings[] = {
	"-c TimeZone=Pacific/Kiritimati",
	"-c DateStyle=German",
	"-c DateStyle=SQL,DMY",
	"-c IntervalStyle=sql_standard",
	"-c bytea_output=escape",
	"-c extra_float_digits=0",
	"-c standard_conforming_strings=off",
	"-c default_transaction_isolation=serializable",
	"-c search_path=public,pg_catalog",
	"-c statement_timeout=5s",
};

/* What a reader of the API is shown of a call, in one string. */
static struct str
shown(const struct db *db, struct pg *pg)
{
	const struct call_query query = {
		.filter = { .since_us = INT64_C(1795338000000000),
		    .until_us = INT64_C(1795338100000000) },
		.page = { .after_us = -1, .limit = 10 },
		.deadline_ms = in_ms(5000),
	};
	struct call_detail detail;
	struct str out = STR("");
	struct call_list list;

	assert_err(calls_list(pg, db->round, &query, &list), ERR_OK);
	assert_int_equal(list.rows.n, 1);
	for (size_t i = 0; i < list.rows.columns; i++)
		out = str_format(db->round, "%.*s|%.*s", STR_ARG(out),
		    STR_ARG(pg_str(&list.rows, 0, i)));
	assert_err(
	    calls_get(pg, db->round, STR(CALL), in_ms(5000), &detail), ERR_OK);
	for (size_t i = 0; i < detail.events.n; i++)
		out = str_format(db->round, "%.*s|%.*s|%.*s", STR_ARG(out),
		    STR_ARG(pg_str(&detail.events, i, EVENT_COLUMN_AT_US)),
		    STR_ARG(pg_bytes(
			db->round, &detail.events, i, EVENT_COLUMN_BODY)));
	return out;
}

/* Written by one session and read by another, whatever they are set to. */
static void
test_session_settings_do_not_matter_to_calls(void **state)
{
	static const struct request list[] = {
		{ "/twilio/voice", OWN "&CallStatus=ringing", 0 },
		{ "/twilio/leg" AT("office", "3"),
		    "CallSid=" LEG "&CallStatus=completed" ENDED, 5 },
		{ "/twilio/status",
		    OWN "&CallStatus=completed&CallDuration=63" ENDED, 63 },
	};
	const struct db *const db = *state;
	struct str want;
	bool ok = true;

	add_all(db, list, ARRAY_LEN(list));
	want = shown(db, db->pg);
	for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
		struct db odd = *db;

		odd.pg = connect_as(db, settings[i], STMT_SESSION);
		forget_all(db);
		add_all(&odd, list, ARRAY_LEN(list));
		if (!str_eq(shown(db, odd.pg), want) ||
		    !str_eq(shown(db, db->pg), want)) {
			print_error("%s:\n%.*s\n%.*s\n", settings[i],
			    STR_ARG(shown(db, odd.pg)), STR_ARG(want));
			ok = false;
		}
		pg_free(odd.pg);
	}
	assert_true(ok);
}

/* The day on which a token was used is UTC's, written as in RFC 3339. */
static void
test_session_settings_do_not_matter_to_tokens(void **state)
{
	static const char *const odd[] = { "-c TimeZone=Pacific/Kiritimati",
		"-c TimeZone=Etc/GMT+12", "-c DateStyle=German" };
	const struct db *const db = *state;
	bool ok = true;

	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		struct pg *const pg = connect_as(db, odd[i], STMT_SESSION);
		const struct str name = str_format(db->round, "t%zu", i);
		const time_t now = (time_t)(clock_wall_us() / 1000000);
		struct tokens_row *rows;
		struct identity who;
		struct str token;
		char today[16];
		struct tm tm;
		size_t n;

		(void)strftime(
		    today, sizeof(today), "%Y-%m-%d", gmtime_r(&now, &tm));
		assert_err(tokens_add(pg, db->round, name, SCOPE_READ, &token),
		    ERR_OK);
		assert_err(tokens_find(pg, db->round, token, in_ms(5000), &who),
		    ERR_OK);
		assert_err(tokens_list(pg, db->round, &rows, &n), ERR_OK);
		if (!str_eq(rows[n - 1].last_used_on, str_of(today))) {
			print_error("%s: %.*s, not %s\n", odd[i],
			    STR_ARG(rows[n - 1].last_used_on), today);
			ok = false;
		}
		pg_free(pg);
	}
	assert_true(ok);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_session_commits_before_it_answers),
		DB_TEST(test_session_journal_reads_no_other_tombstone),
		DB_TEST(test_session_settings_do_not_matter_to_calls),
		DB_TEST(test_session_settings_do_not_matter_to_tokens),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
