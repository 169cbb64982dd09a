/*
 * events_query(): many events in one statement are the same as one after the
 * other, whatever batches they fall into; and an erased call stays erased.
 */
#include "event_testing.h"

#define MAX_ROWS 40

static const struct request story[] = {
	{ "/twilio/voice", OWN "&CallStatus=ringing", 0 },
	{ "/twilio/menu" AT("welcome", "2"), OWN "&Digits=1", 5 },
	{ "/twilio/leg" AT("office", "3") "&phone=reception",
	    "CallSid=" LEG "&To=%2B15550100777&CallStatus=completed"
	    "&CallDuration=40&SequenceNumber=3" ENDED,
	    9 },
	{ "/twilio/dial" AT("office", "3"),
	    OWN "&DialCallStatus=no-answer&CallStatus=in-progress", 30 },
	{ "/twilio/voicemail" AT("message", "4"),
	    OWN "&RecordingSid=" RE "&RecordingDuration=9", 50 },
	{ "/twilio/recording" AT("message", "4"),
	    "CallSid=" CALL "&RecordingSid=" RE
	    "&RecordingStatus=completed&RecordingDuration=8",
	    52 },
	{ "/twilio/status", OWN "&CallStatus=completed&CallDuration=51" ENDED,
	    53 },
};

static int
begin(void **state)
{
	const struct db *const db = *state;

	if (db_begin(state) != 0)
		return -1;
	forget_all(*state);
	(void)db_sql(db, "DELETE FROM erased");
	return 0;
}

#define BATCH_TEST(function) cmocka_unit_test_setup((function), begin)

/* The story's events for several calls of several lines, in any order. */
static size_t
any_rows(const struct db *db, struct random *r, const struct event_row **rows)
{
	const size_t n = 2 + random_below(r, MAX_ROWS - 1);

	for (size_t i = 0; i < n; i++) {
		struct told *const t = ARENA_NEW(db->round, struct told);

		*t = tell(db->round, &story[random_below(r, ARRAY_LEN(story))]);
		if (random_below(r, 4) == 0)
			t->ev.line = STR("+15550100002");
		t->ev.call_sid =
		    str_format(db->round, "CA%032zu", random_below(r, 5));
		rows[i] = event_row_new(db->round, &t->ev, &t->reply);
	}
	return n;
}

static void
write_batch(const struct db *db, const struct event_row *const *rows, size_t n)
{
	const struct pg_query query =
	    events_query(db->round, rows, n, in_ms(5000));
	struct pg_rows out;

	if (pg_run(db->pg, db->round, &query, &out) != ERR_OK)
		fail_msg("%.*s", STR_ARG(db_said(db)));
}

/* As the journal does: what fits together, until nothing is left. */
static void
write_in_batches(const struct db *db, const struct event_row **rows, size_t n)
{
	while (n > 0) {
		const struct event_row *batch[EVENTS_BATCH_MAX];
		size_t taken = 0;
		size_t left = 0;

		for (size_t i = 0; i < n; i++) {
			if (events_fit(batch, taken, rows[i]))
				batch[taken++] = rows[i];
			else
				rows[left++] = rows[i];
		}
		assert_true(taken > 0);
		write_batch(db, batch, taken);
		n = left;
	}
}

static struct str
all_of(const struct db *db, const char *what)
{
	return db_value(db,
	    str_format(db->round,
		"SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), "
		"'') FROM (%s) t",
		what)
		.p);
}

static const char *const tables[] = {
	"SELECT line, call_sid, event_key, kind, received_at, uri, body, twiml, "
	"leg_sid, leg_phone, leg_to, leg_status, n, step, status_rank, place, "
	"why, recording, length FROM events",
	/* All but first_seen_at, which is the arrival's. */
	"SELECT line, sid, first_received_at, updated_at, status, outcome, "
	"reason, place, why, menu_key, forwarded, recording, length, "
	"from_number, duration_callback_s FROM calls",
	"SELECT line, call_sid, kind, channel, state FROM jobs",
};

static void
test_batch_is_the_same_as_one_by_one(void **state)
{
	const struct db *const db = *state;
	struct random r = random_begin();

	for (int round = 0; round < 60; round++) {
		const struct event_row *rows[MAX_ROWS];
		struct str before[ARRAY_LEN(tables)];
		const size_t n = any_rows(db, &r, rows);

		forget_all(db);
		for (size_t i = 0; i < n; i++)
			assert_err(events_add(db->pg, db->round, &db->log,
				       rows[i], in_ms(5000)),
			    ERR_OK);
		for (size_t i = 0; i < ARRAY_LEN(tables); i++)
			before[i] = all_of(db, tables[i]);
		forget_all(db);
		write_in_batches(db, rows, n);
		for (size_t i = 0; i < ARRAY_LEN(tables); i++)
			assert_str(all_of(db, tables[i]), before[i]);
	}
}

/* One line, another call each. */
static void
test_batch_fits(void **state)
{
	const struct db *const db = *state;
	const struct told t = tell(db->round, &story[0]);
	struct event_row *const a = event_row_new(db->round, &t.ev, &t.reply);
	struct event_row b = *a;
	struct event_row c = *a;
	struct event_row d = *a;
	const struct event_row *rows[] = { a };

	assert_true(events_fit(rows, 0, a));
	assert_false(events_fit(rows, 1, a));
	b.field[ROW_CALL_SID] = STR("CA2");
	assert_true(events_fit(rows, 1, &b));
	c.field[ROW_CALL_SID] = STR("CA2");
	c.field[ROW_LINE] = STR("+15550100002");
	assert_false(events_fit(rows, 1, &c));
	d.field[ROW_CALL_SID] = STR("CA2");
	d.field[ROW_ASIDE] = STR("why not");
	assert_false(events_fit(rows, 1, &d));
}

static int64_t
jobs_of(const struct db *db, const char *kind)
{
	return db_number(db,
	    str_format(
		db->round, "SELECT count(*) FROM jobs WHERE kind = '%s'", kind)
		.p);
}

/* What an event asks for is asked for once, however often it comes. */
static void
test_batch_asks_for_work(void **state)
{
	const struct db *const db = *state;

	add_all(db, story, ARRAY_LEN(story));
	add_all(db, story, ARRAY_LEN(story));
	assert_int_equal(jobs_of(db, "archive"), 1);
	assert_text(db_value(db,
			"SELECT line || call_sid || channel FROM jobs "
			"WHERE kind = 'archive'"),
	    LINE CALL RE);
	assert_int_equal(jobs_of(db, "notify"), 2);
}

/* Late, repeated or replayed: it brings nothing back. */
static void
test_batch_of_an_erased_call(void **state)
{
	const struct db *const db = *state;

	(void)db_sql(db,
	    "INSERT INTO erased (line, tombstone) SELECT '" LINE
	    "', sha256(key || '" CALL "') FROM erasure_key");
	add_all(db, story, ARRAY_LEN(story));
	assert_int_equal(db_number(db, "SELECT count(*) FROM events"), 0);
	assert_int_equal(db_number(db, "SELECT count(*) FROM calls"), 0);
	assert_int_equal(db_number(db, "SELECT count(*) FROM jobs"), 0);
}

/* A backup in which the key is missing must not swallow what was acknowledged. */
static void
test_batch_without_a_key(void **state)
{
	const struct db *const db = *state;

	(void)db_sql(db, "DELETE FROM erasure_key");
	add_all(db, story, ARRAY_LEN(story));
	(void)db_sql(db, "INSERT INTO erasure_key DEFAULT VALUES");
	assert_int_equal(
	    db_number(db, "SELECT count(*) FROM events"), ARRAY_LEN(story));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BATCH_TEST(test_batch_is_the_same_as_one_by_one),
		BATCH_TEST(test_batch_fits),
		BATCH_TEST(test_batch_asks_for_work),
		BATCH_TEST(test_batch_of_an_erased_call),
		BATCH_TEST(test_batch_without_a_key),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
