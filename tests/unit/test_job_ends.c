/* job_ends: how long until a job is tried again, and when it is given up. */
#include "kinds.h"
#include "testing.h"

#define HOUR_S INT64_C(3600)

/* Twice as long each time, up to an hour, and never less than the half. */
static void
test_job_failed_waits_longer_each_time(void **state)
{
	for (int attempts = 1; attempts < 40; attempts++) {
		const struct job job = { .attempts = attempts };
		const int64_t most =
		    attempts < 12 ? INT64_C(1) << attempts : HOUR_S;
		int64_t least = INT64_MAX;
		int64_t longest = 0;

		for (int i = 0; i < 300; i++) {
			const struct job_end end =
			    job_failed(*state, &job, "no. %d", attempts);

			assert_int_equal(end.state, JOB_DUE);
			assert_false(end.anew);
			assert_true(end.delay_s >= most / 2);
			assert_true(end.delay_s <= most);
			if (end.delay_s < least)
				least = end.delay_s;
			if (end.delay_s > longest)
				longest = end.delay_s;
		}
		/* Many that failed together do not come back together. */
		assert_true(least < longest);
	}
}

static void
test_job_failed_says_why(void **state)
{
	const struct job job = { .attempts = 1 };

	assert_text(job_failed(*state, &job, "it %s", "broke").why, "it broke");
	assert_text(job_dead(*state, "it %s", "broke").why, "it broke");
	assert_absent(job_done().why);
	assert_absent(job_again(5).why);
}

static void
test_job_failed_for(void **state)
{
	const struct job_end end = { .state = JOB_DUE, .delay_s = 10 };

	(void)state;
	assert_int_equal(job_failed_for(end, 30).delay_s, 30);
	assert_int_equal(job_failed_for(end, 3).delay_s, 10);
	assert_int_equal(job_failed_for(end, 30).least_s, 30);
	assert_int_equal(job_failed_for(end, -1).least_s, 0);
	/* Nobody puts our own work off for a day. */
	assert_int_equal(job_failed_for(end, 86400).least_s, 3600);
}

static const struct {
	const char *name;
	struct job_end end;
	int64_t age_s, limit_s;
	struct job_end want;
} rows[] = {
	{ "fails, within its time", { .delay_s = 60 }, 10, 10,
	    { .delay_s = 60 } },
	{ "fails, past its time: given up", { .delay_s = 60 }, 11, 10,
	    { .state = JOB_DEAD } },
	{ "done, past its time", { .state = JOB_DONE }, 11, 10,
	    { .state = JOB_DONE } },
	{ "once more as wished, past its time", { .anew = true, .delay_s = 60 },
	    11, 10, { .anew = true, .delay_s = 60 } },
	{ "our own fails: soon again", { .delay_s = 3600 }, 1000000,
	    JOB_NO_LIMIT, { .delay_s = 30 } },
	{ "our own fails: sooner stays", { .delay_s = 2 }, 1000000,
	    JOB_NO_LIMIT, { .delay_s = 2 } },
	{ "our own is put off by the other side",
	    { .delay_s = 300, .least_s = 300 }, 1000000, JOB_NO_LIMIT,
	    { .delay_s = 300 } },
	{ "our own is done once a day", { .anew = true, .delay_s = 86400 },
	    1000000, JOB_NO_LIMIT, { .anew = true, .delay_s = 86400 } },
};

static void
test_job_limited(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct job_end got =
		    job_limited(rows[i].end, rows[i].age_s, rows[i].limit_s);

		print_message("  %s\n", rows[i].name);
		assert_int_equal(got.state, rows[i].want.state);
		assert_int_equal(got.anew, rows[i].want.anew);
		if (got.state == JOB_DUE)
			assert_int_equal(got.delay_s, rows[i].want.delay_s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_job_failed_waits_longer_each_time),
		TEST(test_job_failed_says_why),
		TEST(test_job_failed_for),
		TEST(test_job_limited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
