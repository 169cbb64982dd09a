/* jobs: each done by one at a time, and by somebody in the end. */
#include "base/clock.h"
#include "pg_testing.h"
#include "store/jobs.h"
#include "store/statements.h"

#include <sys/wait.h>
#include <unistd.h>

#define CALL "CA0123456789abcdef0123456789abcdef"

static int
begin(void **state)
{
	if (db_begin(state) != 0)
		return -1;
	(void)db_sql(*state, "TRUNCATE jobs");
	return 0;
}

#define JOBS_TEST(function) cmocka_unit_test_setup((function), begin)

/* Due `ago_s` seconds ago. */
static void
ask(const struct db *db, const char *kind, const char *channel, int ago_s)
{
	const struct job_key key = { STR("+15550100001"), STR(CALL),
		str_of(kind), str_of(channel) };

	assert_err(jobs_add(db->pg, db->round, &key,
		       db_number(db,
			   str_format(db->round,
			       "SELECT (extract(epoch FROM now()) * 1000000)"
			       "::bigint - %d * 1000000::bigint",
			       ago_s)
			       .p)),
	    ERR_OK);
}

static struct job
claim(const struct db *db, const char *who)
{
	struct job job = { 0 };

	assert_err(jobs_claim(db->pg, db->round, who, &job), ERR_OK);
	return job;
}

static void
assert_nothing_is_due(const struct db *db)
{
	struct job job;

	assert_err(jobs_claim(db->pg, db->round, "a", &job), ERR_NOT_FOUND);
}

static void
test_jobs_claim_the_oldest_due(void **state)
{
	const struct db *const db = *state;
	struct job job;

	ask(db, "archive", "second", 20);
	ask(db, "archive", "first", 30);
	ask(db, "archive", "third", 10);
	ask(db, "archive", "not yet", -60);
	job = claim(db, "a");
	assert_text(job.key.channel, "first");
	assert_text(job.key.kind, "archive");
	assert_text(job.key.call_sid, CALL);
	assert_text(job.key.line, "+15550100001");
	assert_int_equal(job.attempts, 1);
	assert_text(claim(db, "b").key.channel, "second");
	assert_text(claim(db, "a").key.channel, "third");
	assert_nothing_is_due(db);
}

/*
 * A mail server that does not answer costs a minute for each letter: what is
 * of another kind goes before the next one.
 */
static void
test_jobs_claim_another_kind_first(void **state)
{
	const struct db *const db = *state;
	const struct job_end later = { .delay_s = 100, .why = STR_INIT("x") };
	struct job letter;

	ask(db, "notify", "first", 60);
	ask(db, "notify", "second", 50);
	ask(db, "notify", "third", 40);
	ask(db, "archive", "late", 10);
	ask(db, "archive", "later", 5);
	letter = claim(db, "a");
	assert_text(letter.key.channel, "first");
	assert_text(claim(db, "b").key.channel, "late");
	/* Both kinds are under way: the oldest, and nobody is idle. */
	assert_text(claim(db, "c").key.channel, "second");
	/* A lease that has run out is nobody's work. */
	(void)db_sql(db,
	    "UPDATE jobs SET leased_until = now() - interval '1 s' "
	    "WHERE kind = 'archive' AND leased_until IS NOT NULL");
	assert_text(claim(db, "b").key.channel, "late");
	assert_err(jobs_end(db->pg, db->round, "a", &letter, &later), ERR_OK);
	assert_text(claim(db, "a").key.channel, "third");
	assert_text(claim(db, "d").key.channel, "later");
	assert_nothing_is_due(db);
}

static void
test_jobs_add_twice(void **state)
{
	const struct db *const db = *state;

	ask(db, "archive", "x", 10);
	ask(db, "archive", "x", 90);
	(void)claim(db, "a");
	assert_nothing_is_due(db);
	ask(db, "archive", "x", 10);
	assert_nothing_is_due(db);
}

/* Takes jobs until there are none; each is written down by who had it. */
static void
take_all(const struct db *db, const char *who)
{
	struct pg *const pg = db_connect(db, db->conninfo);
	struct arena *const arena = arena_new((size_t)16 * 1024);
	struct job job;

	while (jobs_claim(pg, arena, who, &job) == ERR_OK) {
		const struct job_end end = { .state = JOB_DONE,
			.why = str_of(who) };

		if (jobs_end(pg, arena, who, &job, &end) != ERR_OK)
			_exit(1);
		arena_reset(arena);
	}
	pg_free(pg);
	_exit(0);
}

/* Had one been given to two, the second end would be refused. */
static void
test_jobs_are_given_to_one(void **state)
{
	static const char *const names[] = { "a", "b", "c", "d" };
	const struct db *const db = *state;
	int status = -1;

	(void)db_sql(db,
	    "INSERT INTO jobs (line, call_sid, kind, channel, due_at) "
	    "SELECT '', '', 'archive', i::text, now() "
	    "FROM generate_series(1, 400) i");
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0)
			take_all(db, names[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM jobs "
			     "WHERE state = 'done' AND attempts = 1 "
			     "AND last_error = leased_by"),
	    400);
	assert_true(
	    db_number(db, "SELECT count(DISTINCT leased_by) FROM jobs") > 1);
}

/* Another connection is about to take the oldest: the next one is taken. */
static void
test_jobs_claim_passes_over_what_is_locked(void **state)
{
	const struct db *const db = *state;
	struct pg *const other = db_connect(db, db->conninfo);
	struct pg_rows rows;

	ask(db, "archive", "locked", 20);
	ask(db, "archive", "free", 10);
	pg_pin(other);
	assert_err(db_try(db, other, "BEGIN", &rows), ERR_OK);
	assert_err(
	    db_try(db, other,
		"SELECT FROM jobs WHERE channel = 'locked' FOR UPDATE", &rows),
	    ERR_OK);
	assert_text(claim(db, "a").key.channel, "free");
	assert_nothing_is_due(db);
	assert_err(db_try(db, other, "ROLLBACK", &rows), ERR_OK);
	pg_unpin(other);
	assert_text(claim(db, "a").key.channel, "locked");
	pg_free(other);
}

static void
test_jobs_lease_ends(void **state)
{
	const struct db *const db = *state;
	const struct job_end end = { .state = JOB_DONE };
	struct job first;
	struct job second;

	ask(db, "archive", "x", 10);
	first = claim(db, "a");
	assert_nothing_is_due(db);
	(void)db_sql(db,
	    "UPDATE jobs SET leased_until = leased_until - interval '10 min'");
	second = claim(db, "b");
	assert_int_equal(second.attempts, 2);
	/* Who was too slow no more says how it ended. */
	assert_err(
	    jobs_end(db->pg, db->round, "a", &first, &end), ERR_CONFLICT);
	assert_err(jobs_end(db->pg, db->round, "b", &second, &end), ERR_OK);
	assert_text(db_value(db, "SELECT state FROM jobs"), "done");
}

/* The same name twice: an earlier process's attempt is not this one's. */
static void
test_jobs_end_is_fenced_by_the_attempt(void **state)
{
	const struct db *const db = *state;
	const struct job_end end = { .state = JOB_DONE };
	struct job first;

	ask(db, "archive", "x", 10);
	first = claim(db, "a");
	assert_err(jobs_release(db->pg, db->round, "a"), ERR_OK);
	(void)claim(db, "a");
	assert_err(
	    jobs_end(db->pg, db->round, "a", &first, &end), ERR_CONFLICT);
	assert_text(db_value(db, "SELECT state FROM jobs"), "due");
}

static void
test_jobs_release_by_name(void **state)
{
	const struct db *const db = *state;

	ask(db, "archive", "x", 20);
	ask(db, "archive", "y", 10);
	(void)claim(db, "host:var#1");
	(void)claim(db, "host:var#2");
	assert_err(jobs_release(db->pg, db->round, "host:var#1"), ERR_OK);
	assert_text(claim(db, "c").key.channel, "x");
	assert_nothing_is_due(db);
}

static void
test_jobs_end_sets_when(void **state)
{
	const struct db *const db = *state;
	const struct job_end later = {
		.state = JOB_DUE, .delay_s = 100, .why = STR_INIT("503")
	};
	const struct job_end anew = { .delay_s = 300, .anew = true };
	struct job job;

	ask(db, "archive", "x", 10);
	job = claim(db, "a");
	assert_err(jobs_end(db->pg, db->round, "a", &job, &later), ERR_OK);
	assert_nothing_is_due(db);
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM jobs WHERE "
			     "due_at BETWEEN now() + interval '95 s' AND "
			     "now() + interval '101 s' AND finished_at IS NULL "
			     "AND attempts = 1 AND last_error = '503'"),
	    1);
	(void)db_sql(db, "UPDATE jobs SET due_at = now()");
	job = claim(db, "a");
	assert_int_equal(job.attempts, 2);
	assert_err(jobs_end(db->pg, db->round, "a", &job, &anew), ERR_OK);
	assert_int_equal(
	    db_number(db,
		"SELECT count(*) FROM jobs WHERE attempts = 0 "
		"AND last_error IS NULL AND finished_at IS NOT NULL"),
	    1);
}

static size_t
retry(const struct db *db, const char *kind, const char *channel, bool dead)
{
	const struct job_key key = { .kind = str_of(kind),
		.call_sid = dead ? STR_ABSENT : STR(CALL),
		.channel = str_of(channel) };
	size_t n = 99;

	assert_err(jobs_retry(db->pg, db->round, &key, dead, &n), ERR_OK);
	return n;
}

static void
test_jobs_retry(void **state)
{
	const struct db *const db = *state;
	struct job job;

	ask(db, "archive", "dead", 10);
	ask(db, "archive", "waits", -3600);
	ask(db, "archive", "done", 10);
	ask(db, "notify", "email", -3600);
	(void)db_sql(db,
	    "UPDATE jobs SET state = channel, attempts = 9, "
	    "created_at = now() - interval '2 days' "
	    "WHERE channel IN ('dead', 'done')");
	assert_nothing_is_due(db);
	assert_int_equal(retry(db, "archive", "done", false), 0);
	assert_int_equal(retry(db, "erase", NULL, false), 0);
	assert_int_equal(retry(db, "archive", "dead", false), 1);
	/* As if it had just been asked for, or it would be given up at once. */
	job = claim(db, "a");
	assert_text(job.key.channel, "dead");
	assert_int_equal(job.attempts, 1);
	assert_true(db_number(db,
			"SELECT extract(epoch FROM now() - created_at)::int "
			"FROM jobs WHERE channel = 'dead'") < 60);
	/* Somebody works on it: not taken from them. */
	assert_int_equal(retry(db, "archive", NULL, false), 1);
	assert_text(claim(db, "b").key.channel, "waits");
	assert_nothing_is_due(db);
}

static void
test_jobs_retry_all_dead(void **state)
{
	const struct db *const db = *state;

	ask(db, "archive", "1", 10);
	ask(db, "archive", "2", 10);
	ask(db, "notify", "3", 10);
	(void)db_sql(db, "UPDATE jobs SET state = 'dead'");
	ask(db, "archive", "4", -60);
	assert_int_equal(retry(db, "archive", NULL, true), 2);
	assert_int_equal(retry(db, NULL, NULL, true), 1);
	assert_int_equal(retry(db, NULL, NULL, true), 0);
}

static void
test_jobs_list_and_counts(void **state)
{
	const struct db *const db = *state;
	const struct jobs_filter open = { .limit = 10 };
	const struct jobs_filter done = { .state = STR_INIT("done"),
		.kind = STR_INIT("archive"),
		.limit = 10 };
	struct jobs_count *counts;
	struct jobs_row *rows;
	const int64_t soon_ms = clock_mono_ms() + STMT_COMMAND_MS;
	size_t n;

	ask(db, "archive", "1", 30);
	ask(db, "archive", "2", 20);
	ask(db, "archive", "3", 10);
	ask(db, "notify", "4", 5);
	(void)claim(db, "a");
	(void)db_sql(db, "UPDATE jobs SET state = 'done' WHERE channel = '3'");
	assert_err(jobs_list(db->pg, db->round, &open, &rows, &n), ERR_OK);
	assert_int_equal(n, 3);
	assert_text(rows[0].key.channel, "1");
	assert_true(rows[0].is_leased);
	assert_text(rows[2].key.channel, "4");
	assert_false(rows[2].is_leased);
	assert_err(jobs_list(db->pg, db->round, &done, &rows, &n), ERR_OK);
	assert_int_equal(n, 1);
	(void)db_sql(db, "UPDATE jobs SET state = 'dead' WHERE channel = '4'");
	assert_err(
	    jobs_counts(db->pg, db->round, soon_ms, &counts, &n), ERR_OK);
	assert_int_equal(n, 2); /* what is done is not counted */
	assert_text(counts[0].kind, "archive");
	assert_text(counts[0].state, "due");
	assert_int_equal(counts[0].n, 2);
	assert_text(counts[1].kind, "notify");
	assert_text(counts[1].state, "dead");
	assert_int_equal(counts[1].n, 1);
	assert_true(counts[0].oldest_due_us < counts[1].oldest_due_us);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		JOBS_TEST(test_jobs_claim_the_oldest_due),
		JOBS_TEST(test_jobs_claim_another_kind_first),
		JOBS_TEST(test_jobs_add_twice),
		JOBS_TEST(test_jobs_are_given_to_one),
		JOBS_TEST(test_jobs_claim_passes_over_what_is_locked),
		JOBS_TEST(test_jobs_lease_ends),
		JOBS_TEST(test_jobs_end_is_fenced_by_the_attempt),
		JOBS_TEST(test_jobs_release_by_name),
		JOBS_TEST(test_jobs_end_sets_when),
		JOBS_TEST(test_jobs_retry),
		JOBS_TEST(test_jobs_retry_all_dead),
		JOBS_TEST(test_jobs_list_and_counts),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
