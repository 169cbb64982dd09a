/*
 * pg: a connection string of several hosts, the first of which cannot be had.
 */
#include "base/clock.h"
#include "pg_testing.h"

#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SLACK_MS 2000 /* of a busy machine; unbounded it would be minutes */

static const struct pg_statement pid = { "pid", 0, "SELECT pg_backend_pid()" };

static enum err
ask(const struct db *db, struct pg *pg, int64_t ms)
{
	const struct pg_query query = { &pid, NULL, in_ms(ms) };
	struct pg_rows out;

	return pg_run(pg, db->round, &query, &out);
}

static pid_t
backend_of(const struct db *db, struct pg *pg)
{
	struct pg_rows rows;

	assert_err(db_try(db, pg, pid.sql, &rows), ERR_OK);
	return (pid_t)pg_int(&rows, 0, 0, 0);
}

/* A host that takes connections and never says anything; *out_port is its. */
static int
mute_host(int *out_port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(at);
	const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, n), 0);
	assert_int_equal(listen(fd, 16), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	*out_port = ntohs(at.sin_port);
	return fd;
}

/* Hosts before the one that serves, %s; port %d is the mute one's. */
static const struct row {
	const char *name, *hosts, *ports;
	int64_t ms; /* until it is answered */
} rows[] = {
	{ "the first refuses", "127.0.0.1,%s", "1,5432", 300 },
	{ "it has no name", "no.such.host.invalid,%s", "5432,5432", 5000 },
	{ "the first is mute", "127.0.0.1,%s", "%d,5432", 900 },
	{ "the first two are", "127.0.0.1,127.0.0.1,%s", "%d,%d,5432", 1500 },
	{ "the first is mute, the second refuses", "127.0.0.1,127.0.0.1,%s",
	    "%d,1,5432", 900 },
};

/* What the row says, with the mute host's port wherever it wants one. */
static const char *
conninfo_of_hosts(const struct db *db, const struct row *r, int port)
{
	const struct str number = str_format(db->round, "%d", port);
	struct str ports = STR("");
	struct str rest = str_of(r->ports);

	while (rest.p != NULL) {
		const struct str one = str_split(&rest, ',');

		ports = str_format(db->round, "%.*s%s%.*s", STR_ARG(ports),
		    ports.n == 0 ? "" : ",",
		    STR_ARG(str_eq(one, STR("%d")) ? number : one));
	}
	return str_format(db->round,
	    "host=%.*s%s port=%.*s user=mainline dbname=%s",
	    (int)str_find(str_of(r->hosts), '%'), r->hosts, db->folder,
	    STR_ARG(ports), db->name)
	    .p;
}

/* The next one is asked soon, and first of all from then on. */
static void
test_pg_hosts_one_after_the_other(void **state)
{
	const struct db *const db = *state;
	int port;
	const int mute = mute_host(&port);

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *const r = &rows[i];
		struct pg *const pg =
		    db_connect(db, conninfo_of_hosts(db, r, port));
		const int64_t before = clock_mono_ms();

		print_message("  %s\n", r->name);
		assert_err(ask(db, pg, 6000), ERR_OK);
		assert_true(clock_mono_ms() - before <= r->ms + SLACK_MS);
		(void)kill(backend_of(db, pg), SIGTERM);
		assert_err(ask(db, pg, 500), ERR_OK);
		pg_free(pg);
	}
	assert_int_equal(close(mute), 0);
}

/* With less time than a host has, each attempt comes to another one. */
static void
test_pg_hosts_in_little_time(void **state)
{
	const struct db *const db = *state;
	const struct timespec rest = { 0, 50000000 }; /* of a failure */
	int port;
	const int mute = mute_host(&port);
	struct pg *const pg =
	    db_connect(db, conninfo_of_hosts(db, &rows[2], port));

	assert_err(ask(db, pg, 200), ERR_BUSY);
	(void)nanosleep(&rest, NULL);
	assert_err(ask(db, pg, 500), ERR_OK);
	pg_free(pg);
	assert_int_equal(close(mute), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_pg_hosts_one_after_the_other),
		DB_TEST(test_pg_hosts_in_little_time),
	};

	return cmocka_run_group_tests(tests, db_setup_empty, db_teardown);
}
