/* base64 and hex: the vectors of RFC 4648, round trips, and nothing but what
 * the encoder writes is read. */
#include "codec/base64.h"
#include "testing.h"

#include <string.h>

/* https://www.rfc-editor.org/rfc/rfc4648#section-10 */
static const struct row {
	struct str bytes;
	const char *base64, *base64url, *hex;
} rows[] = {
	{ STR_INIT(""), "", "", "" },
	{ STR_INIT("f"), "Zg==", "Zg", "66" },
	{ STR_INIT("fo"), "Zm8=", "Zm8", "666f" },
	{ STR_INIT("foo"), "Zm9v", "Zm9v", "666f6f" },
	{ STR_INIT("foob"), "Zm9vYg==", "Zm9vYg", "666f6f62" },
	{ STR_INIT("fooba"), "Zm9vYmE=", "Zm9vYmE", "666f6f6261" },
	{ STR_INIT("foobar"), "Zm9vYmFy", "Zm9vYmFy", "666f6f626172" },
	{ STR_INIT("\xfb\xff\xbf\0"), "+/+/AA==", "-_-_AA", "fbffbf00" },
};

static void
test_base64_vectors(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *const r = &rows[i];
		struct str back;

		assert_text(base64_encode(*state, r->bytes), r->base64);
		assert_text(base64url_encode(*state, r->bytes), r->base64url);
		assert_text(hex_encode(*state, r->bytes), r->hex);
		assert_err(
		    base64url_decode(*state, str_of(r->base64url), &back),
		    ERR_OK);
		assert_str(back, r->bytes);
		assert_err(
		    base64_decode(*state, str_of(r->base64), &back), ERR_OK);
		assert_str(back, r->bytes);
		assert_err(hex_decode(*state, str_of(r->hex), &back), ERR_OK);
		assert_str(back, r->bytes);
	}
}

static void
test_base64_round_trip(void **state)
{
	struct random r = random_begin();

	for (int i = 0; i < 3000; i++) {
		const struct str bytes = random_bytes(&r, *state, 80);
		const struct str text = base64url_encode(*state, bytes);
		struct str back;

		assert_int_equal(text.n, (bytes.n * 8 + 5) / 6);
		assert_int_equal(
		    base64_encode(*state, bytes).n, (bytes.n + 2) / 3 * 4);
		assert_err(base64url_decode(*state, text, &back), ERR_OK);
		assert_str(back, bytes);
		assert_err(hex_decode(*state, hex_encode(*state, bytes), &back),
		    ERR_OK);
		assert_str(back, bytes);
		arena_reset(*state);
	}
}

/* A text that is read is the one that the bytes are written as. */
static void
check_canonical(struct arena *arena, struct str text)
{
	struct str bytes = STR("untouched");

	if (base64url_decode(arena, text, &bytes) == ERR_OK)
		assert_str(base64url_encode(arena, bytes), text);
	else
		assert_text(bytes, "untouched");
}

static void
test_base64url_decode_is_strict(void **state)
{
	static const char *const refused[] = { "Zg==", "Z", "Zh", "Zm9", "Z g",
		"Zm9v\n", "Zm+v", "Zm/v", "Zm9vY", "Zm\303v" };
	static const char alphabet[] = "AQgw-_9=+/ z";
	struct str out;

	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		assert_err(base64url_decode(*state, str_of(refused[i]), &out),
		    ERR_INPUT);
	assert_err(base64url_decode(*state, STR("Zm\0v"), &out), ERR_INPUT);
	assert_err(base64url_decode(*state, STR("Zm8\0"), &out), ERR_INPUT);
	for (size_t i = 0; i < 12 * 12 * 12 * 12; i++) {
		const char text[] = { alphabet[i % 12], alphabet[i / 12 % 12],
			alphabet[i / 144 % 12], alphabet[i / 1728] };

		for (size_t n = 0; n <= sizeof(text); n++)
			check_canonical(*state, bytes_of(text, n));
		arena_reset(*state);
	}
}

static void
test_base64_decode_is_strict(void **state)
{
	static const char *const wrong[] = { "Zg", "Zg=", "Zm8", "Zm8==", "=",
		"==", "====", "A===", "Zh==", "Zm9=", "Zg==Zg==", "Z=g=",
		"Zm9v ", " Zm9v", "Zm9v\n", "-_-_AA==", "Zm9v====" };
	struct str out;

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		print_message("  %s\n", wrong[i]);
		assert_err(
		    base64_decode(*state, str_of(wrong[i]), &out), ERR_INPUT);
	}
	assert_err(base64_decode(*state, STR("Zm\0v"), &out), ERR_INPUT);
}

static void
test_hex_decode_is_strict(void **state)
{
	static const char *const refused[] = { "0", "abc", "0g", "g0", "0x12",
		" 0", "0 ", "-1" };
	struct str out = STR("untouched");

	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		assert_err(
		    hex_decode(*state, str_of(refused[i]), &out), ERR_INPUT);
	assert_text(out, "untouched");
	assert_err(hex_decode(*state, STR("aBCdEf"), &out), ERR_OK);
	assert_text(out, "\xab\xcd\xef");
}

static void
test_hex_digit(void **state)
{
	static const char digits[] = "0123456789abcdef";

	(void)state;
	for (int c = 0; c < 256; c++) {
		const int lower = c >= 'A' && c <= 'F' ? c + 32 : c;
		const char *const at =
		    lower == 0 ? NULL : strchr(digits, (char)lower);

		assert_int_equal(hex_digit((char)c),
		    at == NULL || lower > 127 ? -1 : at - digits);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_base64_vectors),
		TEST(test_base64_round_trip),
		TEST(test_base64url_decode_is_strict),
		TEST(test_base64_decode_is_strict),
		TEST(test_hex_decode_is_strict),
		TEST(test_hex_digit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
