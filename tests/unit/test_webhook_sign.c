/*
 * webhook_sign: the example of the convention; tests/doors verifies signatures
 * of any body with its official library.
 */
#include "codec/base64.h"
#include "codec/webhook_sign.h"
#include "testing.h"

/* https://github.com/standard-webhooks/standard-webhooks, its libraries' test */
#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

static void
test_webhook_sign(void **state)
{
	const struct webhook_message message = {
		.id = STR("msg_p5jXN8AQM9LWM0D4loKWxJek"),
		.timestamp_s = 1614265330,
		.body = STR("{\"test\": 2432232314}"),
	};
	struct str key;

	assert_err(webhook_secret_parse(*state, STR(SECRET), &key), ERR_OK);
	assert_text(webhook_sign(*state, key, &message),
	    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

static void
test_webhook_sign_bytes(void **state)
{
	const struct webhook_message whole = { STR("a"), 1, STR("b\0c") };
	const struct webhook_message cut = { STR("a"), 1, STR("b") };
	const struct webhook_message empty = { STR("a"), 1, STR_ABSENT };
	struct str key;

	assert_err(webhook_secret_parse(*state, STR(SECRET), &key), ERR_OK);
	assert_false(str_eq(webhook_sign(*state, key, &whole),
	    webhook_sign(*state, key, &cut)));
	assert_int_equal(webhook_sign(*state, key, &empty).n, 47);
}

static void
test_webhook_secret_parse(void **state)
{
	static const char *const refused[] = {
		"",
		"whsec_",
		"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
		"WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",  /* cut */
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa==", /* 23 bytes */
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa-_", /* for URLs */
		"whsec_ MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
	};
	struct random r = random_begin();
	struct str key = STR("left alone");

	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		print_message("  %s\n", refused[i]);
		assert_err(
		    webhook_secret_parse(*state, str_of(refused[i]), &key),
		    ERR_INPUT);
		assert_text(key, "left alone");
	}
	for (size_t n = 0; n < 80; n++) {
		char bytes[80];
		struct str text;

		for (size_t i = 0; i < n; i++)
			bytes[i] = (char)random_below(&r, 256);
		text = base64_encode(*state, bytes_of(bytes, n));
		text = str_format(*state, "whsec_%.*s", STR_ARG(text));
		assert_err(webhook_secret_parse(*state, text, &key),
		    n >= 24 && n <= 64 ? ERR_OK : ERR_INPUT);
		if (n >= 24 && n <= 64)
			assert_str(key, bytes_of(bytes, n));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_webhook_sign),
		TEST(test_webhook_sign_bytes),
		TEST(test_webhook_secret_parse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
