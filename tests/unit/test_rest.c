/* rest: URLs of Twilio's REST API. */
#include "base/str.h"
#include "testing.h"
#include "twilio/rest.h"

static void
test_rest_recording_media(void **state)
{
	assert_text(rest_recording_media(*state, STR("https://api.twilio.com"),
			STR("AC1"), STR("RE2"), STR(".mp3")),
	    "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/"
	    "RE2.mp3");
}

static void
test_rest_recording(void **state)
{
	assert_text(rest_recording(*state, STR("https://api.twilio.com"),
			STR("AC1"), STR("RE2")),
	    "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/"
	    "RE2.json");
}

static void
test_rest_call(void **state)
{
	assert_text(rest_call(*state, STR("https://api.twilio.com"), STR("AC1"),
			STR("CA2")),
	    "https://api.twilio.com/2010-04-01/Accounts/AC1/Calls/CA2.json");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_rest_recording_media),
		TEST(test_rest_recording),
		TEST(test_rest_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
