/* export: every call once, in the order of the feed, in pieces of bounded size. */
#include "pg_testing.h"
#include "store/export.h"

#include "base/buf.h"

#include <string.h>

#define ROWS 1203 /* two whole pages and a part */

static int
begin(void **state)
{
	if (db_begin(state) != 0)
		return -1;
	(void)db_sql(*state, "TRUNCATE calls");
	return 0;
}

#define EXPORT_TEST(function) cmocka_unit_test_setup((function), begin)

/* Several at a time have the same microsecond: the SID decides. */
static void
fill(const struct db *db, int rows)
{
	(void)db_sql(db,
	    str_format(db->round,
		"INSERT INTO calls (line, sid, first_seen_at, "
		" first_received_at, updated_at, status_rank, note) "
		"SELECT '+15550100001', 'CA' || md5(i::text), at, at, at, 125, "
		" repeat('n', i %% 300) "
		"FROM (SELECT i, timestamptz '2026-11-22T09:00:00Z' + "
		" (i / 7) * interval '1 second' AS at "
		" FROM generate_series(1, %d) i) s",
		rows)
		.p);
}

static const struct call_query all = {
	.filter = { .since_us = -1, .until_us = -1 },
};

/* What comes of it; its rows are counted in `*pieces` pieces. */
static struct str
run(const struct db *db, const struct call_query *query, size_t *pieces)
{
	struct buf out;
	struct export x;

	*pieces = 0;
	buf_init(&out, db->round, SIZE_MAX);
	assert_err(export_begin(&x, db->pg, query, 5000), ERR_OK);
	while (!export_is_over(&x)) {
		struct buf piece;

		buf_init(&piece, db->round, EXPORT_PIECE_MAX_BYTES);
		assert_err(export_next(&x, &piece), ERR_OK);
		assert_true(piece.n < EXPORT_PIECE_BYTES + 1024);
		buf_add(&out, buf_str(&piece));
		++*pieces;
	}
	export_end(&x);
	return buf_str(&out);
}

/* The first cells alone, with commas between. */
static struct str
sids_of(const struct db *db, struct str csv)
{
	struct buf out;

	buf_init(&out, db->round, SIZE_MAX);
	while (csv.n > 0) {
		struct str line = str_split(&csv, '\n');

		buf_add(&out, str_slice(line, 0, 34));
		buf_addc(&out, ',');
	}
	return buf_str(&out);
}

static void
test_export_of_all(void **state)
{
	const struct db *const db = *state;
	size_t pieces;

	fill(db, ROWS);
	assert_str(sids_of(db, run(db, &all, &pieces)),
	    db_value(db,
		"SELECT string_agg(sid, ',' ORDER BY first_seen_at DESC, "
		"sid DESC) || ',' FROM calls"));
	assert_true(pieces > 5);
}

/* Nothing, one, and as many as a page has. */
static void
test_export_of_few(void **state)
{
	static const int sizes[] = { 0, 1, 499, 500, 501, 1000 };
	const struct db *const db = *state;
	size_t pieces;

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		(void)db_sql(db, "TRUNCATE calls");
		fill(db, sizes[i]);
		assert_int_equal(sids_of(db, run(db, &all, &pieces)).n,
		    (size_t)sizes[i] * 35);
	}
}

static void
test_export_of_some(void **state)
{
	const struct db *const db = *state;
	struct call_query query = all;
	size_t pieces;

	fill(db, ROWS);
	query.filter.since_us = INT64_C(1795338060000000);
	query.filter.until_us = INT64_C(1795338120000000);
	assert_str(sids_of(db, run(db, &query, &pieces)),
	    db_value(db,
		"SELECT string_agg(sid, ',' ORDER BY first_seen_at DESC, "
		"sid DESC) || ',' FROM calls WHERE first_seen_at >= "
		"'2026-11-22T09:01:00Z' AND first_seen_at < "
		"'2026-11-22T09:02:00Z'"));
}

/* A page that fails ends it: it is over, and an error was told. */
static void
test_export_of_a_table_that_goes(void **state)
{
	const struct db *const db = *state;
	struct export x;
	struct buf piece;
	enum err e = ERR_OK;

	fill(db, ROWS);
	assert_err(export_begin(&x, db->pg, &all, 5000), ERR_OK);
	(void)db_sql(db, "ALTER TABLE calls RENAME TO calls_away");
	for (int i = 0; e == ERR_OK && i < 100; i++) {
		buf_init(&piece, db->round, EXPORT_PIECE_MAX_BYTES);
		e = export_next(&x, &piece);
	}
	assert_err(e, ERR_DB);
	export_end(&x);
	assert_err(export_begin(&x, db->pg, &all, 5000), ERR_DB);
	(void)db_sql(db, "ALTER TABLE calls_away RENAME TO calls");
}

static void
test_export_head(void **state)
{
	const struct db *const db = *state;
	struct buf out;

	buf_init(&out, db->round, SIZE_MAX);
	export_head(&out);
	assert_text(buf_str(&out),
	    "sid,started_at,line,from,caller_name,caller_city,caller_region,"
	    "caller_country,outcome,reason,duration_s,talk_s,forwarded_to,"
	    "menu_key,voicemail_s,transcript,heard_at,done_at,note,status\r\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		EXPORT_TEST(test_export_of_all),
		EXPORT_TEST(test_export_of_few),
		EXPORT_TEST(test_export_of_some),
		EXPORT_TEST(test_export_of_a_table_that_goes),
		EXPORT_TEST(test_export_head),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
