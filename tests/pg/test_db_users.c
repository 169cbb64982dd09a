/* users: made, listed, given a role, a link and a password, removed. */
#include "base/err.h"
#include "base/str.h"
#include "codec/base64.h"
#include "codec/digest.h"
#include "io/password.h"
#include "pg_testing.h"
#include "store/identity.h"
#include "store/sessions.h"
#include "store/sign_in.h"
#include "store/tokens.h"
#include "store/users.h"
#include "testing.h"

static int
begin(void **state)
{
	if (db_begin(state) != 0)
		return -1;
	(void)db_sql(*state,
	    "TRUNCATE users, sign_in_failures, api_tokens RESTART IDENTITY "
	    "CASCADE");
	return 0;
}

#define USERS_TEST(function) cmocka_unit_test_setup((function), begin)

/* Makes a user; gives the link's secret, absent with a password. */
static struct str
add(const struct db *db, const char *name, enum role role, const char *hash)
{
	const struct users_new user = {
		.name = str_of(name),
		.role = role,
		.password = str_of(hash),
	};
	struct str link = STR("as it was");

	assert_err(users_add(db->pg, db->round, &user, &link), ERR_OK);
	return link;
}

static enum err
by_link(const struct db *db, struct str link, struct sign_in *out)
{
	return sign_in_by_link(db->pg, db->round, link, in_ms(5000), out);
}

static enum err
find(const struct db *db, struct str secret, struct identity *who)
{
	return sessions_find(db->pg, db->round, secret, in_ms(5000), who);
}

static void
test_users_of_one_name(void **state)
{
	const struct db *const db = *state;
	const struct users_new again = {
		.name = STR_INIT("ANNA"),
		.role = ROLE_ADMIN,
	};
	struct str link = STR("as it was");
	struct users_id id;

	(void)add(db, "Anna", ROLE_READER, "hash");
	assert_err(users_add(db->pg, db->round, &again, &link), ERR_CONFLICT);
	assert_text(link, "as it was");
	assert_int_equal(db_number(db, "SELECT count(*) FROM user_links"), 0);
	assert_err(users_find(db->pg, db->round, STR("aNNa"), &id), ERR_OK);
	assert_text(id.name, "Anna");
	assert_err(
	    users_find(db->pg, db->round, STR("An"), &id), ERR_NOT_FOUND);
}

static void
test_users_list(void **state)
{
	const struct db *const db = *state;
	struct users_row *rows;
	size_t n;

	(void)add(db, "bob", ROLE_AGENT, NULL);
	(void)add(db, "Anna", ROLE_ADMIN, "hash");
	(void)add(db, "carl", ROLE_READER, "hash");
	(void)db_sql(db,
	    "INSERT INTO sign_in_failures VALUES "
	    "(sha256('carl'), 5, now(), '2100-01-01 00:00:00Z'), "
	    "(sha256('bob'), 5, now(), '2020-01-01 00:00:00Z')");
	(void)db_sql(db,
	    "UPDATE users SET last_seen_on = '2026-11-22' WHERE name = 'bob'");
	assert_err(
	    users_list(db->pg, db->round, in_ms(5000), &rows, &n), ERR_OK);
	assert_int_equal(n, 3);
	assert_text(rows[0].name, "Anna");
	assert_text(rows[0].role, "admin");
	assert_true(rows[0].has_password);
	assert_null(rows[0].last_seen_on.p);
	assert_true(rows[0].created_us > 0);
	assert_text(rows[1].name, "bob");
	assert_false(rows[1].has_password);
	assert_text(rows[1].last_seen_on, "2026-11-22");
	assert_int_equal(rows[1].locked_until_us, -1);
	assert_int_equal(rows[2].locked_until_us, 4102444800000000);
}

/* It works once, and only the newest does. */
static void
test_users_link(void **state)
{
	const struct db *const db = *state;
	const struct str first = add(db, "anna", ROLE_AGENT, NULL);
	struct sign_in in;
	struct identity who;
	struct str second;

	assert_int_equal(first.n, 43);
	assert_err(users_link(db->pg, db->round, STR("Anna"), &second), ERR_OK);
	assert_err(by_link(db, first, &in), ERR_AUTH);
	assert_err(by_link(db, second, &in), ERR_OK);
	assert_text(in.who.name, "anna");
	assert_int_equal(in.who.role, ROLE_AGENT);
	assert_int_equal(in.who.scopes, SCOPE_READ | SCOPE_AUDIO | SCOPE_MARK);
	assert_true(in.who.password_wanted && in.who.by_link);
	assert_err(find(db, in.secret, &who), ERR_OK);
	assert_true(who.password_wanted && who.by_link);
	assert_true(who.user_id > 0);
	assert_err(by_link(db, second, &in), ERR_AUTH);
	assert_int_equal(db_number(db, "SELECT count(*) FROM api_sessions"), 1);
	assert_err(
	    users_link(db->pg, db->round, STR("bob"), &second), ERR_NOT_FOUND);
}

static void
test_users_link_is_kept_as_a_digest(void **state)
{
	const struct db *const db = *state;
	const struct str link = add(db, "anna", ROLE_AGENT, NULL);
	unsigned char sum[DIGEST_SHA256_BYTES];

	digest_sha256(link, sum);
	assert_str(db_value(db, "SELECT encode(sha256, 'hex') FROM user_links"),
	    hex_encode(db->round, bytes_of(sum, sizeof(sum))));
	assert_int_equal(
	    db_number(db,
		"SELECT extract(epoch FROM expires_at - created_at) "
		"FROM user_links"),
	    24 * 60 * 60);
}

static void
test_users_link_of_nobody(void **state)
{
	const struct db *const db = *state;
	const struct str link = add(db, "anna", ROLE_AGENT, NULL);
	struct sign_in in = { .secret = STR_INIT("as it was") };

	assert_err(by_link(db, STR_ABSENT, &in), ERR_AUTH);
	assert_err(by_link(db, STR(""), &in), ERR_AUTH);
	assert_err(by_link(db, STR("\xff\0'"), &in), ERR_AUTH);
	assert_err(by_link(db, str_slice(link, 0, 42), &in), ERR_AUTH);
	(void)db_sql(db, "UPDATE user_links SET expires_at = now()");
	assert_err(by_link(db, link, &in), ERR_AUTH);
	assert_text(in.secret, "as it was");
	assert_int_equal(db_number(db, "SELECT count(*) FROM user_links"), 0);
}

/* A quarter of an hour after a link, a password asks for the one before. */
static void
test_users_link_is_fresh_for_a_while(void **state)
{
	const struct db *const db = *state;
	struct sign_in in;
	struct identity who;

	assert_err(by_link(db, add(db, "anna", ROLE_AGENT, NULL), &in), ERR_OK);
	(void)db_sql(db,
	    "UPDATE api_sessions SET created_at = now() - interval '14 min'");
	assert_err(find(db, in.secret, &who), ERR_OK);
	assert_true(who.by_link && who.password_wanted);
	(void)db_sql(db,
	    "UPDATE api_sessions SET created_at = now() - interval '15 min'");
	assert_err(find(db, in.secret, &who), ERR_OK);
	assert_false(who.by_link || who.password_wanted);
}

/* What a role may do is looked up at each request. */
static void
test_users_role_acts_at_once(void **state)
{
	static const enum role roles[] = { ROLE_ADMIN, ROLE_READER,
		ROLE_AGENT };
	const struct db *const db = *state;
	struct sign_in in;
	struct identity who;

	assert_err(by_link(db, add(db, "anna", ROLE_AGENT, NULL), &in), ERR_OK);
	for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
		assert_err(
		    users_set_role(db->pg, db->round, STR("Anna"), roles[i]),
		    ERR_OK);
		assert_err(find(db, in.secret, &who), ERR_OK);
		assert_int_equal(who.role, roles[i]);
		assert_int_equal(who.scopes, role_scopes(roles[i]));
	}
	assert_err(users_set_role(db->pg, db->round, STR("bob"), ROLE_READER),
	    ERR_NOT_FOUND);
}

/* The session that chose it stays; the others, the link and the lock go. */
static void
test_users_set_password(void **state)
{
	const struct db *const db = *state;
	struct sign_in kept;
	struct sign_in other;
	struct sign_in bobs;
	struct identity who;
	struct str link;
	struct users_password new = { .hash = STR_INIT("new") };

	assert_err(
	    by_link(db, add(db, "anna", ROLE_AGENT, NULL), &kept), ERR_OK);
	assert_err(
	    by_link(db, add(db, "bob", ROLE_AGENT, NULL), &bobs), ERR_OK);
	assert_err(users_link(db->pg, db->round, STR("anna"), &link), ERR_OK);
	assert_err(by_link(db, link, &other), ERR_OK);
	assert_err(users_link(db->pg, db->round, STR("anna"), &link), ERR_OK);
	(void)db_sql(db,
	    "INSERT INTO sign_in_failures VALUES (sha256('anna'), 9, now())");
	new.user_id = kept.who.user_id;
	new.session = kept.secret;
	assert_err(
	    users_set_password(db->pg, db->round, &new, in_ms(5000)), ERR_OK);
	assert_err(find(db, kept.secret, &who), ERR_OK);
	assert_false(who.password_wanted);
	assert_err(find(db, other.secret, &who), ERR_AUTH);
	assert_err(find(db, bobs.secret, &who), ERR_OK);
	assert_err(by_link(db, link, &other), ERR_AUTH);
	assert_int_equal(
	    db_number(db, "SELECT count(*) FROM sign_in_failures"), 0);
	new.session = STR_ABSENT;
	assert_err(
	    users_set_password(db->pg, db->round, &new, in_ms(5000)), ERR_OK);
	assert_err(find(db, kept.secret, &who), ERR_AUTH);
	new.user_id = 99;
	assert_err(users_set_password(db->pg, db->round, &new, in_ms(5000)),
	    ERR_NOT_FOUND);
}

static void
test_users_remove(void **state)
{
	const struct db *const db = *state;
	struct sign_in in;
	struct identity who;
	struct str link;

	assert_err(by_link(db, add(db, "anna", ROLE_AGENT, NULL), &in), ERR_OK);
	assert_err(users_link(db->pg, db->round, STR("anna"), &link), ERR_OK);
	assert_err(users_remove(db->pg, db->round, STR("Anna")), ERR_OK);
	assert_err(find(db, in.secret, &who), ERR_AUTH);
	assert_err(by_link(db, link, &in), ERR_AUTH);
	assert_err(users_remove(db->pg, db->round, STR("anna")), ERR_NOT_FOUND);
	/* The name is free again, for somebody else. */
	(void)add(db, "anna", ROLE_READER, NULL);
}

/* Whom a proxy names: by the name alone, and nobody else. */
static void
test_users_remote(void **state)
{
	const struct db *const db = *state;
	struct identity who;

	(void)add(db, "anna@example.com", ROLE_ADMIN, NULL);
	assert_err(users_remote(db->pg, db->round, STR("Anna@Example.com"),
		       in_ms(5000), &who),
	    ERR_OK);
	assert_int_equal(who.scopes, SCOPE_ADMIN);
	assert_false(who.password_wanted || who.by_link);
	assert_err(users_remote(db->pg, db->round, STR("anna@example.org"),
		       in_ms(5000), &who),
	    ERR_NOT_FOUND);
	assert_err(
	    users_remote(db->pg, db->round, STR("\xff"), in_ms(5000), &who),
	    ERR_NOT_FOUND);
	assert_str(db_value(db, "SELECT last_seen_on::text FROM users"),
	    db_value(db, "SELECT (now() AT TIME ZONE 'UTC')::date::text"));
}

/* Of a user all, of a token its own; nobody else's. */
static void
test_sessions_end(void **state)
{
	const struct db *const db = *state;
	struct str token;
	struct str secrets[2];
	struct sign_in anna;
	struct identity who;

	assert_err(
	    tokens_add(db->pg, db->round, STR("page"), SCOPE_READ, &token),
	    ERR_OK);
	for (size_t i = 0; i < ARRAY_LEN(secrets); i++)
		assert_err(sessions_open(db->pg, db->round, token, in_ms(5000),
			       &secrets[i], &who),
		    ERR_OK);
	assert_err(
	    by_link(db, add(db, "anna", ROLE_AGENT, NULL), &anna), ERR_OK);
	assert_err(sessions_end(db->pg, db->round, secrets[0], 0, in_ms(5000)),
	    ERR_OK);
	assert_err(find(db, secrets[1], &who), ERR_AUTH);
	assert_err(find(db, anna.secret, &who), ERR_OK);
	assert_err(sessions_end(db->pg, db->round, anna.secret,
		       anna.who.user_id, in_ms(5000)),
	    ERR_OK);
	assert_err(find(db, anna.secret, &who), ERR_AUTH);
}

static void
test_users_fits(void **state)
{
	static const struct {
		const char *name;
		bool want;
	} rows[] = { { "a", true }, { "anna@example.com", true },
		{ "Anna Smith", true }, { "\xc3\xa9va", true }, { "", false },
		{ " a", false }, { "a ", false }, { "a\nb", false },
		{ "a\x7f", false }, { "\xff", false } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(
		    users_fits(str_of(rows[i].name)), rows[i].want);
	assert_false(users_fits(STR_ABSENT));
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		USERS_TEST(test_users_of_one_name),
		USERS_TEST(test_users_list),
		USERS_TEST(test_users_link),
		USERS_TEST(test_users_link_is_kept_as_a_digest),
		USERS_TEST(test_users_link_of_nobody),
		USERS_TEST(test_users_link_is_fresh_for_a_while),
		USERS_TEST(test_users_role_acts_at_once),
		USERS_TEST(test_users_set_password),
		USERS_TEST(test_users_remove),
		USERS_TEST(test_users_remote),
		USERS_TEST(test_sessions_end),
		USERS_TEST(test_users_fits),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
