/*
 * calls_list(): each filter against a plain condition on the same rows, and pages
 * that give every call once, also where many began in the same moment.
 */
#include "pg_testing.h"
#include "store/calls.h"

#define CALLS 400
#define BEGIN_US INT64_C(1795338000000000)
#define SECOND_US INT64_C(1000000)

/* Calls in tens that share their moment; every fact is rare and common enough. */
static const char make_calls[] =
    "INSERT INTO calls (line, sid, first_seen_at, first_received_at, "
    " updated_at, status_rank, from_number, caller_name, bridged, place, why, "
    " recording, heard_at) "
    "SELECT CASE WHEN g % 4 = 0 THEN '+15550100002' ELSE '+15550100001' END, "
    " 'CA' || lpad(to_hex((g * 7919) % 400), 32, '0'), "
    " t, t, t, CASE g % 7 WHEN 0 THEN 17 WHEN 1 THEN 124 ELSE 125 END, "
    " CASE WHEN g % 9 = 0 THEN 'anonymous' "
    "  ELSE '+1555010' || lpad((g % 37)::text, 4, '0') END, "
    " CASE g % 11 WHEN 0 THEN 'Zoë O''Brien' WHEN 1 THEN '100% Sure_Thing' "
    "  WHEN 2 THEN 'back\\slash' END, "
    " CASE WHEN g % 5 = 0 THEN true END, "
    " ROW(2, 1, CASE WHEN g % 3 = 0 THEN 'menu' ELSE 'recorded' END)"
    "  ::step_word, "
    " CASE WHEN g % 8 = 1 THEN ROW(2, 1, 'busy')::step_word END, "
    " CASE WHEN g % 3 = 1 THEN ROW('RE', 2, 5, g % 2 = 0)"
    "  ::recording_fact END, "
    " CASE WHEN g % 6 = 0 THEN now() END "
    "FROM generate_series(0, 399) g, "
    "LATERAL (SELECT to_timestamp(1795338000 + g / 10) AS t) m";

struct filter_row {
	const char *name;
	struct call_filter filter;
	const char *condition; /* the same in SQL */
};

#define ALL .since_us = -1, .until_us = -1

static const struct filter_row rows[] = {
	{ "nothing", { ALL }, "true" },
	{ "a line", { ALL, .line = STR_INIT("+15550100002") },
	    "line = '+15550100002'" },
	{ "a line that is not there", { ALL, .line = STR_INIT("x") }, "false" },
	{ "a status", { ALL, .status = STR_INIT("busy") }, "status = 'busy'" },
	{ "one of two statuses",
	    { ALL, .status = STR_INIT("busy,in-progress") },
	    "status IN ('busy', 'in-progress')" },
	{ "an outcome", { ALL, .outcome = STR_INIT("voicemail") },
	    "outcome = 'voicemail'" },
	{ "one of three outcomes",
	    { ALL, .outcome = STR_INIT("missed,abandoned,answered") },
	    "outcome IN ('missed', 'abandoned', 'answered')" },
	{ "with a message", { ALL, .has_voicemail = TRISTATE_YES },
	    "(recording).message IS TRUE" },
	{ "without", { ALL, .has_voicemail = TRISTATE_NO },
	    "(recording).message IS NOT TRUE" },
	{ "heard", { ALL, .heard = TRISTATE_YES }, "heard_at IS NOT NULL" },
	{ "not heard", { ALL, .heard = TRISTATE_NO }, "heard_at IS NULL" },
	{ "since", { .since_us = BEGIN_US + 20 * SECOND_US, .until_us = -1 },
	    "first_seen_at >= to_timestamp(1795338020)" },
	{ "until, which is outside",
	    { .since_us = -1, .until_us = BEGIN_US + 20 * SECOND_US },
	    "first_seen_at < to_timestamp(1795338020)" },
	{ "between",
	    { .since_us = BEGIN_US + 10 * SECOND_US,
		.until_us = BEGIN_US + 11 * SECOND_US },
	    "first_seen_at = to_timestamp(1795338010)" },
	{ "part of a number", { ALL, .q = STR_INIT("01000") },
	    "from_number LIKE '%01000%'" },
	{ "a number as people write it",
	    { ALL, .q = STR_INIT("+1 (555) 010-0012") },
	    "from_number = '+15550100012'" },
	{ "part of a name, in any case", { ALL, .q = STR_INIT("o'bri") },
	    "caller_name = 'Zoë O''Brien'" },
	{ "letters beyond ASCII", { ALL, .q = STR_INIT("zo\xc3\xab") },
	    "caller_name = 'Zoë O''Brien'" },
	{ "a per cent sign is one", { ALL, .q = STR_INIT("0% s") },
	    "caller_name = '100% Sure_Thing'" },
	{ "an underscore is one", { ALL, .q = STR_INIT("_") },
	    "caller_name = '100% Sure_Thing'" },
	{ "a backslash is one", { ALL, .q = STR_INIT("k\\s") },
	    "caller_name = 'back\\slash'" },
	{ "what is in no name", { ALL, .q = STR_INIT("%a%") }, "false" },
	{ "a caller without a number", { ALL, .q = STR_INIT("anonym") },
	    "from_number = 'anonymous'" },
	{ "all at once",
	    { .since_us = BEGIN_US,
		.until_us = BEGIN_US + 39 * SECOND_US,
		.line = STR_INIT("+15550100001"),
		.status = STR_INIT("completed,busy"),
		.outcome = STR_INIT("voicemail,answered"),
		.q = STR_INIT("555"),
		.has_voicemail = TRISTATE_YES,
		.heard = TRISTATE_NO },
	    "first_seen_at < to_timestamp(1795338039) "
	    "AND line = '+15550100001' AND status IN ('completed', 'busy') "
	    "AND outcome IN ('voicemail', 'answered') "
	    "AND from_number LIKE '%555%' AND (recording).message "
	    "AND heard_at IS NULL" },
};

static struct pg_rows
list(const struct db *db, const struct call_filter *filter,
    const struct call_page *page)
{
	const struct call_query query = { *filter, *page, in_ms(5000), false };
	struct call_list out;

	if (calls_list(db->pg, db->round, &query, &out) != ERR_OK)
		fail_msg("%.*s", STR_ARG(db_said(db)));
	assert_int_equal(out.on_us, -1); /* they are too few for that */
	assert_true(out.rows.n == 0 || out.rows.columns == CALL_COLUMN__MAX);
	return out.rows;
}

/* The SIDs of a page, each with a blank before it. */
static struct str
sids(const struct db *db, struct str before, const struct pg_rows *page)
{
	struct str out = before;

	for (size_t i = 0; i < page->n; i++)
		out = str_format(db->round, "%.*s %.*s", STR_ARG(out),
		    STR_ARG(pg_str(page, i, CALL_COLUMN_SID)));
	return out;
}

static struct str
model(const struct db *db, const char *condition)
{
	const struct pg_rows all = db_sql(db,
	    str_format(db->round,
		"SELECT sid FROM calls WHERE %s "
		"ORDER BY first_seen_at DESC, sid DESC",
		condition)
		.p);

	return sids(db, STR(""), &all);
}

/* Page after page, each from where the last one ended. */
static struct str
walk(const struct db *db, const struct call_filter *filter, int limit)
{
	struct call_page page = { -1, STR_ABSENT, limit };
	struct str out = STR("");

	for (int i = 0; i <= CALLS; i++) {
		const struct pg_rows got = list(db, filter, &page);

		out = sids(db, out, &got);
		if (got.n < (size_t)limit)
			return out;
		page.after_us =
		    pg_int(&got, got.n - 1, CALL_COLUMN_FIRST_SEEN_US, -1);
		page.after_sid = pg_str(&got, got.n - 1, CALL_COLUMN_SID);
	}
	fail_msg("the pages do not end");
	return out;
}

static int
setup(void **state)
{
	if (db_setup(state) != 0)
		return -1;
	(void)db_sql(*state, make_calls);
	return 0;
}

static void
test_calls_list_filters(void **state)
{
	const struct db *const db = *state;
	const struct call_page all = { -1, STR_ABSENT, CALLS + 1 };

	assert_int_equal(db_number(db, "SELECT count(*) FROM calls"), CALLS);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct pg_rows got = list(db, &rows[i].filter, &all);

		print_message("  %s: %zu\n", rows[i].name, got.n);
		assert_str(
		    sids(db, STR(""), &got), model(db, rows[i].condition));
	}
}

static void
test_calls_list_pages(void **state)
{
	static const int limits[] = { 1, 7, 10, 50 };
	const struct db *const db = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		for (size_t k = i < 2 ? 0 : 1; k < ARRAY_LEN(limits); k++) {
			assert_str(walk(db, &rows[i].filter, limits[k]),
			    model(db, rows[i].condition));
			arena_reset(db->round);
		}
	}
}

/* Filters at random, each combination against the conjunction. */
static void
test_calls_list_any_filters(void **state)
{
	const struct db *const db = *state;
	const struct call_page all = { -1, STR_ABSENT, CALLS + 1 };
	struct random r = random_begin();

	for (int i = 0; i < 200; i++) {
		const struct filter_row *const a =
		    &rows[random_below(&r, ARRAY_LEN(rows))];
		const struct filter_row *const b =
		    &rows[random_below(&r, ARRAY_LEN(rows))];
		struct call_filter both = a->filter;
		struct pg_rows got;

		if (a->filter.q.p != NULL || a->filter.line.p != NULL ||
		    a->filter.since_us >= 0 || a->filter.until_us >= 0)
			continue; /* joined from b below */
		both.q = b->filter.q;
		both.line = b->filter.line;
		both.since_us = b->filter.since_us;
		both.until_us = b->filter.until_us;
		if (b->filter.status.p != NULL || b->filter.outcome.p != NULL ||
		    b->filter.heard != TRISTATE_ANY ||
		    b->filter.has_voicemail != TRISTATE_ANY)
			continue;
		got = list(db, &both, &all);
		assert_str(sids(db, STR(""), &got),
		    model(db,
			str_format(db->round, "(%s) AND (%s)", a->condition,
			    b->condition)
			    .p));
		arena_reset(db->round);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_calls_list_filters),
		DB_TEST(test_calls_list_pages),
		DB_TEST(test_calls_list_any_filters),
	};

	return cmocka_run_group_tests(tests, setup, db_teardown);
}
