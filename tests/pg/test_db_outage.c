/*
 * pg: a server that is away, frozen or new: no call waits longer than its
 * deadline, and the first one after the outage finds its way by itself.
 */
#include "base/clock.h"
#include "event_testing.h"
#include "store/migrate.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SOON_MS 3000
#define SLACK_MS 400 /* of a machine that does other things too */

static const struct request voice = { "/twilio/voice", OWN, 0 };
static const struct pg_statement named = { "named", 0, "SELECT 42" };

static enum err
ask(const struct db *db, struct pg *pg, int64_t ms)
{
	const struct pg_query query = { &named, NULL, in_ms(ms) };
	struct pg_rows out;

	return pg_run(pg, db->round, &query, &out);
}

/* It is answered again before long, without anybody's help. */
static void
assert_comes_back(const struct db *db, struct pg *pg)
{
	const struct timespec nap = { 0, 20000000 };
	const int64_t deadline = in_ms(SOON_MS);

	while (ask(db, pg, SOON_MS) != ERR_OK) {
		assert_true(clock_left_ms(deadline) > 0);
		(void)nanosleep(&nap, NULL);
	}
}

/* ERR_BUSY, and not after more than `ms`. */
static void
assert_busy_within(const struct db *db, struct pg *pg, int64_t ms)
{
	const int64_t before = clock_mono_ms();

	assert_err(ask(db, pg, ms), ERR_BUSY);
	assert_true(clock_mono_ms() - before <= ms + SLACK_MS);
}

static pid_t
backend_of(const struct db *db, struct pg *pg)
{
	struct pg_rows rows;

	assert_err(db_try(db, pg, "SELECT pg_backend_pid()", &rows), ERR_OK);
	return (pid_t)pg_int(&rows, 0, 0, 0);
}

static void
test_outage_of_a_frozen_backend(void **state)
{
	const struct db *const db = *state;
	struct pg *const pg = db_connect(db, db->conninfo);
	const pid_t backend = backend_of(db, pg);
	const int64_t before = clock_mono_ms();

	assert_int_equal(kill(backend, SIGSTOP), 0);
	assert_busy_within(db, pg, 300);
	assert_true(clock_mono_ms() - before >= 299);
	assert_int_equal(kill(backend, SIGCONT), 0);
	assert_comes_back(db, pg);
	assert_int_not_equal(backend_of(db, pg), backend);
	pg_free(pg);
}

/* More than the socket holds: sending has the same deadline as waiting. */
static void
test_outage_while_sending(void **state)
{
	static const struct pg_statement echo = { NULL, 1,
		"SELECT length($1::text)" };
	const struct db *const db = *state;
	struct pg *const pg = db_connect(db, db->conninfo);
	const pid_t backend = backend_of(db, pg);
	const size_t n = 20000000;
	char *const large = malloc(n);
	const struct pg_param param = pg_text(bytes_of(large, n));
	const struct pg_query query = { &echo, &param, in_ms(400) };
	const int64_t before = clock_mono_ms();
	struct pg_rows out;

	assert_non_null(large);
	memset(large, 'x', n);
	assert_int_equal(kill(backend, SIGSTOP), 0);
	assert_err(pg_run(pg, db->round, &query, &out), ERR_BUSY);
	assert_true(clock_mono_ms() - before <= 400 + SLACK_MS);
	assert_int_equal(kill(backend, SIGCONT), 0);
	free(large);
	pg_free(pg);
}

static pid_t
postmaster(const struct db *db)
{
	const struct str path =
	    str_format(db->round, "%s/data/postmaster.pid", db->folder);
	FILE *const file = fopen(path.p, "re");
	char line[32];

	assert_non_null(file);
	assert_non_null(fgets(line, sizeof(line), file));
	assert_int_equal(fclose(file), 0);
	return (pid_t)strtol(line, NULL, 10);
}

/* Nobody accepts: the kernel still does, so connecting must end by itself. */
static void
test_outage_of_a_frozen_server(void **state)
{
	const struct db *const db = *state;
	struct pg *const pg = db_connect(db, db->conninfo);
	const pid_t server = postmaster(db);

	assert_int_equal(kill(server, SIGSTOP), 0);
	assert_busy_within(db, pg, 300);
	assert_busy_within(db, pg, 300);
	assert_int_equal(kill(server, SIGCONT), 0);
	assert_comes_back(db, pg);
	pg_free(pg);
}

/* A deadline that has passed already asks nobody. */
static void
test_outage_of_time(void **state)
{
	const struct db *const db = *state;
	struct pg *const pg = db_connect(db, db->conninfo);

	assert_err(ask(db, pg, -1000), ERR_BUSY);
	assert_comes_back(db, pg);
	pg_free(pg);
}

/* A statement that takes longer than there is time. */
static void
test_outage_of_a_slow_statement(void **state)
{
	static const struct pg_statement slow = { NULL, 0,
		"SELECT pg_sleep(5)" };
	const struct db *const db = *state;
	struct pg *const pg = db_connect(db, db->conninfo);
	const struct pg_query query = { &slow, NULL, in_ms(200) };
	const int64_t before = clock_mono_ms();
	struct pg_rows out;

	assert_err(pg_run(pg, db->round, &query, &out), ERR_BUSY);
	assert_true(clock_mono_ms() - before <= 200 + SLACK_MS);
	assert_comes_back(db, pg); /* with its own answer, not the late one */
	pg_free(pg);
}

/* Cut off between two requests: the next one does not notice. */
static void
test_outage_of_a_connection(void **state)
{
	const struct db *const db = *state;
	struct pg *const pg = db_connect(db, db->conninfo);

	for (int i = 0; i < 3; i++) {
		const pid_t backend = backend_of(db, pg);

		assert_err(ask(db, pg, SOON_MS), ERR_OK);
		assert_int_equal(db_number(db,
				     str_format(db->round,
					 "SELECT count(*) FROM (SELECT "
					 "pg_terminate_backend(%d, 2000)) t",
					 (int)backend)
					 .p),
		    1);
		assert_err(ask(db, pg, SOON_MS), ERR_OK);
	}
	pg_free(pg);
}

/* A failover has made the session read-only: the next one writes elsewhere. */
static void
test_outage_by_read_only(void **state)
{
	const struct db *const db = *state;
	struct pg *const pg = db_connect(db, db->conninfo);
	struct pg *const standby = db_connect(
	    db, db_conninfo_with(db, "-c default_transaction_read_only=on"));
	struct pg_rows rows;

	assert_err(
	    db_try(db, pg,
		"SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", &rows),
	    ERR_OK);
	assert_err(
	    db_try(db, pg, "CREATE TABLE written (x integer)", &rows), ERR_OK);
	assert_busy_within(db, standby, 1000);
	pg_free(standby);
	pg_free(pg);
}

/* No connection is left for us. */
static void
test_outage_of_connections(void **state)
{
	const struct db *const db = *state;
	struct pg *const admin = db_connect(db, db_admin_conninfo(db));
	struct pg *const pg = db_connect(db, db->conninfo);
	struct pg_rows rows;

	assert_err(
	    db_try(db, admin, "ALTER ROLE mainline CONNECTION LIMIT 0", &rows),
	    ERR_OK);
	assert_busy_within(db, pg, 1000);
	assert_err(
	    db_try(db, admin, "ALTER ROLE mainline CONNECTION LIMIT -1", &rows),
	    ERR_OK);
	assert_comes_back(db, pg);
	pg_free(pg);
	pg_free(admin);
}

/* Prepared statements are gone with the server, and prepared anew. */
static void
test_outage_by_restart(void **state)
{
	const struct db *const db = *state;
	const struct told t = tell(db->round, &voice);

	assert_err(add(db, &t), ERR_OK);
	assert_err(ask(db, db->pg, SOON_MS), ERR_OK);
	server_do("restart");
	assert_err(ask(db, db->pg, SOON_MS), ERR_OK); /* the very first */
	forget_all(db);
	assert_err(add(db, &t), ERR_OK);
	assert_int_equal(db_number(db, "SELECT count(*) FROM events"), 1);
}

/* How often a line of that event was logged. */
static size_t
times_said(const struct db *db, const char *event)
{
	struct str rest = db_said(db);
	size_t n = 0;

	while (rest.p != NULL)
		n += str_holds(str_split(&rest, '\n'), event);
	return n;
}

static void
test_outage_of_the_server(void **state)
{
	const struct db *const db = *state;
	const struct told t = tell(db->round, &voice);
	int64_t before;

	assert_err(ask(db, db->pg, SOON_MS), ERR_OK);
	server_do("pause");
	before = clock_mono_ms();
	for (int i = 0; i < 50; i++)
		assert_busy_within(db, db->pg, 1000);
	assert_err(add(db, &t), ERR_BUSY);
	assert_true(clock_mono_ms() - before < 1000); /* nobody has waited */
	server_do("resume");
	assert_comes_back(db, db->pg);
	assert_err(add(db, &t), ERR_OK);
	assert_int_equal(times_said(db, "\"ev\":\"db_down\""), 1);
	assert_int_equal(times_said(db, "\"ev\":\"db_up\""), 1);
}

/* From the receipt of an event to its answer: one second and no more. */
static void
test_outage_of_the_journal(void **state)
{
	const struct db *const db = *state;
	const struct told t = tell(db->round, &voice);
	const pid_t backend = backend_of(db, db->pg);
	const int64_t before = clock_mono_ms();

	assert_int_equal(kill(backend, SIGSTOP), 0);
	assert_err(add(db, &t), ERR_BUSY);
	assert_in_range(clock_mono_ms() - before, JOURNAL_BUDGET_MS - 1,
	    JOURNAL_BUDGET_MS + SLACK_MS);
	assert_int_equal(kill(backend, SIGCONT), 0);
	assert_comes_back(db, db->pg);
}

/* Here, since it is the whole server's setting for a moment. */
static void
test_migrate_refuses_fsync_off(void **state)
{
	const struct db *const db = *state;
	struct pg *const admin = db_connect(db, db_admin_conninfo(db));
	struct migrate_report report;
	struct pg_rows rows;
	enum err e;

	assert_err(
	    db_try(db, admin, "ALTER SYSTEM SET fsync = off", &rows), ERR_OK);
	assert_err(db_try(db, admin, "SELECT pg_reload_conf()", &rows), ERR_OK);
	assert_err(db_try(db, admin, "SELECT pg_sleep(0.2)", &rows), ERR_OK);
	e = migrate_run(db->pg, db->round, migrations, n_migrations, &report);
	assert_err(
	    db_try(db, admin, "ALTER SYSTEM RESET fsync", &rows), ERR_OK);
	assert_err(db_try(db, admin, "SELECT pg_reload_conf()", &rows), ERR_OK);
	pg_free(admin);
	assert_err(e, ERR_INPUT);
	assert_holds(report.error, "fsync is off");
	assert_holds(report.error, "turn it on");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_outage_of_a_frozen_backend),
		DB_TEST(test_outage_while_sending),
		DB_TEST(test_outage_of_a_frozen_server),
		DB_TEST(test_outage_of_time),
		DB_TEST(test_outage_of_a_slow_statement),
		DB_TEST(test_outage_of_a_connection),
		DB_TEST(test_outage_by_read_only),
		DB_TEST(test_outage_of_connections),
		DB_TEST(test_outage_by_restart),
		DB_TEST(test_outage_of_the_server),
		DB_TEST(test_outage_of_the_journal),
		DB_TEST(test_migrate_refuses_fsync_off),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
