/* password: kept as argon2id, and looked at again. */
#include "base/clock.h"
#include "io/password.h"
#include "testing.h"

#include <stdint.h>

static struct str
hash_of(void **state, const char *password)
{
	struct str hash = STR_ABSENT;

	assert_err(password_hash(*state, str_of(password), &hash), ERR_OK);
	return hash;
}

static void
test_password_verify(void **state)
{
	const struct str hash = hash_of(state, "correct horse battery");

	assert_true(str_starts(hash, STR("$argon2id$v=19$m=19456,t=2,p=1$")));
	assert_err(password_verify(*state, STR("correct horse battery"), hash),
	    ERR_OK);
	assert_err(password_verify(*state, STR("Correct horse battery"), hash),
	    ERR_AUTH);
	assert_err(password_verify(*state, STR(""), hash), ERR_AUTH);
	assert_err(
	    password_verify(*state, STR("correct horse battery\0x"), hash),
	    ERR_AUTH);
}

/* Two of the same password tell nobody that they are. */
static void
test_password_hash_has_a_salt(void **state)
{
	assert_false(
	    str_eq(hash_of(state, "the same"), hash_of(state, "the same")));
}

static int64_t
cost_ms(void **state, struct str hash)
{
	const int64_t began = clock_mono_ms();

	assert_err(password_verify(*state, STR("wrong"), hash), ERR_AUTH);
	return clock_mono_ms() - began;
}

/* Whom we do not know is refused as slowly as whom we know. */
static void
test_password_of_nobody(void **state)
{
	const struct str hash = hash_of(state, "correct horse battery");
	int64_t known = INT64_MAX;
	int64_t unknown = INT64_MAX;

	/* The shortest of several: what else the machine does is not in it. */
	for (int i = 0; i < 10; i++) {
		const int64_t a = cost_ms(state, hash);
		const int64_t b = cost_ms(state, STR_ABSENT);

		known = a < known ? a : known;
		unknown = b < unknown ? b : unknown;
	}
	print_message("  a look: %lld ms, of nobody %lld ms\n",
	    (long long)known, (long long)unknown);
	assert_true(known > 0);
	assert_true(unknown * 2 > known && known * 2 > unknown);
	assert_err(password_verify(*state, STR(""), STR("")), ERR_AUTH);
}

/* What is no hash lets nobody in, and is worth making anew. */
static void
test_password_of_nonsense(void **state)
{
	static const char *const nonsense[] = { "x", "$argon2id$",
		"$argon2id$v=19$m=19456,t=2,p=1$$", "correct horse battery" };

	for (size_t i = 0; i < ARRAY_LEN(nonsense); i++) {
		const struct str hash = str_of(nonsense[i]);

		assert_err(
		    password_verify(*state, STR("correct horse battery"), hash),
		    ERR_AUTH);
		assert_true(password_is_stale(*state, hash));
	}
}

static void
test_password_is_stale(void **state)
{
	/* As another program made it, at a lower cost. */
	static const char older[] =
	    "$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21lc2FsdA"
	    "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

	assert_false(password_is_stale(*state, hash_of(state, "new")));
	assert_true(password_is_stale(*state, str_of(older)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_password_verify),
		TEST(test_password_hash_has_a_salt),
		TEST(test_password_of_nobody),
		TEST(test_password_of_nonsense),
		TEST(test_password_is_stale),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
