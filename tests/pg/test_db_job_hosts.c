/* jobs: what each host does for itself, and no other for it. */
#include "pg_testing.h"
#include "store/jobs.h"

/* Each writes a file of its own; nobody does it for another. */
static void
test_jobs_claim_of_the_own_host(void **state)
{
	const struct db *const db = *state;
	struct job job;

	(void)db_sql(db,
	    "INSERT INTO jobs (line, call_sid, kind, channel, due_at) VALUES "
	    "('', '', 'snapshot', 'a:/var', now() - interval '2 minutes'), "
	    "('', '', 'snapshot', 'b:/v_r%', now() - interval '9 minutes'), "
	    "('', '', 'snapshot', 'c:/var', now() - interval '11 minutes')");
	assert_err(jobs_claim(db->pg, db->round, "a#1", &job), ERR_NOT_FOUND);
	assert_err(jobs_claim(db->pg, db->round, "a:/var#1", &job), ERR_OK);
	assert_text(job.key.channel, "a:/var");
	assert_err(
	    jobs_claim(db->pg, db->round, "a:/var#2", &job), ERR_NOT_FOUND);
	assert_err(
	    jobs_claim(db->pg, db->round, "b:/var%#1", &job), ERR_NOT_FOUND);
	assert_err(jobs_claim(db->pg, db->round, "b:/v_r%#16", &job), ERR_OK);
	assert_text(job.key.channel, "b:/v_r%");
	/* c has not been there for a while. */
	assert_err(jobs_forget_hosts(db->pg, db->round), ERR_OK);
	assert_int_equal(db_number(db, "SELECT count(*) FROM jobs"), 2);
}

/* Who was kept from it, by a database that was away, is not forgotten. */
static void
test_jobs_of_a_host_that_comes_back(void **state)
{
	const struct db *const db = *state;
	const struct job_key b = { STR(""), STR(""), STR("snapshot"),
		STR("b:/var") };
	const struct job_end again = {
		.state = JOB_DUE, .delay_s = 5, .anew = true
	};
	struct job job;

	(void)db_sql(db, "DELETE FROM jobs");
	(void)db_sql(db,
	    "INSERT INTO jobs (line, call_sid, kind, channel, due_at) VALUES "
	    "('', '', 'snapshot', 'a:/var', now() - interval '20 minutes'), "
	    "('', '', 'snapshot', 'b:/var', now() - interval '20 minutes')");
	assert_err(jobs_add_own(db->pg, db->round, &b), ERR_OK);
	assert_err(jobs_claim(db->pg, db->round, "a:/var#1", &job), ERR_OK);
	assert_err(jobs_forget_hosts(db->pg, db->round), ERR_OK);
	assert_err(
	    jobs_end(db->pg, db->round, "a:/var#1", &job, &again), ERR_OK);
	assert_int_equal(db_number(db, "SELECT count(*) FROM jobs"), 2);
	assert_err(jobs_claim(db->pg, db->round, "b:/var#1", &job), ERR_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_jobs_claim_of_the_own_host),
		DB_TEST(test_jobs_of_a_host_that_comes_back),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
