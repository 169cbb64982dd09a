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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_jobs_claim_of_the_own_host),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
