/* erasure: which calls are a number's, and where else it stands. */
#include "event_testing.h"
#include "store/erasure.h"

static const struct row {
	const char *name;
	const char *uri, *body;
	char found; /* '+' their call, '-' it mentions them, ' ' it does not */
} spellings[] = {
	{ "as Twilio sends it", "", "From=%2B15550100123", '+' },
	{ "with a plus that became a blank", "", "From=+15550100123", '+' },
	{ "with a blank, escaped", "", "From=%2015550100123", '+' },
	{ "without a plus", "", "From=15550100123&To=x", '+' },
	{ "in small letters", "", "From=%2b15550100123", '+' },
	{ "as a SIP address", "", "From=sip%3A%2B15550100123%40example.com",
	    '+' },
	{ "as Caller alone", "", "Caller=%2B15550100123&From=anonymous", '+' },
	{ "in the screening's URL", "&caller=%2B15550100123",
	    "From=%2B15550100777", '+' },
	{ "who had forwarded the call", "",
	    "From=%2B15550100005&ForwardedFrom=%2B15550100123", '-' },
	{ "said in a message", "",
	    "From=%2B15550100005&TranscriptionText=call+15550100123", '-' },
	{ "a longer number", "", "From=%2B155501001234", ' ' },
	{ "a number that ends alike", "", "From=%2B215550100123", ' ' },
	{ "another one", "", "From=%2B15550100124", ' ' },
};

static void
test_erasure_finds_every_spelling(void **state)
{
	const struct db *const db = *state;

	for (size_t i = 0; i < ARRAY_LEN(spellings); i++) {
		const struct row *const r = &spellings[i];
		const struct request request = {
			str_format(db->round,
			    "/twilio/voice?line=%%2B15550100001%s", r->uri)
			    .p,
			str_format(db->round, "CallSid=" CALL "&%s", r->body).p,
			0,
		};
		struct erasure_call *found;
		size_t n;

		print_message("  %s\n", r->name);
		forget_all(db);
		add_all(db, &request, 1);
		assert_err(erasure_find(db->pg, db->round, STR("15550100123"),
			       &found, &n),
		    ERR_OK);
		assert_int_equal(n, r->found == ' ' ? 0 : 1);
		if (n == 1)
			assert_int_equal(found[0].theirs, r->found == '+');
	}
}

static void
test_erasure_knows_the_flow(void **state)
{
	const struct db *const db = *state;
	int version;

	(void)db_sql(db,
	    "INSERT INTO flows (published_by, document) VALUES "
	    "('x', '{\"number\":\"+15550100777\"}'), ('x', '{}')");
	assert_err(
	    erasure_flow_with(db->pg, db->round, STR("15550100777"), &version),
	    ERR_OK);
	assert_int_equal(version, 1);
	assert_err(
	    erasure_flow_with(db->pg, db->round, STR("5550100777"), &version),
	    ERR_NOT_FOUND);
}

static void
test_erasure_calls_of(void **state)
{
	const struct db *const db = *state;
	const struct request request = { "/twilio/voice?line=%2B15550100001",
		OWN "&CallStatus=ringing", 0 };
	struct erasure_call *found;
	size_t n;

	forget_all(db);
	add_all(db, &request, 1);
	assert_err(erasure_calls_of(
		       db->pg, db->round, STR(CALL), in_ms(1000), &found, &n),
	    ERR_OK);
	assert_int_equal(n, 1);
	assert_true(found[0].seen_us > 0);
	assert_true(str_is_empty(found[0].outcome));
	assert_string_equal(found[0].line.p, LINE);
	assert_err(erasure_calls_of(
		       db->pg, db->round, STR(LEG), in_ms(1000), &found, &n),
	    ERR_NOT_FOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_erasure_finds_every_spelling),
		DB_TEST(test_erasure_knows_the_flow),
		DB_TEST(test_erasure_calls_of),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
