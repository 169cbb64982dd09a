/* event_row: packed and unpacked, and bytes that are no row. */
#include "flow_testing.h"
#include "store/event_row.h"
#include "testing.h"

#include <string.h>

/* An event of a recorded message, with a text that needs cleaning. */
static struct event_row *
any_row(struct arena *arena, struct random *r)
{
	struct event *const ev = ARENA_NEW(arena, struct event);
	const struct reply reply = {
		.twiml = random_bytes(r, arena, 900),
		.facts = {
			.n = (int)random_below(r, 9),
			.status = CALL_RINGING,
			.status_source = SOURCE_CALLBACK,
			.from = random_bytes(r, arena, 40),
			.started_us = FACT_NONE,
			.ended_us = 7,
			.reconciled_us = FACT_NONE,
			.bridged = BRIDGED_NO,
		},
	};

	*ev = (struct event){
		.kind = (enum event_kind)random_below(r, EVENT__MAX),
		.received_us = (int64_t)random_below(r, UINT32_MAX) * 1000,
		.uri = random_bytes(r, arena, 300),
		.body = random_bytes(r, arena, 3000),
		.line = STR("+15550100001"),
		.call_sid = STR("CA0123456789abcdef0123456789abcdef"),
	};
	for (size_t i = 0; i < sizeof(ev->key); i++)
		ev->key[i] = (unsigned char)random_below(r, 256);
	return event_row_new(arena, ev, &reply);
}

static void
assert_same(const struct event_row *a, const struct event_row *b)
{
	assert_int_equal(a->received_us, b->received_us);
	for (enum row_field f = 0; f < ROW__MAX; f++) {
		assert_int_equal(a->field[f].p == NULL, b->field[f].p == NULL);
		assert_str(a->field[f], b->field[f]);
	}
}

static void
test_event_row_round_trip(void **state)
{
	struct random r = random_begin();

	for (int i = 0; i < 200; i++) {
		const struct event_row *const row = any_row(*state, &r);
		struct event_row again;

		assert_err(
		    event_row_unpack(event_row_pack(*state, row), &again),
		    ERR_OK);
		assert_same(row, &again);
		arena_reset(*state);
	}
}

/* A length that is not its type's would have PostgreSQL refuse the batch. */
static void
test_event_row_types(void **state)
{
	struct random r = random_begin();
	const struct event_row *const row = any_row(*state, &r);

	for (enum row_field f = 0; f < ROW_ASIDE; f++) {
		if (row->field[f].p != NULL && row_field_bytes(f) > 0)
			assert_int_equal(row->field[f].n, row_field_bytes(f));
	}
	assert_int_equal(row->field[ROW_ENDED_CALLBACK].n, 8);
	assert_null(row->field[ROW_STARTED_CALLBACK].p);
	assert_memory_equal(row->field[ROW_BRIDGED].p, "\0", 1);
	assert_memory_equal(row->field[ROW_STATUS_RANK].p, "\0\16", 2);
}

/* What REST says stands in columns of its own: it outranks a callback. */
static void
test_event_row_of_rest(void **state)
{
	const struct event ev = { .kind = EVENT_RECONCILE };
	const struct reply reply = { .facts = {
					 .status = CALL_COMPLETED,
					 .status_source = SOURCE_REST,
					 .duration_s = 9,
					 .started_us = 1,
					 .ended_us = 2,
					 .reconciled_us = 3,
				     } };
	const struct event_row *const row = event_row_new(*state, &ev, &reply);

	assert_null(row->field[ROW_DURATION_CALLBACK_S].p);
	assert_null(row->field[ROW_STARTED_CALLBACK].p);
	assert_null(row->field[ROW_ENDED_CALLBACK].p);
	assert_memory_equal(row->field[ROW_DURATION_REST_S].p, "\0\0\0\11", 4);
	assert_non_null(row->field[ROW_STARTED_REST].p);
	assert_non_null(row->field[ROW_ENDED_REST].p);
	assert_non_null(row->field[ROW_RECONCILED].p);
	assert_str(row->field[ROW_KIND], STR("reconcile"));
}

/* Cut anywhere but between two fields behind the required ones, it is none. */
static void
test_event_row_cut(void **state)
{
	struct random r = random_begin();
	const struct str record = event_row_pack(*state, any_row(*state, &r));
	struct event_row row;
	size_t whole = 0;

	for (size_t n = 0; n < record.n; n++) {
		if (event_row_unpack(str_slice(record, 0, n), &row) == ERR_OK)
			whole++;
	}
	assert_in_range(whole, 1, ROW__MAX); /* an older program's records */
}

/* Any byte changed: a row or none, and never a read beyond its end. */
static void
test_event_row_damage(void **state)
{
	struct random r = random_begin();
	const struct str record = event_row_pack(*state, any_row(*state, &r));

	for (size_t i = 0; i < record.n; i++) {
		char *const copy = arena_copy(*state, record.p, record.n);
		struct event_row row;

		copy[i] = (char)(copy[i] ^ (1 << random_below(&r, 8)));
		if (event_row_unpack((struct str){ copy, record.n }, &row) !=
		    ERR_OK)
			continue;
		for (enum row_field f = 0; f < ROW__MAX; f++)
			assert_true(row.field[f].n <= record.n);
	}
}

static void
test_event_row_without_a_call(void **state)
{
	const struct event ev = { .kind = EVENT_STATUS, .line = STR("+1555") };
	const struct reply reply = { 0 };
	const struct event_row *const row = event_row_new(*state, &ev, &reply);
	struct event_row again;

	assert_str(row->field[ROW_ASIDE], STR("no call SID"));
	assert_err(
	    event_row_unpack(event_row_pack(*state, row), &again), ERR_OK);
	assert_str(again.field[ROW_ASIDE], STR("no call SID"));
}

/* It was acknowledged, so it is kept, whatever it is. */
static void
test_event_row_unreadable(void **state)
{
	struct random r = random_begin();

	for (int i = 0; i < 100; i++) {
		const struct str bytes = random_bytes(&r, *state, 500);
		struct event_row row;

		assert_err(event_row_unpack(
			       event_row_unreadable(*state, bytes, 5), &row),
		    ERR_OK);
		assert_str(row.field[ROW_BODY], bytes);
		assert_int_equal(row.received_us, 5);
		assert_non_null(row.field[ROW_ASIDE].p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_event_row_round_trip),
		TEST(test_event_row_types),
		TEST(test_event_row_of_rest),
		TEST(test_event_row_cut),
		TEST(test_event_row_damage),
		TEST(test_event_row_without_a_call),
		TEST(test_event_row_unreadable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
