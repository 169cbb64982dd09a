/* sigv4: AWS's own example; tests/doors has others' signatures of any input. */
#include "codec/date.h"
#include "codec/sigv4.h"
#include "testing.h"

/* https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
static void
test_sigv4_presign(void **state)
{
	const struct sigv4_key key = {
		.region = STR("us-east-1"),
		.id = STR("AKIAIOSFODNN7EXAMPLE"),
		.secret = STR("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
	};
	struct sigv4_get get = {
		.host = STR("examplebucket.s3.amazonaws.com"),
		.path = STR("/test.txt"),
		.expires_s = 86400,
	};

	assert_err(date_parse_rfc3339(STR("2013-05-24T00:00:00Z"), &get.now_us),
	    ERR_OK);
	assert_text(sigv4_presign(*state, &key, &get),
	    "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
	    "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1"
	    "%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z"
	    "&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature="
	    "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_sigv4_presign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
