/* sessions: sign-ins of the page, from a token to a cookie and out again. */
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/base64.h"
#include "codec/digest.h"
#include "pg_testing.h"
#include "store/sessions.h"
#include "store/tokens.h"
#include "testing.h"

static int
begin(void **state)
{
	if (db_begin(state) != 0)
		return -1;
	(void)db_sql(
	    *state, "TRUNCATE api_tokens, api_sessions RESTART IDENTITY");
	return 0;
}

#define SESSIONS_TEST(function) cmocka_unit_test_setup((function), begin)

static struct str
make_token(const struct db *db, const char *name, unsigned int scopes)
{
	struct str token = STR_ABSENT;

	assert_err(tokens_add(db->pg, db->round, str_of(name), scopes, &token),
	    ERR_OK);
	return token;
}

static struct str
sign_in(const struct db *db, struct str token)
{
	struct str secret = STR_ABSENT;
	struct identity who;

	assert_err(
	    sessions_open(db->pg, db->round, token, in_ms(5000), &secret, &who),
	    ERR_OK);
	return secret;
}

static enum err
find(const struct db *db, struct str secret, struct identity *who)
{
	return sessions_find(db->pg, db->round, secret, in_ms(5000), who);
}

static void
test_sessions_stand_for_their_token(void **state)
{
	const struct db *const db = *state;
	const struct str token =
	    make_token(db, "page", SCOPE_READ | SCOPE_AUDIO);
	const struct str one = sign_in(db, token);
	const struct str two = sign_in(db, token);
	struct identity who;

	assert_int_equal(one.n, 43);
	assert_false(str_eq(one, two));
	assert_err(find(db, one, &who), ERR_OK);
	assert_text(who.name, "page");
	assert_int_equal(who.scopes, SCOPE_READ | SCOPE_AUDIO);
	assert_err(find(db, two, &who), ERR_OK);
}

static void
test_sessions_are_kept_as_digests(void **state)
{
	const struct db *const db = *state;
	const struct str secret =
	    sign_in(db, make_token(db, "page", SCOPE_READ));
	unsigned char sum[DIGEST_SHA256_BYTES];

	digest_sha256(secret, sum);
	assert_str(
	    db_value(db, "SELECT encode(sha256, 'hex') FROM api_sessions"),
	    hex_encode(db->round, bytes_of(sum, sizeof(sum))));
}

static void
test_sessions_of_nobody(void **state)
{
	const struct db *const db = *state;
	const struct str token = make_token(db, "page", SCOPE_READ);
	const struct str secret = sign_in(db, token);
	struct identity who = { .name = STR_INIT("as it was"), .scopes = 99 };
	struct str none = STR("as it was");

	assert_err(find(db, STR_ABSENT, &who), ERR_AUTH);
	assert_err(find(db, STR(""), &who), ERR_AUTH);
	assert_err(find(db, STR("\xff\0'"), &who), ERR_AUTH);
	assert_err(find(db, token, &who), ERR_AUTH);
	assert_err(find(db, str_slice(secret, 0, 42), &who), ERR_AUTH);
	assert_err(find(db, str_format(db->round, "%043d", 7), &who), ERR_AUTH);
	assert_err(
	    sessions_open(db->pg, db->round, secret, in_ms(5000), &none, &who),
	    ERR_AUTH);
	assert_err(
	    sessions_open(db->pg, db->round,
		str_format(db->round, "ml_%043d", 7), in_ms(5000), &none, &who),
	    ERR_AUTH);
	assert_int_equal(who.scopes, 99);
	assert_text(none, "as it was");
	assert_int_equal(db_number(db, "SELECT count(*) FROM api_sessions"), 1);
}

/* By signing out, by the token's end, by time. */
static void
test_sessions_end(void **state)
{
	const struct db *const db = *state;
	const struct str token = make_token(db, "page", SCOPE_READ);
	const struct str closed = sign_in(db, token);
	const struct str over = sign_in(db, token);
	const struct str left = sign_in(db, token);
	struct identity who;

	assert_err(
	    sessions_close(db->pg, db->round, closed, in_ms(5000)), ERR_OK);
	assert_err(
	    sessions_close(db->pg, db->round, closed, in_ms(5000)), ERR_OK);
	assert_err(find(db, closed, &who), ERR_AUTH);
	(void)db_sql(db,
	    str_format(db->round,
		"UPDATE api_sessions SET expires_at = now() "
		"WHERE sha256 = sha256('%.*s')",
		STR_ARG(over))
		.p);
	assert_err(find(db, over, &who), ERR_AUTH);
	assert_err(find(db, left, &who), ERR_OK);
	assert_err(tokens_revoke(db->pg, db->round, STR("page")), ERR_OK);
	assert_err(find(db, left, &who), ERR_AUTH);
	/* The next sign-in sweeps out what is over. */
	(void)sign_in(db, make_token(db, "page", SCOPE_READ));
	assert_int_equal(db_number(db, "SELECT count(*) FROM api_sessions"), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SESSIONS_TEST(test_sessions_stand_for_their_token),
		SESSIONS_TEST(test_sessions_are_kept_as_digests),
		SESSIONS_TEST(test_sessions_of_nobody),
		SESSIONS_TEST(test_sessions_end),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
