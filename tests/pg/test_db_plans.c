/*
 * Each filter and search of the feed reads a bounded number of rows, counted by
 * PostgreSQL itself, however many calls there are and wherever the few are that
 * are asked for: here what is rare is among the oldest.
 */
#include "pg_testing.h"
#include "store/calls.h"
#include "store/export.h"
#include "store/live.h"
#include "store/statements.h"

#define CALLS 100000
#define BATCH 10000
#define PAGE_ROWS 51
#define DAY_US INT64_C(86400000000)
#define BEGIN_US INT64_C(1700000000000000)

/* Read for a page: a page's rows of each shelf of each line, and their pages. */
#define FEW 4000
/* Of a search: the newest 10,000, one by one. */
#define SOUGHT 45000
/* Of what may be rare: the next 20,000, where they end and what they are. */
#define WINDOW 85000

/*
 * 100,000 calls, five minutes apart.  Of the oldest 2,000 each fiftieth is of
 * every rare kind; after that a caller who was missed was always answered later.
 */
static const char make_calls[] =
    "INSERT INTO calls (line, sid, first_seen_at, first_received_at, "
    " updated_at, status_rank, from_number, caller_name, bridged, place, why, "
    " recording, heard_at) "
    "SELECT CASE WHEN g < 2000 AND g % 50 = 1 THEN '+15550100009' "
    "  ELSE '+1555010000' || g % 2 END, 'CA' || md5(g::text), t, t, t, "
    " CASE WHEN g > 99995 THEN 17 WHEN g < 2000 AND g % 50 = 2 THEN 122 "
    "  ELSE 125 END, "
    " CASE WHEN g < 2000 AND g % 50 = 3 THEN '+442071838' || g % 900 + 100 "
    "  WHEN g < 2000 THEN '+1666' || lpad(g::text, 7, '0') "
    "  ELSE '+1555' || lpad((g % 5000)::text, 7, '0') END, "
    " CASE WHEN g < 2000 AND g % 50 = 4 THEN 'Zoë O''Brien' "
    "  WHEN g % 3 = 0 THEN 'Anna Example' END, "
    " CASE WHEN g / 5000 % 2 = 1 THEN true END, "
    " ROW(2, 1, CASE WHEN g % 3 = 0 THEN 'menu' ELSE 'recorded' END)"
    "  ::step_word, "
    " CASE WHEN g % 3 = 1 THEN ROW(2, 1, 'busy')::step_word END, "
    " CASE WHEN g % 3 = 2 THEN ROW('RE' || g, 2, 5, true)::recording_fact END, "
    " CASE WHEN g % 3 = 2 AND g >= 2000 THEN now() END "
    "FROM current_setting('test.batch') b(n), "
    "generate_series(b.n::integer + 1, b.n::integer + 10000) g, "
    "LATERAL (SELECT to_timestamp(1700000000 + g * 300) AS t) m";

struct plan_row {
	const char *name;
	struct call_filter filter;
	const char *index; /* that it is answered from */
	int64_t rows;      /* most that may be read */
	size_t found;      /* least that a page has */
};

#define ALL .since_us = -1, .until_us = -1

static const struct plan_row rows[] = {
	{ "nothing", { ALL }, "calls_newest", 300, 51 },
	{ "a line", { ALL, .line = STR_INIT("+15550100001") }, "calls_shelf",
	    FEW, 51 },
	{ "a line of few", { ALL, .line = STR_INIT("+15550100009") },
	    "calls_shelf", FEW, 40 },
	{ "a line that is not there", { ALL, .line = STR_INIT("x") },
	    "calls_shelf", FEW, 0 },
	{ "missed", { ALL, .outcome = STR_INIT("missed") }, "calls_shelf", FEW,
	    51 },
	{ "two outcomes", { ALL, .outcome = STR_INIT("missed,abandoned") },
	    "calls_shelf", FEW, 51 },
	{ "an outcome that is not there",
	    { ALL, .outcome = STR_INIT("blocked") }, "calls_shelf", FEW, 0 },
	{ "an outcome of a line of few",
	    { ALL, .outcome = STR_INIT("answered"),
		.line = STR_INIT("+15550100009") },
	    "calls_shelf", FEW, 0 },
	{ "with a message", { ALL, .has_voicemail = TRISTATE_YES },
	    "calls_shelf", FEW, 51 },
	{ "not heard, which the oldest are",
	    { ALL, .has_voicemail = TRISTATE_YES, .heard = TRISTATE_NO },
	    "calls_shelf", FEW, 51 },
	{ "not heard, of a line",
	    { ALL, .line = STR_INIT("+15550100009"),
		.has_voicemail = TRISTATE_YES, .heard = TRISTATE_NO },
	    "calls_shelf", FEW, 10 },
	{ "calls that go on",
	    { ALL, .status = STR_INIT("ringing,in-progress") }, "calls_shelf",
	    FEW, 5 },
	{ "a status of all", { ALL, .status = STR_INIT("completed") },
	    "calls_newest", WINDOW, 51 },
	{ "a status of few", { ALL, .status = STR_INIT("failed,busy") },
	    "calls_newest", WINDOW, 0 },
	{ "a status of few and an outcome of many",
	    { ALL, .status = STR_INIT("failed"),
		.outcome = STR_INIT("answered") },
	    "calls_shelf", WINDOW, 0 },
	{ "a status of few, of the oldest days",
	    { ALL, .status = STR_INIT("failed"),
		.line = STR_INIT("+15550100001"),
		.has_voicemail = TRISTATE_NO },
	    "calls_shelf", WINDOW, 0 },
	{ "what is to be done", { ALL, .to_do = TRISTATE_YES }, "calls_shelf",
	    FEW, 51 },
	{ "what is to be done, of the oldest days",
	    { .since_us = BEGIN_US,
		.until_us = BEGIN_US + 15 * DAY_US,
		.to_do = TRISTATE_YES },
	    "calls_shelf", FEW, 0 },
	{ "some days long ago",
	    { .since_us = BEGIN_US + 100 * DAY_US,
		.until_us = BEGIN_US + 110 * DAY_US },
	    "calls_newest", 300, 51 },
	{ "missed on some days long ago",
	    { .since_us = BEGIN_US + 100 * DAY_US,
		.until_us = BEGIN_US + 130 * DAY_US,
		.outcome = STR_INIT("missed") },
	    "calls_shelf", FEW, 51 },
	{ "days without a call",
	    { .since_us = BEGIN_US - 9 * DAY_US, .until_us = BEGIN_US },
	    "calls_newest", 300, 0 },
	{ "a frequent number", { ALL, .q = STR_INIT("555") }, "calls_newest",
	    SOUGHT, 51 },
	{ "a number of few", { ALL, .q = STR_INIT("+44 20 7183") },
	    "calls_search", SOUGHT, 40 },
	{ "four digits", { ALL, .q = STR_INIT("3142") }, "calls_lately", SOUGHT,
	    20 },
	{ "a frequent name", { ALL, .q = STR_INIT("anna") }, "calls_newest",
	    SOUGHT, 51 },
	{ "a name of few", { ALL, .q = STR_INIT("o'brien") }, "calls_search",
	    SOUGHT, 40 },
	{ "a name of nobody", { ALL, .q = STR_INIT("nobody") }, "calls_search",
	    SOUGHT, 0 },
	{ "two letters", { ALL, .q = STR_INIT("br") }, "calls_newest", SOUGHT,
	    0 },
	{ "a frequent number of a line of few",
	    { ALL, .q = STR_INIT("666"), .line = STR_INIT("+15550100009") },
	    "calls_search", SOUGHT, 30 },
	{ "a name of few, missed",
	    { ALL, .q = STR_INIT("brien"), .outcome = STR_INIT("missed") },
	    "calls_search", SOUGHT, 10 },
};

/* Rows of calls, and entries of its indexes, that this connection has read. */
static int64_t
rows_read(const struct db *db)
{
	return db_number(db,
	    "SELECT sum(pg_stat_get_xact_tuples_returned(oid) "
	    " + pg_stat_get_xact_tuples_fetched(oid))::bigint FROM pg_class "
	    "WHERE relname LIKE 'calls%' AND relkind IN ('r', 'i') "
	    /* It knows pages alone, and says ten of each. */
	    " AND relname <> 'calls_lately'");
}

static int64_t
scans(const struct db *db, const char *index)
{
	return db_number(db,
	    str_format(db->round,
		"SELECT pg_stat_get_xact_numscans('%s'::regclass)", index)
		.p);
}

static void
assert_plan(const struct db *db, const struct plan_row *r)
{
	const struct call_query query = { r->filter,
		{ -1, STR_ABSENT, PAGE_ROWS }, in_ms(5000), false };
	struct call_list page;
	int64_t read;
	int64_t scanned;

	(void)db_sql(db, "BEGIN");
	scanned = scans(db, r->index);
	read = rows_read(db);
	if (calls_list(db->pg, db->round, &query, &page) != ERR_OK)
		fail_msg("%.*s", STR_ARG(db_said(db)));
	read = rows_read(db) - read;
	scanned = scans(db, r->index) - scanned;
	(void)db_sql(db, "COMMIT");
	print_message(
	    "  %s: %zu of %lld rows\n", r->name, page.rows.n, (long long)read);
	assert_true(page.rows.n >= r->found);
	assert_true(read <= r->rows);
	assert_true(scanned > 0);
}

static void
test_plans(void **state)
{
	const struct db *const db = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_plan(db, &rows[i]);
		arena_reset(db->round);
	}
}

/* What is found window by window is what there is, each once and in order. */
static void
test_windows(void **state)
{
	const struct db *const db = *state;
	const struct pg_rows model = db_sql(db,
	    "SELECT sid FROM calls WHERE status IN ('failed', 'in-progress') "
	    "ORDER BY first_seen_at DESC, sid DESC");
	struct call_query query = {
		.filter = { ALL, .status = STR_INIT("failed,in-progress") },
		.page = { -1, STR_ABSENT, 7 },
		.deadline_ms = in_ms(20000),
	};
	struct call_list list = { .on_us = 0 };
	size_t seen = 0;
	int pages = 0;

	assert_true(model.n > 40);
	for (; list.on_us >= 0 || list.rows.n == 7; pages++) {
		assert_err(
		    calls_list(db->pg, db->round, &query, &list), ERR_OK);
		for (size_t i = 0; i < list.rows.n; i++)
			assert_str(pg_str(&list.rows, i, CALL_COLUMN_SID),
			    pg_str(&model, seen++, 0));
		query.page.after_us = list.on_us;
		query.page.after_sid = list.on_sid;
		if (list.rows.n < 7)
			continue;
		query.page.after_us =
		    pg_int(&list.rows, 6, CALL_COLUMN_FIRST_SEEN_US, -1);
		query.page.after_sid = pg_str(&list.rows, 6, CALL_COLUMN_SID);
	}
	assert_int_equal(seen, model.n);
	assert_in_range(pages, CALLS / CALLS_WINDOW_ROWS, 15);
}

/* All pages of a search together are one walk, not a search each. */
static void
test_export_of_a_search(void **state)
{
	const struct db *const db = *state;
	const struct call_query query = { .filter = {
					      ALL, .q = STR_INIT("00012") } };
	int64_t rows_left = db_number(
	    db, "SELECT count(*) FROM calls WHERE from_number LIKE '%00012%'");
	struct export x;
	int64_t searches;

	assert_in_range(rows_left, 2000, 4000);
	(void)db_sql(db, "BEGIN");
	searches = scans(db, "calls_search");
	assert_err(export_begin(&x, db->pg, &query, 5000), ERR_OK);
	while (!export_is_over(&x)) {
		struct buf piece;
		struct str text;

		buf_init(&piece, db->round, EXPORT_PIECE_MAX_BYTES);
		assert_err(export_next(&x, &piece), ERR_OK);
		for (text = buf_str(&piece); text.n > 0; rows_left--)
			(void)str_split(&text, '\n');
	}
	export_end(&x);
	searches = scans(db, "calls_search") - searches;
	(void)db_sql(db, "COMMIT");
	print_message("  %lld searches\n", (long long)searches);
	assert_int_equal(rows_left, 0);
	assert_in_range(searches, 1, 4);
}

/* What is counted twice a second while calls come, also when there is none. */
static void
test_counts(void **state)
{
	const struct db *const db = *state;
	struct live_counts counts;
	int64_t read;

	(void)db_sql(db, "BEGIN");
	(void)db_sql(db,
	    "UPDATE calls SET heard_at = now(), settled = true "
	    "WHERE heard_at IS NULL AND (recording).message "
	    " OR outcome IN ('missed', 'abandoned') AND NOT settled");
	read = rows_read(db);
	assert_err(live_count(db->pg, db->round, in_ms(5000), &counts), ERR_OK);
	read = rows_read(db) - read;
	(void)db_sql(db, "ROLLBACK");
	print_message("  none: %lld rows\n", (long long)read);
	assert_int_equal(counts.unheard, 0);
	assert_int_equal(counts.to_do, 0);
	assert_true(read <= FEW);
	(void)db_sql(db, "BEGIN");
	read = rows_read(db);
	assert_err(live_count(db->pg, db->round, in_ms(5000), &counts), ERR_OK);
	read = rows_read(db) - read;
	(void)db_sql(db, "COMMIT");
	print_message("  some: %lld rows\n", (long long)read);
	assert_int_equal(counts.unheard, LIVE_COUNT_MAX);
	assert_int_equal(counts.to_do, LIVE_COUNT_MAX);
	assert_true(read <= FEW);
}

static void
make_some(const struct db *db, int from)
{
	(void)db_sql(db,
	    str_format(
		db->round, "SELECT set_config('test.batch', '%d', false)", from)
		.p);
	(void)db_sql(db, make_calls);
	arena_reset(db->round);
}

static int
setup(void **state)
{
	size_t n = 1;

	if (db_setup(state) != 0)
		return -1;
	(void)db_sql(*state, "SET jit = off"); /* as workers have it */
	for (int i = 0; i < CALLS; i += BATCH)
		make_some(*state, i);
	while (n > 0) {
		const struct db *const db = *state;

		assert_int_equal(calls_settle(db->pg, db->round, &n), ERR_OK);
	}
	(void)db_sql(*state, "VACUUM ANALYZE calls");
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_plans),
		DB_TEST(test_windows),
		DB_TEST(test_export_of_a_search),
		DB_TEST(test_counts),
	};

	return cmocka_run_group_tests(tests, setup, db_teardown);
}
