/* tokens: made once, kept as a digest, revoked for ever. */
#include "pg_testing.h"
#include "store/tokens.h"

#include "codec/base64.h"
#include "codec/digest.h"

static int
begin(void **state)
{
	if (db_begin(state) != 0)
		return -1;
	(void)db_sql(*state, "TRUNCATE api_tokens RESTART IDENTITY CASCADE");
	return 0;
}

#define TOKENS_TEST(function) cmocka_unit_test_setup((function), begin)

static struct str
make(const struct db *db, const char *name, unsigned int scopes)
{
	struct str token = STR_ABSENT;

	assert_err(tokens_add(db->pg, db->round, str_of(name), scopes, &token),
	    ERR_OK);
	return token;
}

static enum err
find(const struct db *db, struct str token, unsigned int *scopes)
{
	struct identity who = { .name = STR_INIT("nobody"), .scopes = 99 };
	const enum err e =
	    tokens_find(db->pg, db->round, token, in_ms(5000), &who);

	if (e == ERR_OK)
		*scopes = who.scopes;
	return e;
}

static void
test_tokens_add(void **state)
{
	const struct db *const db = *state;
	const struct str token = make(db, "page", SCOPE_READ | SCOPE_AUDIO);
	struct str bytes;

	assert_int_equal(token.n, 46);
	assert_true(str_starts(token, STR("ml_")));
	assert_err(
	    base64url_decode(db->round, str_slice(token, 3, token.n), &bytes),
	    ERR_OK);
	assert_int_equal(bytes.n, 32);
	assert_false(str_eq(token, make(db, "other", SCOPE_READ)));
}

/* Of the token itself nothing is kept but its digest. */
static void
test_tokens_are_kept_as_digests(void **state)
{
	const struct db *const db = *state;
	const struct str token = make(db, "page", SCOPE_READ);
	unsigned char sum[DIGEST_SHA256_BYTES];

	digest_sha256(token, sum);
	assert_str(db_value(db, "SELECT encode(sha256, 'hex') FROM api_tokens"),
	    hex_encode(db->round, bytes_of(sum, sizeof(sum))));
	assert_int_equal(db_number(db,
			     str_format(db->round,
				 "SELECT count(*) FROM api_tokens t "
				 "WHERE t::text LIKE '%%%.*s%%'",
				 STR_ARG(str_slice(token, 3, 20)))
				 .p),
	    0);
	assert_false(str_holds(db_said(db), "ml_"));
}

static void
test_tokens_find(void **state)
{
	const struct db *const db = *state;
	unsigned int scopes = 99;

	for (unsigned int wanted = 1; wanted < 16; wanted++) {
		const struct str token =
		    make(db, str_format(db->round, "t%u", wanted).p, wanted);

		assert_err(find(db, token, &scopes), ERR_OK);
		assert_int_equal(scopes, wanted);
	}
	scopes = 99;
	assert_err(find(db, STR("ml_nobody"), &scopes), ERR_AUTH);
	assert_err(find(db, STR(""), &scopes), ERR_AUTH);
	assert_err(find(db, STR_ABSENT, &scopes), ERR_AUTH);
	assert_err(find(db, STR("\xff\0'"), &scopes), ERR_AUTH);
	assert_err(
	    find(db, str_format(db->round, "ml_%0200d", 7), &scopes), ERR_AUTH);
	assert_int_equal(scopes, 99);
}

static void
test_tokens_remember_their_use(void **state)
{
	const struct db *const db = *state;
	const struct str token = make(db, "page", SCOPE_READ);
	struct tokens_row *rows;
	unsigned int scopes;
	struct str written;
	size_t n;

	assert_err(tokens_list(db->pg, db->round, &rows, &n), ERR_OK);
	assert_absent(rows[0].last_used_on);
	assert_err(find(db, token, &scopes), ERR_OK);
	assert_err(tokens_list(db->pg, db->round, &rows, &n), ERR_OK);
	assert_int_equal(rows[0].last_used_on.n, 10);
	/* Written once a day, not once a request. */
	written = db_value(db, "SELECT xmin FROM api_tokens");
	assert_err(find(db, token, &scopes), ERR_OK);
	assert_str(db_value(db, "SELECT xmin FROM api_tokens"), written);
}

static void
test_tokens_list(void **state)
{
	const struct db *const db = *state;
	struct tokens_row *rows;
	size_t n;

	(void)make(db, "one", SCOPE_ADMIN);
	(void)make(db, "two", SCOPE_AUDIO | SCOPE_READ);
	assert_err(tokens_revoke(db->pg, db->round, STR("one")), ERR_OK);
	assert_err(tokens_list(db->pg, db->round, &rows, &n), ERR_OK);
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].id, 1);
	assert_text(rows[0].name, "one");
	assert_text(rows[0].scopes, "admin");
	assert_true(rows[0].revoked_us >= rows[0].created_us);
	assert_text(rows[1].name, "two");
	assert_text(rows[1].scopes, "read,audio");
	assert_int_equal(rows[1].revoked_us, -1);
}

static void
test_tokens_revoke(void **state)
{
	const struct db *const db = *state;
	const struct str one = make(db, "one", SCOPE_READ);
	const struct str two = make(db, "two", SCOPE_READ);
	unsigned int scopes;

	assert_err(tokens_revoke(db->pg, db->round, STR("one")), ERR_OK);
	assert_err(find(db, one, &scopes), ERR_AUTH);
	assert_err(find(db, two, &scopes), ERR_OK);
	assert_err(tokens_revoke(db->pg, db->round, STR("one")), ERR_NOT_FOUND);
	assert_err(tokens_revoke(db->pg, db->round, STR("2")), ERR_OK);
	assert_err(find(db, two, &scopes), ERR_AUTH);
	assert_err(tokens_revoke(db->pg, db->round, STR("x")), ERR_NOT_FOUND);
	assert_err(
	    tokens_revoke(db->pg, db->round, STR("99999999999999999999")),
	    ERR_NOT_FOUND);
	/* Its name is free again. */
	assert_err(find(db, make(db, "one", SCOPE_READ), &scopes), ERR_OK);
}

/* One is meant, not one by its number and another by its name. */
static void
test_tokens_revoke_one(void **state)
{
	const struct db *const db = *state;

	(void)make(db, "2", SCOPE_READ);
	(void)make(db, "other", SCOPE_READ); /* number 2 */
	assert_err(tokens_revoke(db->pg, db->round, STR("2")), ERR_OK);
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM api_tokens "
			     "WHERE revoked_at IS NOT NULL"),
	    1);
}

static void
test_tokens_add_twice(void **state)
{
	const struct db *const db = *state;
	struct str token = STR("untouched");

	(void)make(db, "page", SCOPE_READ);
	assert_err(
	    tokens_add(db->pg, db->round, STR("page"), SCOPE_READ, &token),
	    ERR_CONFLICT);
	assert_text(token, "untouched");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOKENS_TEST(test_tokens_add),
		TOKENS_TEST(test_tokens_are_kept_as_digests),
		TOKENS_TEST(test_tokens_find),
		TOKENS_TEST(test_tokens_remember_their_use),
		TOKENS_TEST(test_tokens_list),
		TOKENS_TEST(test_tokens_revoke),
		TOKENS_TEST(test_tokens_revoke_one),
		TOKENS_TEST(test_tokens_add_twice),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
