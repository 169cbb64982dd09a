/* digest: published vectors, and lengths that keep parts apart. */
#include "codec/base64.h"
#include "codec/digest.h"
#include "testing.h"

#include <stdio.h>
#include <string.h>

static void
assert_hex(
    struct arena *arena, const unsigned char *bytes, size_t n, const char *want)
{
	assert_text(hex_encode(arena, bytes_of(bytes, n)), want);
}

static void
test_digest_sha256(void **state)
{
	/* https://csrc.nist.gov/projects/cryptographic-algorithm-validation-program */
	unsigned char sum[DIGEST_SHA256_BYTES];

	digest_sha256(STR("abc"), sum);
	assert_hex(*state, sum, sizeof(sum),
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	digest_sha256(STR(""), sum);
	assert_hex(*state, sum, sizeof(sum),
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	digest_sha256(STR_ABSENT, sum);
	assert_hex(*state, sum, sizeof(sum),
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

/* Whatever the pieces, the sum is that of the whole. */
static void
test_digest_pieces(void **state)
{
	struct random r = random_begin();

	for (int i = 0; i < 500; i++) {
		const struct str whole = random_bytes(&r, *state, 500);
		unsigned char want[DIGEST_SHA256_BYTES];
		unsigned char got[DIGEST_SHA256_BYTES];
		struct digest digest;
		size_t at = 0;

		digest_begin(&digest);
		while (at < whole.n) {
			const size_t n = random_below(&r, 100);

			digest_add(&digest, str_slice(whole, at, n));
			at += n;
		}
		digest_end(&digest, got);
		digest_sha256(whole, want);
		assert_memory_equal(got, want, sizeof(got));
	}
}

static void
test_digest_pieces_given_up(void **state)
{
	struct digest digest;

	(void)state;
	digest_begin(&digest);
	digest_add(&digest, STR("abc"));
	digest_end(&digest, NULL);
	assert_null(digest.context);
}

static void
test_digest_hmac_sha256(void **state)
{
	/* https://www.rfc-editor.org/rfc/rfc4231#section-4, cases 2 and 6 */
	unsigned char mac[DIGEST_SHA256_BYTES];
	char key[131];

	digest_hmac_sha256(
	    STR("Jefe"), STR("what do ya want for nothing?"), mac);
	assert_hex(*state, mac, sizeof(mac),
	    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	digest_hmac_sha256(bytes_of(key, sizeof(key)),
	    STR("Test Using Larger Than Block-Size Key - Hash Key First"), mac);
	assert_hex(*state, mac, sizeof(mac),
	    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void
test_digest_hmac_sha1(void **state)
{
	/* https://www.rfc-editor.org/rfc/rfc2202#section-3, cases 2, 3 and 6 */
	unsigned char mac[DIGEST_SHA1_BYTES];
	char key[80];
	char data[50];

	digest_hmac_sha1(STR("Jefe"), STR("what do ya want for nothing?"), mac);
	assert_hex(*state, mac, sizeof(mac),
	    "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
	memset(key, 0xaa, sizeof(key));
	memset(data, 0xdd, sizeof(data));
	digest_hmac_sha1(bytes_of(key, 20), bytes_of(data, 50), mac);
	assert_hex(*state, mac, sizeof(mac),
	    "125d7342b9ac11cd91a39af48aa17b4f63f175d3");
	digest_hmac_sha1(bytes_of(key, sizeof(key)),
	    STR("Test Using Larger Than Block-Size Key - Hash Key First"), mac);
	assert_hex(*state, mac, sizeof(mac),
	    "aa4ae5e15272d00e95705637ce8a3b55ed402112");
	digest_hmac_sha1(STR_ABSENT, STR_ABSENT, mac);
	assert_hex(*state, mac, sizeof(mac),
	    "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d");
}

/* The parts are hashed as 8 bytes of length and the bytes, big end first. */
static void
test_digest_parts(void **state)
{
	static const char flat[] = "\0\0\0\0\0\0\0\2ab"
				   "\0\0\0\0\0\0\0\0"
				   "\0\0\0\0\0\0\1\4";
	const struct str long_part = { arena_alloc(*state, 0x104), 0x104 };
	const struct str parts[] = { STR("ab"), STR_ABSENT, long_part };
	char *const whole = arena_alloc(*state, sizeof(flat) - 1 + 0x104);
	unsigned char got[DIGEST_SHA256_BYTES];
	unsigned char want[DIGEST_SHA256_BYTES];

	memcpy(whole, flat, sizeof(flat) - 1);
	digest_sha256(bytes_of(whole, sizeof(flat) - 1 + 0x104), want);
	digest_parts(parts, ARRAY_LEN(parts), got);
	assert_memory_equal(got, want, sizeof(got));
}

static void
test_digest_parts_are_kept_apart(void **state)
{
	const struct str lists[][3] = {
		{ STR("ab"), STR("c"), STR("") },
		{ STR("a"), STR("bc"), STR("") },
		{ STR("abc"), STR(""), STR("") },
		{ STR(""), STR("abc"), STR("") },
	};
	unsigned char sums[8][DIGEST_SHA256_BYTES];
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		digest_parts(lists[i], 2, sums[n++]);
		digest_parts(lists[i], 3, sums[n++]);
	}
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < i; k++)
			assert_memory_not_equal(
			    sums[i], sums[k], sizeof(sums[i]));
	}
}

static void
test_digest_equal(void **state)
{
	struct random r = random_begin();

	assert_true(digest_equal(STR(""), STR_ABSENT));
	assert_false(digest_equal(STR("a"), STR_ABSENT));
	assert_false(digest_equal(STR("a"), STR("ab")));
	assert_true(digest_equal(STR("a\0b"), STR("a\0b")));
	assert_false(digest_equal(STR("a\0b"), STR("a\0c")));
	digest_init();
	for (int i = 0; i < 1000; i++) {
		const struct str a = random_bytes(&r, *state, 4);
		const struct str b = random_bytes(&r, *state, 4);

		assert_int_equal(digest_equal(a, b), str_eq(a, b));
		assert_true(digest_equal(a, str_copy(*state, a)));
	}
}

static void
test_digest_library_version(void **state)
{
	(void)state;
	assert_true(
	    str_starts(str_of(digest_library_version()), STR("OpenSSL ")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_digest_sha256),
		TEST(test_digest_pieces),
		TEST(test_digest_pieces_given_up),
		TEST(test_digest_hmac_sha256),
		TEST(test_digest_hmac_sha1),
		TEST(test_digest_parts),
		TEST(test_digest_parts_are_kept_apart),
		TEST(test_digest_equal),
		TEST(test_digest_library_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
