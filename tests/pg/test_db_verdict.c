/*
 * call_verdict(): how a call ended and why, over every combination of its facts,
 * against the table below, whose first rule that fits counts.
 */
#include "pg_testing.h"
#include "rule_testing.h"

enum fact {
	F_STATUS,
	F_BRIDGED,
	F_ACCEPTED,
	F_WHY,
	F_PLACE,
	F_RECORDING,
	F_ERROR,
	F__MAX
};

/*
 * What must be said of a call, rule by rule, the first that fits; "*" is any
 * value, "a|b" either, "!a" any but, "-" stands for NULL.
 *
 * A person who was reached counts before what the caller left, and that before
 * where the caller was last.  Who was sent on is missed for that reason only at
 * the voicemail: who came to another menu or phone and left there has abandoned it.
 */
#define GOES_ON "-|queued|initiated|ringing|in-progress"

static const struct rule {
	const char *facts[F__MAX];
	const char *want; /* NULL: no verdict yet */
} rules[] = {
	/* status, bridged, accepted, why, place, recording, error */
	{ { GOES_ON, "*", "*", "*", "*", "*", "*" }, NULL },
	{ { "*", "t", "*", "*", "*", "*", "*" }, "answered bridged" },
	/* A key was pressed, and nothing says that they were not connected. */
	{ { "*", "-", "t", "-|chosen|line_closed|blocklist|anonymous", "*", "*",
	      "*" },
	    "answered bridged" },
	{ { "*", "*", "*", "*", "*", "message", "*" },
	    "voicemail message_left" },
	{ { "*", "*", "*", "blocklist", "rejected", "*", "*" },
	    "blocked blocklist" },
	{ { "*", "*", "*", "anonymous", "rejected", "*", "*" },
	    "blocked anonymous" },
	{ { "*", "*", "*", "not_accepted", "voicemail|recorded", "*", "*" },
	    "missed not_accepted" },
	{ { "*", "*", "*", "no_answer", "voicemail|recorded", "*", "*" },
	    "missed no_answer" },
	{ { "*", "*", "*", "busy", "voicemail|recorded", "*", "*" },
	    "missed busy" },
	{ { "*", "*", "*", "bad_number", "voicemail|recorded", "*", "*" },
	    "missed bad_number" },
	{ { "*", "*", "*", "line_closed", "voicemail|recorded", "*", "*" },
	    "missed line_closed" },
	{ { "*", "*", "*", "*", "recorded", "*", "*" },
	    "missed empty_message" },
	{ { "*", "*", "*", "*", "*", "short|absent", "*" },
	    "missed empty_message" },
	{ { "*", "*", "*", "*", "voicemail", "*", "*" },
	    "abandoned hung_up_in_greeting" },
	{ { "*", "*", "*", "*", "menu", "*", "*" },
	    "abandoned hung_up_in_menu" },
	{ { "*", "*", "*", "*", "forward", "*", "*" },
	    "abandoned hung_up_while_ringing" },
	{ { "*", "*", "*", "*", "*", "*", "11200" }, "failed twilio_error" },
	{ { "failed", "*", "*", "*", "*", "*", "*" }, "failed twilio_error" },
	{ { "*", "*", "*", "*", "*", "*", "*" }, "failed unknown" },
};

/* Every combination: the facts as words, and what the function says. */
static const char combinations[] =
    "CREATE TABLE combinations AS SELECT "
    "coalesce(call_status_word(status), '-') AS status_word, "
    "coalesce(bridged::text, '-') AS bridged_word, "
    "coalesce(accepted::text, '-') AS accepted_word, "
    "coalesce(why, '-') AS why_word, coalesce(place, '-') AS place_word, "
    "recording_word, coalesce(error::text, '-') AS error_word, "
    "call_verdict(status, bridged, accepted, why, place, recording, error) "
    " AS verdict, "
    "status, bridged, accepted, why, place, recording, error "
    "FROM unnest(ARRAY[NULL, 5, 11, 15, 17, 111, 112, 113, 114, 115, 121, 123, "
    " 125, 132, 135]::smallint[]) AS a(status), "
    "unnest(ARRAY[NULL, true, false]) AS b(bridged), "
    "unnest(ARRAY[NULL, true, false]) AS c(accepted), "
    "unnest(ARRAY[NULL, 'chosen', 'not_accepted', 'no_answer', 'busy', "
    " 'bad_number', 'line_closed', 'blocklist', 'anonymous']) AS e(why), "
    "unnest(ARRAY[NULL, 'menu', 'forward', 'voicemail', 'recorded', "
    " 'rejected', 'done']) AS f(place), "
    "(VALUES ('-', NULL::recording_fact), "
    " ('message', ROW('RE', 2, 5, true)::recording_fact), "
    " ('short', ROW('RE', 2, 5, false)::recording_fact), "
    " ('absent', ROW('RE', 2, 4, false)::recording_fact)) "
    " AS g(recording_word, recording), "
    "unnest(ARRAY[NULL, 11200]) AS h(error)";

static const struct rule *
rule_for(const struct pg_rows *rows, size_t row)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		if (row_fits(rules[i].facts, F__MAX, rows, row))
			return &rules[i];
	}
	return NULL;
}

static void
print_row(const struct pg_rows *rows, size_t row, const char *want)
{
	for (size_t k = 0; k <= F__MAX; k++)
		print_error("%.*s ", STR_ARG(pg_str(rows, row, k)));
	print_error("<> %s\n", want == NULL ? "NULL" : want);
}

static void
test_verdict_of_every_combination(void **state)
{
	const struct db *const db = *state;
	bool used[ARRAY_LEN(rules)] = { false };
	struct pg_rows rows;
	size_t wrong = 0;

	(void)db_sql(db, combinations);
	rows = db_sql(db,
	    "SELECT status_word, bridged_word, accepted_word, "
	    "why_word, place_word, recording_word, error_word, verdict "
	    "FROM combinations");
	assert_int_equal(rows.n, 15 * 9 * 9 * 7 * 4 * 2);
	for (size_t i = 0; i < rows.n; i++) {
		const struct rule *const rule = rule_for(&rows, i);

		used[rule - rules] = true;
		if (str_eq(pg_str(&rows, i, F__MAX), str_of(rule->want)))
			continue;
		if (wrong++ < 20)
			print_row(&rows, i, rule->want);
	}
	assert_int_equal(wrong, 0);
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		assert_true(used[i]);
}

/* The generated columns of a call are the verdict's two words. */
static void
test_verdict_in_a_call(void **state)
{
	const struct db *const db = *state;

	(void)db_sql(db,
	    "INSERT INTO calls (line, sid, first_seen_at, first_received_at, "
	    " updated_at, status_rank, bridged, accepted, why, "
	    " place, recording, error_code) "
	    "SELECT verdict, row_number() OVER (), now(), now(), now(), status, "
	    " bridged, accepted, "
	    " CASE WHEN why IS NOT NULL THEN ROW(2, 7, why)::step_word END, "
	    " CASE WHEN place IS NOT NULL THEN ROW(3, 7, place)::step_word END, "
	    " recording, error "
	    "FROM combinations WHERE verdict IS NOT NULL AND "
	    "(hashtext(combinations::text) & 31) = 0");
	assert_true(db_number(db, "SELECT count(*) FROM calls") > 500);
	assert_int_equal(
	    db_number(db,
		"SELECT count(*) FROM calls "
		"WHERE outcome || ' ' || reason IS DISTINCT FROM line "
		" OR status IS DISTINCT FROM call_status_word(status_rank)"),
	    0);
	(void)db_sql(db,
	    "INSERT INTO calls (line, sid, first_seen_at, first_received_at, "
	    " updated_at, status_rank) VALUES ('a', 'b', now(), now(), now(), 17)");
	assert_int_equal(db_number(db,
			     "SELECT count(*) FROM calls WHERE line = 'a' "
			     "AND outcome IS NULL AND reason IS NULL "
			     "AND status = 'in-progress'"),
	    1);
}

/* In the order of status_rank: REST before the callback before the action. */
static void
test_status_words(void **state)
{
	const struct db *const db = *state;

	assert_text(
	    db_value(db,
		"SELECT string_agg(word, ' ' ORDER BY rank) FROM ("
		"SELECT DISTINCT ON (call_status_word(r::smallint)) "
		" r AS rank, call_status_word(r::smallint) AS word "
		"FROM generate_series(1, 3) s, "
		"LATERAL (SELECT 4 * g + s AS r FROM generate_series(1, 4) g "
		" UNION ALL SELECT 100 + 10 * s + g FROM generate_series(1, 5) "
		" g) t ORDER BY 2, 1) u"),
	    "queued initiated ringing in-progress "
	    "canceled failed no-answer busy completed");
	assert_text(db_value(db,
			"SELECT string_agg(recording_status_word(g::smallint), "
			"' ' ORDER BY g) FROM generate_series(1, 5) g"),
	    "in-progress processing failed absent completed");
}

static void
test_caller_is_known(void **state)
{
	static const struct {
		const char *from;
		bool known;
	} rows[] = {
		{ "+15550100009", true },
		{ "anonymous", false },
		{ "", false },
		{ "client:anna", false },
		{ "sip:a@b", false },
		{ "+266696687", false },   /* ANONYMOUS on a telephone's keys */
		{ "+86282452253", false }, /* UNAVAILABLE */
		{ "+2666966870", true },
		{ "+123456", false },
		{ "x+15550100009", false },
	};
	const struct db *const db = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		print_message("  \"%s\"\n", rows[i].from);
		assert_str(db_value(db,
			       str_format(db->round,
				   "SELECT caller_is_known('%s')", rows[i].from)
				   .p),
		    rows[i].known ? STR("t") : STR("f"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_verdict_of_every_combination),
		DB_TEST(test_verdict_in_a_call),
		DB_TEST(test_status_words),
		DB_TEST(test_caller_is_known),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
