/* sign_in: passwords, and how long a name waits after wrong ones. */
#include "base/err.h"
#include "base/str.h"
#include "io/password.h"
#include "pg_testing.h"
#include "store/sessions.h"
#include "store/sign_in.h"
#include "store/users.h"
#include "testing.h"

#include <stdint.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RIGHT "correct horse battery"
#define ROUNDS 300

static int
begin(void **state)
{
	const struct db *db;
	struct users_new anna = { .name = STR_INIT("Anna") };
	struct str link;

	if (db_begin(state) != 0)
		return -1;
	db = *state;
	(void)db_sql(
	    db, "TRUNCATE users, sign_in_failures RESTART IDENTITY CASCADE");
	anna.role = ROLE_AGENT;
	assert_err(
	    password_hash(db->round, STR(RIGHT), &anna.password), ERR_OK);
	assert_err(users_add(db->pg, db->round, &anna, &link), ERR_OK);
	return 0;
}

#define SIGN_IN_TEST(function) cmocka_unit_test_setup((function), begin)

static enum err
check(const struct db *db, const char *name, const char *password,
    struct sign_in_account *out)
{
	const struct sign_in_try attempt = {
		.name = str_of(name),
		.password = str_of(password),
		.deadline_ms = in_ms(5000),
	};

	return sign_in_check(db->pg, db->round, &attempt, out);
}

/* The whole way, as POST /api/session takes it. */
static enum err
sign_in(const struct db *db, const char *name, const char *password,
    struct sign_in_account *account)
{
	struct sign_in in;
	enum err e = check(db, name, password, account);

	if (e == ERR_OK)
		e = sign_in_open(db->pg, db->round, account, in_ms(5000), &in);
	return e;
}

static void
test_sign_in(void **state)
{
	const struct db *const db = *state;
	struct sign_in_account account;
	struct sign_in in;
	struct identity who;

	assert_err(check(db, "anna", RIGHT, &account), ERR_OK);
	assert_err(sign_in_open(db->pg, db->round, &account, in_ms(5000), &in),
	    ERR_OK);
	assert_text(in.who.name, "Anna");
	assert_false(in.who.by_link || in.who.password_wanted);
	assert_err(
	    sessions_find(db->pg, db->round, in.secret, in_ms(5000), &who),
	    ERR_OK);
	assert_int_equal(who.role, ROLE_AGENT);
	assert_err(check(db, "anna", "wrong", &account), ERR_AUTH);
	assert_err(check(db, "nobody", RIGHT, &account), ERR_AUTH);
	assert_err(check(db, "", "", &account), ERR_AUTH);
}

/* Who has no password cannot be signed in by any. */
static void
test_sign_in_without_a_password(void **state)
{
	const struct db *const db = *state;
	struct sign_in_account account;

	(void)db_sql(db, "UPDATE users SET password = NULL");
	assert_err(check(db, "anna", RIGHT, &account), ERR_AUTH);
	assert_err(check(db, "anna", "", &account), ERR_AUTH);
}

/* Between the look and the session somebody chose another one. */
static void
test_sign_in_open_of_an_old_password(void **state)
{
	const struct db *const db = *state;
	struct sign_in_account account;
	struct sign_in in;

	assert_err(check(db, "anna", RIGHT, &account), ERR_OK);
	(void)db_sql(db, "UPDATE users SET password = password || 'x'");
	assert_err(sign_in_open(db->pg, db->round, &account, in_ms(5000), &in),
	    ERR_AUTH);
	assert_int_equal(db_number(db, "SELECT count(*) FROM api_sessions"), 0);
}

static void
run(const struct db *db, struct pg *pg, const char *sql)
{
	struct pg_rows rows;

	assert_err(db_try(db, pg, sql, &rows), ERR_OK);
}

static void
wait_for_locked(const struct db *db)
{
	for (int i = 0; i < 300; i++) {
		if (db_number(db,
			"SELECT count(*) FROM pg_stat_activity "
			"WHERE datname = current_database() "
			"AND wait_event_type = 'Lock'") == 1)
			return;
		(void)nanosleep(&(struct timespec){ 0, 10000000 }, NULL);
	}
	fail_msg("nobody waited for the other");
}

/* In a process of its own: signs in, or chooses another password. */
static pid_t
aside(const struct db *db, const struct sign_in_account *account, bool signs_in)
{
	const struct users_password new = { .user_id = account->user_id,
		.hash = STR("another"),
		.session = STR_ABSENT };
	const pid_t pid = fork();
	struct sign_in in;
	struct pg *pg;

	assert_true(pid >= 0);
	if (pid > 0)
		return pid;
	pg = db_connect(db, db->conninfo);
	if (signs_in)
		_exit(sign_in_open(pg, db->round, account, in_ms(5000), &in) ==
			    ERR_AUTH
			? 0
			: 1);
	_exit(users_set_password(pg, db->round, &new, in_ms(5000)) == ERR_OK
		? 0
		: 1);
}

static void
assert_ended(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* Two at the same time: whoever comes first, the old password opens nothing. */
static void
test_sign_in_while_the_password_changes(void **state)
{
	const struct db *const db = *state;
	struct pg *const first = db_connect(db, db->conninfo);
	struct sign_in_account account;
	struct sign_in in;
	pid_t second;

	assert_err(check(db, "anna", RIGHT, &account), ERR_OK);
	(void)db_sql(db,
	    "UPDATE users SET last_seen_on = (now() AT TIME ZONE 'UTC')::date");
	run(db, first, "BEGIN");
	assert_err(
	    sign_in_open(first, db->round, &account, in_ms(5000), &in), ERR_OK);
	second = aside(db, &account, false);
	wait_for_locked(db);
	run(db, first, "COMMIT");
	assert_ended(second);
	assert_int_equal(db_number(db, "SELECT count(*) FROM api_sessions"), 0);

	account.hash = STR("another");
	run(db, first, "BEGIN");
	run(db, first, "UPDATE users SET password = 'a third one'");
	second = aside(db, &account, true);
	wait_for_locked(db);
	run(db, first, "COMMIT");
	assert_ended(second);
	assert_int_equal(db_number(db, "SELECT count(*) FROM api_sessions"), 0);
	pg_free(first);
}

/* One of a lower cost, made elsewhere, is made anew when its owner comes. */
static void
test_sign_in_renews_the_hash(void **state)
{
	static const char cheap[] = /* of "correct horse battery" */
	    "$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21lc2FsdA"
	    "$HhdGxmsoo8pSkWu74EOdjWuyMCjKM2aof0XQCAMO4jU";
	const struct db *const db = *state;
	struct sign_in_account account;

	(void)db_sql(db,
	    str_format(db->round, "UPDATE users SET password = '%s'", cheap).p);
	assert_err(sign_in(db, "anna", "wrong", &account), ERR_AUTH);
	assert_text(db_value(db, "SELECT password FROM users"), cheap);
	assert_err(sign_in(db, "anna", RIGHT, &account), ERR_OK);
	assert_true(str_starts(db_value(db, "SELECT password FROM users"),
	    STR("$argon2id$v=19$m=19456,t=2,p=1$")));
	assert_err(sign_in(db, "anna", RIGHT, &account), ERR_OK);
}

/* What is promised of a name, told once more. */
struct model {
	int failures;
	int64_t last_s, until_s; /* of a clock that begins at 0 */
};

static enum err
model_try(struct model *model, int64_t now_s, bool right, int64_t *wait_s)
{
	static const int minutes[] = { 1, 2, 4, 8, 15 };

	if (now_s < model->until_s) {
		*wait_s = model->until_s - now_s;
		return ERR_TOO_MANY;
	}
	if (right) {
		*model = (struct model){ 0 };
		return ERR_OK;
	}
	if (now_s - model->last_s > 24 * 60 * 60)
		model->failures = 0;
	model->last_s = now_s;
	model->failures++;
	if (model->failures >= 5)
		model->until_s = now_s +
		    60 *
			(int64_t)
			    minutes[model->failures > 9 ? 4
							: model->failures - 5];
	return ERR_AUTH;
}

/* Lets so many seconds go by. */
static void
pass(const struct db *db, int64_t s)
{
	(void)db_sql(db,
	    str_format(db->round,
		"UPDATE sign_in_failures SET "
		" last_at = last_at - interval '%lld s', "
		" locked_until = locked_until - interval '%lld s'",
		(long long)s, (long long)s)
		.p);
}

/*
 * Any sequence of attempts and pauses, for who is there and for who is not:
 * each answer is the model's.  The pauses are whole multiples of 20 s, so that
 * what the test itself takes makes no difference.
 */
static void
test_sign_in_lock_in_any_sequence(void **state)
{
	static const int64_t pauses[] = { 20, 60, 60, 240, 900, 100000 };
	static const char *const names[] = { "anna", "ANNA", "nobody" };
	const struct db *const db = *state;
	struct model models[2] = { { 0 } };
	struct random random = random_begin();
	int64_t now_s = 0;
	int locked = 0;

	for (int i = 0; i < ROUNDS; i++) {
		const size_t n = random_below(&random, ARRAY_LEN(names));
		const bool right = n != 2 && random_below(&random, 12) == 0;
		struct sign_in_account account;
		int64_t wait_s = 0;
		const enum err want =
		    model_try(&models[n / 2], now_s, right, &wait_s);

		assert_err(
		    sign_in(db, names[n], right ? RIGHT : "wrong", &account),
		    want);
		if (want == ERR_TOO_MANY) {
			locked++;
			assert_in_range(account.wait_s,
			    wait_s > 20 ? wait_s - 20 : 1, wait_s);
		}
		if (random_below(&random, 3) == 0) {
			const int64_t s =
			    pauses[random_below(&random, ARRAY_LEN(pauses))];

			pass(db, s);
			now_s += s;
		}
	}
	print_message("  %d of %d attempts had to wait\n", locked, ROUNDS);
	assert_in_range(locked, ROUNDS / 10, ROUNDS * 9 / 10);
}

/* While it is locked the right password is not even looked at. */
static void
test_sign_in_locked(void **state)
{
	const struct db *const db = *state;
	struct sign_in_account account;
	struct str link;
	struct sign_in in;

	for (int i = 0; i < 5; i++)
		assert_err(check(db, "anna", "wrong", &account), ERR_AUTH);
	assert_err(check(db, "anna", RIGHT, &account), ERR_TOO_MANY);
	assert_in_range(account.wait_s, 50, 60);
	/* A link opens all the same, and what went before is forgiven. */
	assert_err(users_link(db->pg, db->round, STR("anna"), &link), ERR_OK);
	assert_err(
	    sign_in_by_link(db->pg, db->round, link, in_ms(5000), &in), ERR_OK);
	assert_err(sign_in(db, "anna", RIGHT, &account), ERR_OK);
}

/* Names are no secrets, but what is typed there by mistake is. */
static void
test_sign_in_keeps_no_name(void **state)
{
	const struct db *const db = *state;
	struct sign_in_account account;

	assert_err(check(db, RIGHT, "", &account), ERR_AUTH);
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM sign_in_failures f "
			     "WHERE f::text LIKE '%correct%'"),
	    0);
	/* And not for long: the next attempt sweeps out what is a day old. */
	pass(db, 25 * 60 * 60);
	assert_err(check(db, "anna", "wrong", &account), ERR_AUTH);
	assert_int_equal(
	    db_number(db, "SELECT count(*) FROM sign_in_failures"), 1);
}

/* Somebody is busy with a name of long ago: nobody else waits for that. */
static void
test_sign_in_waits_for_no_other_name(void **state)
{
	const struct db *const db = *state;
	struct pg *const other = db_connect(db, db->conninfo);
	struct sign_in_account account;

	assert_err(check(db, "bert", "wrong", &account), ERR_AUTH);
	pass(db, 25 * 60 * 60);
	run(db, other, "BEGIN");
	run(db, other, "SELECT FROM sign_in_failures FOR UPDATE");
	assert_err(check(db, "anna", "wrong", &account), ERR_AUTH);
	run(db, other, "COMMIT");
	pg_free(other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		SIGN_IN_TEST(test_sign_in),
		SIGN_IN_TEST(test_sign_in_without_a_password),
		SIGN_IN_TEST(test_sign_in_open_of_an_old_password),
		SIGN_IN_TEST(test_sign_in_while_the_password_changes),
		SIGN_IN_TEST(test_sign_in_renews_the_hash),
		SIGN_IN_TEST(test_sign_in_lock_in_any_sequence),
		SIGN_IN_TEST(test_sign_in_locked),
		SIGN_IN_TEST(test_sign_in_keeps_no_name),
		SIGN_IN_TEST(test_sign_in_waits_for_no_other_name),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
