/* rest_account: what is asked about the account, and what the answers say. */
#include "testing.h"
#include "twilio/rest_account.h"

#define AC STR("AC0123456789abcdef0123456789abcdef")
#define BELOW "/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef"

static void
test_rest_account_paths(void **state)
{
	assert_text(rest_account_path(*state, AC), BELOW ".json");
	assert_text(rest_caller_id_path(*state, AC, STR("+15550100777")),
	    BELOW "/OutgoingCallerIds.json?PhoneNumber=%2B15550100777");
	assert_text(rest_newest_recordings_path(*state, AC),
	    BELOW "/Recordings.json?PageSize=20");
	assert_text(rest_countries_url(*state, STR("https://api.twilio.com"),
			STR("+447700900123")),
	    "https://voice.twilio.com/v1/DialingPermissions/Countries"
	    "?CountryCode=44&PageSize=100");
	assert_text(rest_countries_url(
			*state, STR("http://127.0.0.1:9"), STR("+15550100777")),
	    "http://127.0.0.1:9/v1/DialingPermissions/Countries"
	    "?CountryCode=1&PageSize=100");
}

static void
test_rest_calling_code(void **state)
{
	static const struct {
		const char *number, *want;
	} rows[] = {
		{ "+15550100777", "1" },
		{ "+79161234567", "7" },
		{ "+201234567", "20" },
		{ "+989123456789", "98" },
		{ "+33199004127", "33" },
		{ "+353861234567", "353" },
		{ "+8801712345678", "880" },
		{ "+12", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_text(
		    rest_calling_code(str_of(rows[i].number)), rows[i].want);
}

static void
test_rest_account_read(void **state)
{
	struct rest_account account;

	assert_err(
	    rest_account_read(*state,
		STR("{\"status\":\"active\",\"type\":\"Full\"}"), &account),
	    ERR_OK);
	assert_int_equal(account.status, ACCOUNT_ACTIVE);
	assert_false(account.is_trial);
	assert_err(
	    rest_account_read(*state,
		STR("{\"status\":\"suspended\",\"type\":\"Trial\"}"), &account),
	    ERR_OK);
	assert_int_equal(account.status, ACCOUNT_SUSPENDED);
	assert_true(account.is_trial);
	assert_err(
	    rest_account_read(*state, STR("{\"status\":\"closed\"}"), &account),
	    ERR_OK);
	assert_int_equal(account.status, ACCOUNT_CLOSED);
	assert_err(rest_account_read(*state, STR("{}"), &account), ERR_INPUT);
	assert_err(
	    rest_account_read(*state, STR("<html>"), &account), ERR_INPUT);
}

static void
test_rest_caller_id_read(void **state)
{
	const struct str json =
	    STR("{\"outgoing_caller_ids\":[5,{\"phone_number\":\"+15550100777\""
		"}]}");
	bool is_there = false;

	assert_err(
	    rest_caller_id_read(*state, json, STR("+15550100777"), &is_there),
	    ERR_OK);
	assert_true(is_there);
	assert_err(
	    rest_caller_id_read(*state, json, STR("+15550100778"), &is_there),
	    ERR_OK);
	assert_false(is_there);
	assert_err(rest_caller_id_read(*state, STR("[]"), STR("+1"), &is_there),
	    ERR_INPUT);
}

static void
test_rest_countries_read(void **state)
{
	struct rest_countries found;

	assert_err(
	    rest_countries_read(*state,
		STR("{\"content\":[{\"name\":\"A\","
		    "\"low_risk_numbers_enabled\":false},{\"name\":\"B\","
		    "\"low_risk_numbers_enabled\":true}]}"),
		&found),
	    ERR_OK);
	assert_int_equal(found.n, 2);
	assert_true(found.is_open);
	assert_text(found.name, "A");
	assert_err(rest_countries_read(
		       *state, STR("{\"content\":[{\"name\":\"A\"}]}"), &found),
	    ERR_OK);
	assert_false(found.is_open);
	assert_err(rest_countries_read(*state, STR("{\"content\":{}}"), &found),
	    ERR_INPUT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_rest_account_paths),
		TEST(test_rest_calling_code),
		TEST(test_rest_account_read),
		TEST(test_rest_caller_id_read),
		TEST(test_rest_countries_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
