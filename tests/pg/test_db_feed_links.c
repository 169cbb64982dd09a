/* feed_links: whose key it is, and which messages there are. */
#include "pg_testing.h"
#include "store/feed_links.h"

#include "base/buf.h"
#include "codec/base64.h"
#include "codec/digest.h"
#include "store/message_atom.h"

static int
begin(void **state)
{
	if (db_begin(state) != 0)
		return -1;
	(void)db_sql(*state,
	    "TRUNCATE calls, recordings, users, api_tokens "
	    "RESTART IDENTITY CASCADE");
	(void)db_sql(*state,
	    "INSERT INTO users (name, role) VALUES ('ann', 'agent'), "
	    "('bob', 'admin'), ('carl', 'reader')");
	return 0;
}

#define FEED_LINKS_TEST(function) cmocka_unit_test_setup((function), begin)

static struct str
make(const struct db *db, int64_t user)
{
	struct str key = STR_ABSENT;

	assert_err(feed_links_make(db->pg, db->round, user, in_ms(5000), &key),
	    ERR_OK);
	assert_true(tokens_fits(key));
	return key;
}

static struct str
name_of(const struct db *db, struct str key)
{
	struct identity who = { 0 };
	const enum err e =
	    feed_links_find(db->pg, db->round, key, in_ms(5000), &who);

	if (e != ERR_OK) {
		assert_err(e, ERR_AUTH);
		return STR("nobody");
	}
	assert_int_equal(who.scopes, SCOPE_FEED);
	assert_int_equal(who.user_id, 0);
	return who.name;
}

static void
test_feed_links_find(void **state)
{
	const struct db *const db = *state;
	struct str token;

	assert_text(name_of(db, make(db, 1)), "ann (feed)");
	assert_text(name_of(db, make(db, 2)), "bob (feed)");
	assert_text(name_of(db, make(db, 3)), "nobody"); /* may not hear */
	assert_text(name_of(db, STR("ml_nobody")), "nobody");
	assert_text(name_of(db, STR_ABSENT), "nobody");
	assert_err(tokens_add(db->pg, db->round, STR("podcast"),
		       SCOPE_FEED | SCOPE_READ, &token),
	    ERR_OK);
	assert_text(name_of(db, token), "podcast");
	assert_err(tokens_revoke(db->pg, db->round, STR("podcast")), ERR_OK);
	assert_text(name_of(db, token), "nobody");
	assert_err(
	    tokens_add(db->pg, db->round, STR("all"), SCOPE_ADMIN, &token),
	    ERR_OK);
	assert_text(name_of(db, token), "nobody");
}

/* The latest alone, until it is revoked. */
static void
test_feed_links_make(void **state)
{
	const struct db *const db = *state;
	const struct str first = make(db, 1);
	const struct str second = make(db, 1);
	unsigned char sum[DIGEST_SHA256_BYTES];

	assert_text(name_of(db, first), "nobody");
	assert_text(name_of(db, second), "ann (feed)");
	digest_sha256(second, sum);
	assert_str(db_value(db, "SELECT encode(sha256, 'hex') FROM feed_links"),
	    hex_encode(db->round, bytes_of(sum, sizeof(sum))));
	assert_err(
	    feed_links_revoke(db->pg, db->round, 1, in_ms(5000)), ERR_OK);
	assert_err(
	    feed_links_revoke(db->pg, db->round, 1, in_ms(5000)), ERR_OK);
	assert_text(name_of(db, second), "nobody");
	assert_false(str_holds(db_said(db), "ml_"));
}

static void
test_feed_links_get(void **state)
{
	const struct db *const db = *state;
	struct feed_link link;
	struct str key;
	struct str written;

	assert_err(
	    feed_links_get(db->pg, db->round, 1, in_ms(5000), &link), ERR_OK);
	assert_int_equal(link.created_us, -1);
	key = make(db, 1);
	assert_err(
	    feed_links_get(db->pg, db->round, 1, in_ms(5000), &link), ERR_OK);
	assert_true(link.created_us > 0);
	assert_absent(link.last_used_on);
	assert_text(name_of(db, key), "ann (feed)");
	assert_err(
	    feed_links_get(db->pg, db->round, 1, in_ms(5000), &link), ERR_OK);
	assert_int_equal(link.last_used_on.n, 10);
	/* Written once a day, not once a request. */
	written = db_value(db, "SELECT xmin FROM feed_links");
	assert_text(name_of(db, key), "ann (feed)");
	assert_str(db_value(db, "SELECT xmin FROM feed_links"), written);
	(void)make(db, 1);
	assert_err(
	    feed_links_get(db->pg, db->round, 1, in_ms(5000), &link), ERR_OK);
	assert_absent(link.last_used_on);
}

/* 70 messages; of every seventh the audio is not here, or not any more. */
static void
fill(const struct db *db)
{
	(void)db_sql(db,
	    "INSERT INTO calls (line, sid, first_seen_at, first_received_at, "
	    " updated_at, status_rank, recording, length, from_number) "
	    "SELECT '+15550100001', 'CA' || md5(i::text), at, at, at, 125, "
	    " ROW('RE' || md5(i::text), 2, 5, i % 10 <> 0)::recording_fact, "
	    " ROW('RE' || md5(i::text), 2, 34)::recording_length, "
	    " '+1555' || lpad(i::text, 7, '0') "
	    "FROM (SELECT i, timestamptz '2026-11-22T09:00:00Z' + "
	    " i * interval '1 minute' AS at FROM generate_series(1, 70) i) s");
	(void)db_sql(db,
	    "INSERT INTO recordings (line, sid, call_sid, place, mp3_sha256, "
	    " mp3_bytes, archived_at, removed_at) "
	    "SELECT line, (recording).sid, sid, 'folder', sha256('x'), 4711, "
	    " first_seen_at, "
	    " CASE WHEN extract(minute FROM first_seen_at) = 5 THEN now() END "
	    "FROM calls WHERE extract(minute FROM first_seen_at) <> 3");
}

static void
test_feed_links_messages(void **state)
{
	const struct db *const db = *state;
	struct pg_rows rows;
	struct buf out;
	struct message_feed feed = {
		.origin = "https://localhost:8443",
		.account = "AC1",
		.key = STR_INIT("a&b"),
		.rows = &rows,
	};

	fill(db);
	assert_err(
	    feed_links_messages(db->pg, db->round, in_ms(5000), &rows), ERR_OK);
	assert_int_equal(rows.n, 50);
	assert_str(pg_str(&rows, 0, MESSAGE_COLUMN_RECORDING_SID),
	    db_value(db, "SELECT 'RE' || md5('69')"));
	for (size_t i = 0; i < rows.n; i++) {
		const struct str from = pg_str(&rows, i, MESSAGE_COLUMN_FROM);

		assert_int_not_equal(from.p[from.n - 1], '0');   /* too short */
		assert_false(str_eq(from, STR("+15550000065"))); /* removed */
		assert_false(str_eq(from, STR("+15550000063"))); /* not here */
		assert_int_equal(
		    pg_int(&rows, i, MESSAGE_COLUMN_BYTES, 0), 4711);
	}
	buf_init(&out, db->round, SIZE_MAX);
	assert_err(message_atom(&feed, &out), ERR_OK);
	assert_holds(buf_str(&out), ".mp3?key=a%26b\" length=\"4711\"/>");
	assert_holds(buf_str(&out),
	    "<title>Message from +1 555 000 0069 (0:34)</title>");
	buf_init(&out, db->round, 1000);
	assert_err(message_atom(&feed, &out), ERR_LIMIT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FEED_LINKS_TEST(test_feed_links_find),
		FEED_LINKS_TEST(test_feed_links_make),
		FEED_LINKS_TEST(test_feed_links_get),
		FEED_LINKS_TEST(test_feed_links_messages),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
