/*
 * calls_list(): any filters together, page after page, against the same in SQL;
 * with more calls than a search looks at one by one.
 */
#include "pg_testing.h"
#include "store/calls.h"
#include "store/statements.h"

#define CALLS 12000 /* more than CALLS_SOUGHT_ROWS */
#define WALKS 120
#define BEGIN_US INT64_C(1795338000000000)
#define SECOND_US INT64_C(1000000)

/*
 * Calls in threes that share their moment.  Who calls, and how it ends, is as
 * if by chance, so that any two facts meet.
 */
static const char make_calls[] =
    "INSERT INTO calls (line, sid, first_seen_at, first_received_at, "
    " updated_at, status_rank, from_number, caller_name, bridged, place, why, "
    " recording, heard_at, done_at) "
    "SELECT '+1555010000' || h % 3, 'CA' || md5(g::text), t, t, t, "
    " CASE WHEN h % 50 = 0 THEN 17 WHEN h % 11 = 0 THEN 122 ELSE 125 END, "
    " CASE WHEN h % 13 = 0 THEN 'anonymous' WHEN h % 17 = 0 THEN NULL "
    "  WHEN h % 19 = 0 THEN '+266696687' "
    "  ELSE '+1555' || lpad((h % 900)::text, 7, '0') END, "
    " CASE WHEN h % 7 = 0 THEN (ARRAY['Zoë O''Brien', '100% Sure', 'Анна', "
    "  'Jo', 'a_b', 'Anna 12', 'Bo 4-5-6'])[1 + h / 7 % 7] END, "
    " CASE WHEN h / 8 % 4 = 0 THEN true END, "
    " ROW(2, 1, (ARRAY['menu', 'recorded', 'rejected'])[1 + h / 32 % 3])"
    "  ::step_word, "
    " CASE WHEN h / 32 % 3 = 2 THEN ROW(2, 1, 'blocklist')::step_word END, "
    " CASE WHEN h / 96 % 4 = 1 THEN ROW('RE', 2, 5, h % 2 = 0)"
    "  ::recording_fact END, "
    " CASE WHEN h / 384 % 3 = 0 THEN now() END, "
    " CASE WHEN h / 1152 % 4 = 0 THEN now() END "
    "FROM generate_series(1, 12000) g, "
    "LATERAL (SELECT abs(hashint4(g)) AS h) x, "
    "LATERAL (SELECT to_timestamp(1795338000 + g / 3) AS t) m";

/* A filter, and the same as a condition on `calls c`. */
struct choice {
	struct call_filter filter;
	const char *condition;
};

#define ALL .since_us = -1, .until_us = -1
#define NOTHING { { ALL }, "true" }
#define AMONG_NEWEST                                                           \
	" AND c.first_seen_at >= (SELECT first_seen_at FROM calls "            \
	"ORDER BY first_seen_at DESC, sid DESC OFFSET 9999 LIMIT 1)"
#define IS_TO_DO                                                               \
	"coalesce(c.outcome IN ('missed', 'abandoned') "                       \
	"AND c.done_at IS NULL AND NOT (coalesce(c.from_number, 'anonymous') " \
	"NOT IN ('anonymous', '+266696687') AND EXISTS (SELECT FROM calls l "  \
	"WHERE l.from_number = c.from_number AND l.outcome = 'answered' "      \
	"AND l.first_seen_at > c.first_seen_at)), false)"

static const struct choice lines[] = {
	NOTHING,
	NOTHING,
	{ { ALL, .line = STR_INIT("+15550100001") },
	    "c.line = '+15550100001'" },
	{ { ALL, .line = STR_INIT("+15550100009") }, "false" },
};
static const struct choice statuses[] = {
	NOTHING,
	NOTHING,
	NOTHING,
	{ { ALL, .status = STR_INIT("in-progress,ringing") },
	    "c.status = 'in-progress'" },
	{ { ALL, .status = STR_INIT("failed,no-answer") },
	    "c.status = 'failed'" },
	{ { ALL, .status = STR_INIT("in-progress,failed") },
	    "c.status IN ('in-progress', 'failed')" },
};
static const struct choice outcomes[] = {
	NOTHING,
	NOTHING,
	{ { ALL, .outcome = STR_INIT("missed") }, "c.outcome = 'missed'" },
	{ { ALL, .outcome = STR_INIT("blocked") }, "c.outcome = 'blocked'" },
	{ { ALL, .outcome = STR_INIT("abandoned,voicemail,failed") },
	    "c.outcome IN ('abandoned', 'voicemail', 'failed')" },
};
static const struct choice messages[] = {
	NOTHING,
	NOTHING,
	{ { ALL, .has_voicemail = TRISTATE_YES },
	    "(c.recording).message IS TRUE" },
	{ { ALL, .has_voicemail = TRISTATE_NO },
	    "(c.recording).message IS NOT TRUE" },
};
static const struct choice ears[] = {
	NOTHING,
	NOTHING,
	{ { ALL, .heard = TRISTATE_YES }, "c.heard_at IS NOT NULL" },
	{ { ALL, .heard = TRISTATE_NO }, "c.heard_at IS NULL" },
};
static const struct choice to_dos[] = {
	NOTHING,
	NOTHING,
	NOTHING,
	{ { ALL, .to_do = TRISTATE_YES }, IS_TO_DO },
	{ { ALL, .to_do = TRISTATE_NO }, "NOT " IS_TO_DO },
};
static const struct choice sinces[] = {
	NOTHING,
	NOTHING,
	{ { .since_us = BEGIN_US + 3000 * SECOND_US, .until_us = -1 },
	    "c.first_seen_at >= to_timestamp(1795338000 + 3000)" },
};
static const struct choice untils[] = {
	NOTHING,
	NOTHING,
	{ { .since_us = -1, .until_us = BEGIN_US + 3500 * SECOND_US },
	    "c.first_seen_at < to_timestamp(1795338000 + 3500)" },
};
static const struct choice searches[] = {
	NOTHING,
	NOTHING,
	{ { ALL, .q = STR_INIT("555") }, "c.from_number LIKE '%555%'" },
	{ { ALL, .q = STR_INIT("(555) 00-00 123") },
	    "c.from_number LIKE '%5550000123%'" },
	{ { ALL, .q = STR_INIT("anonym") }, "c.from_number = 'anonymous'" },
	{ { ALL, .q = STR_INIT("o'brie") }, "c.caller_name = 'Zoë O''Brien'" },
	{ { ALL, .q = STR_INIT("\xd0\xb0\xd0\xbd\xd0\xbd") }, /* Cyrillic */
	    "c.caller_name = 'Анна'" },
	{ { ALL, .q = STR_INIT("100%") }, "c.caller_name = '100% Sure'" },
	{ { ALL, .q = STR_INIT("zzz") }, "false" },
	{ { ALL, .q = STR_INIT("jo") }, "c.caller_name = 'Jo'" AMONG_NEWEST },
	{ { ALL, .q = STR_INIT("_") }, "c.caller_name = 'a_b'" AMONG_NEWEST },
	{ { ALL, .q = STR_INIT("12") },
	    "(c.from_number LIKE '%12%' OR c.caller_name = 'Anna 12')" AMONG_NEWEST },
	{ { ALL, .q = STR_INIT("4-5-6") }, "c.from_number LIKE '%456%'" },
};

/* One of each, as if by chance. */
struct drawn {
	struct call_filter filter;
	struct str condition;
};

#define DRAW(choices) &(choices)[random_below(r, ARRAY_LEN(choices))]

static struct drawn
draw(struct arena *arena, struct random *r)
{
	const struct choice *const c[] = { DRAW(lines), DRAW(statuses),
		DRAW(outcomes), DRAW(messages), DRAW(ears), DRAW(to_dos),
		DRAW(sinces), DRAW(untils), DRAW(searches) };
	struct drawn out = {
		.filter = { .line = c[0]->filter.line,
		    .status = c[1]->filter.status,
		    .outcome = c[2]->filter.outcome,
		    .has_voicemail = c[3]->filter.has_voicemail,
		    .heard = c[4]->filter.heard,
		    .to_do = c[5]->filter.to_do,
		    .since_us = c[6]->filter.since_us,
		    .until_us = c[7]->filter.until_us,
		    .q = c[8]->filter.q },
		.condition = STR("true"),
	};

	for (size_t i = 0; i < ARRAY_LEN(c); i++)
		out.condition = str_format(arena, "%.*s AND (%s)",
		    STR_ARG(out.condition), c[i]->condition);
	return out;
}

static struct pg_rows
list(const struct db *db, const struct call_filter *filter,
    const struct call_page *page)
{
	const struct call_query query = { *filter, *page, in_ms(5000), false };
	struct call_list out;

	if (calls_list(db->pg, db->round, &query, &out) != ERR_OK)
		fail_msg("%.*s", STR_ARG(db_said(db)));
	assert_int_equal(out.on_us, -1); /* they are too few for that */
	return out.rows;
}

/* Page after page, each as long as chance has it, against the model's rows. */
static void
assert_pages(const struct db *db, struct random *r, const struct drawn *d,
    const struct pg_rows *model)
{
	struct call_page page = { -1, STR_ABSENT, 0 };
	size_t seen = 0;
	size_t last = 0;

	for (; seen < model->n || last == 0; seen += last) {
		struct pg_rows got;

		page.limit = (int)(1 + random_below(r, seen == 0 ? 60 : 900));
		got = list(db, &d->filter, &page);
		last = got.n;
		for (size_t i = 0; i < got.n && seen + i < model->n; i++)
			assert_str(pg_str(&got, i, CALL_COLUMN_SID),
			    pg_str(model, seen + i, 0));
		assert_int_equal(got.n,
		    model->n - seen < (size_t)page.limit ? model->n - seen
							 : (size_t)page.limit);
		if (got.n == 0)
			return;
		page.after_us =
		    pg_int(&got, got.n - 1, CALL_COLUMN_FIRST_SEEN_US, -1);
		page.after_sid = pg_str(&got, got.n - 1, CALL_COLUMN_SID);
	}
}

static void
walk_some(const struct db *db, size_t walks)
{
	struct random r = random_begin();
	size_t found = 0;

	for (size_t i = 0; i < walks; i++) {
		const struct drawn d = draw(db->round, &r);
		const struct pg_rows model = db_sql(db,
		    str_format(db->round,
			"SELECT sid FROM calls c WHERE %.*s "
			"ORDER BY first_seen_at DESC, sid DESC",
			STR_ARG(d.condition))
			.p);

		print_message("  %zu %.*s\n", model.n, STR_ARG(d.condition));
		assert_pages(db, &r, &d, &model);
		found += model.n > 0;
		arena_reset(db->round);
	}
	assert_true(found > walks / 4);
}

static void
test_calls_list_any_pages(void **state)
{
	walk_some(*state, WALKS);
}

/* What the background work notes changes nothing of what is found. */
static void
test_calls_settle(void **state)
{
	static const struct call_filter to_do = { ALL, .to_do = TRISTATE_YES };
	const struct call_page all = { -1, STR_ABSENT, CALLS };
	const struct db *const db = *state;
	const size_t before = list(db, &to_do, &all).n;
	size_t n = 1;

	assert_true(before > 100);
	(void)db_sql(db,
	    "UPDATE calls SET first_seen_at = first_seen_at "
	    "+ (now() - (SELECT min(first_seen_at) FROM calls))");
	while (n > 0)
		assert_int_equal(calls_settle(db->pg, db->round, &n), ERR_OK);
	assert_int_equal(
	    db_number(db, "SELECT count(*) FROM calls WHERE settled"), 0);

	/* Old enough for their verdict to be the last. */
	(void)db_sql(db,
	    "UPDATE calls SET first_seen_at = first_seen_at - interval '2 y'");
	for (n = 1; n > 0;)
		assert_int_equal(calls_settle(db->pg, db->round, &n), ERR_OK);
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM calls c WHERE settled <> "
			     "(c.outcome IN ('missed', 'abandoned') "
			     " AND c.done_at IS NULL AND NOT " IS_TO_DO ")"),
	    0);
	assert_int_equal(list(db, &to_do, &all).n, before);
}

static int
setup(void **state)
{
	if (db_setup(state) != 0)
		return -1;
	/* As workers have it: to compile takes longer than to answer. */
	(void)db_sql(*state, "SET jit = off");
	(void)db_sql(*state, make_calls);
	(void)db_sql(*state, "ANALYZE calls");
	assert_int_equal(
	    db_number(*state, "SELECT count(*) FROM calls"), CALLS);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_calls_list_any_pages),
		DB_TEST(test_calls_settle),
	};

	return cmocka_run_group_tests(tests, setup, db_teardown);
}
