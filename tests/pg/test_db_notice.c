/*
 * When somebody may be told of a call, over every combination of what is known
 * of it; and that a call has one notice a channel, whatever comes how often.
 */
#include "event_testing.h"
#include "rule_testing.h"

enum fact { F_OUTCOME, F_RECORDING, F_RECONCILED, F__MAX };

/*
 * The first rule that fits; "*" is any value, "a|b" either, "-" stands for
 * NULL.  Recordings are "source:status"; the latest event came at 09:00:00, the
 * call was over 10 s before, and reconciliation asked 5 s before, at, or 5 s
 * after its end.
 */
static const struct rule {
	const char *facts[F__MAX];
	const char *due; /* NULL: nobody is told */
} rules[] = {
	{ { "-|answered|abandoned|blocked|failed", "*", "*" }, NULL },
	{ { "*", "2:failed|2:absent|2:completed", "*" }, "09:00:05" },
	{ { "*", "3:failed|3:absent|3:completed", "*" }, "09:00:05" },
	{ { "*", "*", "after" }, "09:01:55" },
	{ { "*", "*", "at" }, "09:01:50" },
	{ { "*", "*", "*" }, "09:04:00" },
};

static const char combinations[] =
    "SELECT coalesce(outcome, '-'), coalesce(source || ':' || "
    " recording_status_word(status::smallint), '-'), asked, "
    "to_char(call_notice_due(outcome, CASE WHEN source IS NOT NULL THEN "
    " ROW('RE', source, status, message)::recording_fact END, "
    " '2026-11-22 09:00:00Z', ended, reconciled) AT TIME ZONE 'UTC', "
    " 'HH24:MI:SS') "
    "FROM unnest(ARRAY[NULL, 'answered', 'voicemail', 'missed', 'abandoned', "
    " 'blocked', 'failed']) AS a(outcome), "
    "(SELECT s, t, m FROM generate_series(1, 3) s, generate_series(1, 5) t, "
    "  unnest(ARRAY[true, false]) m "
    " UNION ALL SELECT NULL, NULL, NULL) AS b(source, status, message), "
    "(VALUES ('-', NULL::timestamptz, NULL::timestamptz), "
    " ('-', '2026-11-22 08:59:50Z', NULL), "
    " ('no end', NULL, '2026-11-22 08:59:55Z'), "
    " ('before', '2026-11-22 08:59:50Z', '2026-11-22 08:59:45Z'), "
    " ('at', '2026-11-22 08:59:50Z', '2026-11-22 08:59:50Z'), "
    " ('after', '2026-11-22 08:59:50Z', '2026-11-22 08:59:55Z')) "
    " AS c(asked, ended, reconciled)";

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
test_notice_due_for_every_combination(void **state)
{
	const struct db *const db = *state;
	const struct pg_rows rows = db_sql(db, combinations);
	bool used[ARRAY_LEN(rules)] = { false };

	assert_int_equal(rows.n, 7 * 31 * 6);
	for (size_t i = 0; i < rows.n; i++) {
		const struct rule *const rule = rule_for(&rows, i);
		const struct str got = pg_str(&rows, i, F__MAX);

		assert_non_null(rule);
		used[rule - rules] = true;
		if (!str_eq(got, str_of(rule->due)))
			fail_msg("%.*s %.*s %.*s: %.*s",
			    STR_ARG(pg_str(&rows, i, F_OUTCOME)),
			    STR_ARG(pg_str(&rows, i, F_RECORDING)),
			    STR_ARG(pg_str(&rows, i, F_RECONCILED)),
			    STR_ARG(got));
	}
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		assert_true(used[i]);
}

#define VOICE { "/twilio/voice", OWN "&CallStatus=ringing", 0 }
#define CHOSE_MESSAGE { "/twilio/menu" AT("welcome", "2"), OWN "&Digits=2", 5 }
#define NO_ANSWER                                                              \
	{ "/twilio/dial" AT("office", "3"), OWN "&DialCallStatus=no-answer",   \
		30 }
#define RECORDED                                                               \
	{ "/twilio/voicemail" AT("message", "3"),                              \
		OWN "&RecordingSid=" RE "&RecordingDuration=13", 40 }
#define STATUS                                                                 \
	{ "/twilio/status", OWN "&CallStatus=completed&CallDuration=41" ENDED, \
		63 }
#define RECORDING(status, duration, at)                                        \
	{ "/twilio/recording" AT("message", "3"),                              \
		"CallSid=" CALL "&RecordingSid=" RE "&RecordingStatus=" status \
		"&RecordingDuration=" duration,                                \
		at }

/* A moment, for what comes out of order. */
#define SETTLED(at) ((at) + 5)

/* What is asked for after each event: seconds after 09:00, -1 for nothing. */
static const struct story {
	const char *name;
	struct request events[5];
	int due_s[5];
	size_t n;
} stories[] = {
	{ "a message, its callback last",
	    { VOICE, CHOSE_MESSAGE, RECORDED, STATUS,
		RECORDING("completed", "12", 65) },
	    { -1, -1, -1, 63 + 240, SETTLED(65) }, 5 },
	{ "a message, its callback before the call's",
	    { VOICE, CHOSE_MESSAGE, RECORDED, RECORDING("completed", "12", 42),
		STATUS },
	    { -1, -1, -1, -1, SETTLED(63) }, 5 },
	{ "nobody answered, hung up in the greeting",
	    { VOICE, NO_ANSWER, STATUS }, { -1, -1, 63 + 240 }, 3 },
	{ "nothing was said",
	    { VOICE, CHOSE_MESSAGE, RECORDED, STATUS,
		RECORDING("absent", "0", 70) },
	    { -1, -1, -1, 63 + 240, SETTLED(70) }, 5 },
	{ "what comes late does not put it off",
	    { VOICE, CHOSE_MESSAGE, STATUS, RECORDING("completed", "12", 64),
		RECORDED },
	    { -1, -1, -1, SETTLED(64), SETTLED(64) }, 5 },
	{ "hung up in the menu", { VOICE, STATUS }, { -1, -1 }, 2 },
};

/* Channels and due times, as "email 65 webhook 65". */
static struct str
notices(const struct db *db)
{
	return db_value(db,
	    "SELECT coalesce(string_agg(channel || ' ' || "
	    " extract(epoch FROM due_at - '2026-11-22 09:00Z')::integer, ' ' "
	    " ORDER BY channel), '') FROM jobs WHERE kind = 'notify'");
}

static struct str
both(const struct db *db, int due_s)
{
	return due_s < 0
	    ? STR("")
	    : str_format(db->round, "email %d webhook %d", due_s, due_s);
}

/* Each event comes twice, as it may. */
static void
test_notice_of_stories(void **state)
{
	const struct db *const db = *state;

	for (size_t i = 0; i < ARRAY_LEN(stories); i++) {
		const struct story *const story = &stories[i];

		print_message("  %s\n", story->name);
		forget_all(db);
		for (size_t k = 0; k < story->n; k++) {
			add_all(db, &story->events[k], 1);
			add_all(db, &story->events[k], 1);
			assert_str(notices(db), both(db, story->due_s[k]));
		}
	}
}

/* What was begun is not made due once more by what comes after. */
static void
test_notice_is_asked_for_once(void **state)
{
	static const struct request events[] = { VOICE, CHOSE_MESSAGE, STATUS,
		RECORDED, RECORDING("completed", "12", 64) };
	const struct db *const db = *state;

	forget_all(db);
	add_all(db, events, 4);
	(void)db_sql(db,
	    "UPDATE jobs SET attempts = 1, due_at = '2026-11-22 10:00Z', "
	    " state = CASE channel WHEN 'email' THEN 'done' ELSE 'due' END");
	add_all(db, events, 5);
	assert_text(notices(db), "email 3600 webhook 3600");
	assert_text(db_value(db,
			"SELECT string_agg(state, ' ' ORDER BY channel) "
			"FROM jobs WHERE kind = 'notify'"),
	    "done due");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(test_notice_due_for_every_combination),
		DB_TEST(test_notice_of_stories),
		DB_TEST(test_notice_is_asked_for_once),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
