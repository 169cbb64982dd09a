/* blocks: who is turned away, in the table and in the snapshot. */
#include "pg_testing.h"
#include "store/blocks.h"
#include "store/erasure.h"
#include "store/flows.h"

#include "io/files.h"

#include <unistd.h>

#define NUMBER STR("+15550100009")

static int
begin(void **state)
{
	if (db_begin(state) != 0)
		return -1;
	(void)db_sql(*state, "TRUNCATE blocks, jobs");
	(void)db_sql(*state,
	    "INSERT INTO jobs (line, call_sid, kind, channel, due_at) VALUES "
	    "('', '', 'snapshot', 'a', now() + interval '5 s'), "
	    "('', '', 'snapshot', 'b', now() + interval '4 s'), "
	    "('', '', 'retention', '', now() + interval '5 s')");
	return 0;
}

#define BLOCKS_TEST(function) cmocka_unit_test_setup((function), begin)

static int64_t
hastened(const struct db *db)
{
	const int64_t n =
	    db_number(db, "SELECT count(*) FROM jobs WHERE due_at <= now()");

	(void)db_sql(db, "UPDATE jobs SET due_at = now() + interval '5 s'");
	return n;
}

static struct pg_rows
put(const struct db *db, struct block_wish wish)
{
	struct pg_rows rows;

	wish.deadline_ms = in_ms(5000);
	assert_err(blocks_put(db->pg, db->round, &wish, &rows), ERR_OK);
	assert_int_equal(rows.n, 1);
	return rows;
}

static void
test_blocks_put(void **state)
{
	const struct db *const db = *state;
	struct pg_rows rows = put(
	    db, (struct block_wish){ NUMBER, true, STR("x"), STR("anna"), 0 });
	const int64_t since = pg_int(&rows, 0, BLOCK_COLUMN_CREATED_US, 0);

	assert_str(pg_str(&rows, 0, BLOCK_COLUMN_NUMBER), NUMBER);
	assert_text(pg_str(&rows, 0, BLOCK_COLUMN_NOTE), "x");
	assert_text(pg_str(&rows, 0, BLOCK_COLUMN_CREATED_BY), "anna");
	assert_int_equal(hastened(db), 2);
	rows = put(db,
	    (struct block_wish){ NUMBER, false, STR_ABSENT, STR("bob"), 0 });
	assert_int_equal(pg_int(&rows, 0, BLOCK_COLUMN_CREATED_US, 0), since);
	assert_text(pg_str(&rows, 0, BLOCK_COLUMN_NOTE), "x");
	assert_text(pg_str(&rows, 0, BLOCK_COLUMN_CREATED_BY), "anna");
	rows = put(
	    db, (struct block_wish){ NUMBER, true, STR_ABSENT, STR("bob"), 0 });
	assert_absent(pg_str(&rows, 0, BLOCK_COLUMN_NOTE));
}

static void
test_blocks_get_and_remove(void **state)
{
	const struct db *const db = *state;
	struct pg_rows rows;

	assert_err(blocks_get(db->pg, db->round, NUMBER, in_ms(5000), &rows),
	    ERR_NOT_FOUND);
	(void)put(
	    db, (struct block_wish){ NUMBER, false, STR_ABSENT, STR("a"), 0 });
	(void)hastened(db);
	assert_err(
	    blocks_get(db->pg, db->round, NUMBER, in_ms(5000), &rows), ERR_OK);
	assert_err(
	    blocks_remove(db->pg, db->round, NUMBER, in_ms(5000)), ERR_OK);
	assert_int_equal(hastened(db), 2);
	assert_err(blocks_remove(db->pg, db->round, NUMBER, in_ms(5000)),
	    ERR_NOT_FOUND);
}

static void
test_blocks_list(void **state)
{
	const struct db *const db = *state;
	struct blocks_page page = { .after_us = -1, .limit = 2 };
	struct pg_rows rows;

	page.deadline_ms = in_ms(5000);
	(void)db_sql(db,
	    "INSERT INTO blocks (number, created_by, created_at) VALUES "
	    "('+15550100004', 'a', to_timestamp(2)), "
	    "('+15550100001', 'a', to_timestamp(1)), "
	    "('+15550100002', 'a', to_timestamp(3)), "
	    "('+15550100003', 'a', to_timestamp(2))");
	assert_err(blocks_list(db->pg, db->round, &page, &rows), ERR_OK);
	assert_int_equal(rows.n, 2);
	assert_text(pg_str(&rows, 0, BLOCK_COLUMN_NUMBER), "+15550100002");
	assert_text(pg_str(&rows, 1, BLOCK_COLUMN_NUMBER), "+15550100003");
	page.after_us = pg_int(&rows, 1, BLOCK_COLUMN_CREATED_US, -1);
	page.after_number = pg_str(&rows, 1, BLOCK_COLUMN_NUMBER);
	assert_err(blocks_list(db->pg, db->round, &page, &rows), ERR_OK);
	assert_int_equal(rows.n, 2);
	assert_text(pg_str(&rows, 0, BLOCK_COLUMN_NUMBER), "+15550100004");
	assert_text(pg_str(&rows, 1, BLOCK_COLUMN_NUMBER), "+15550100001");
}

/* What no caller can have is refused by the table itself. */
static void
test_blocks_hold_numbers_alone(void **state)
{
	static const char *const texts[] = { "anonymous", "15550100009", "+1",
		"+1555 0100009", "+15550100009 +15550100010", "" };
	const struct db *const db = *state;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		const struct block_wish wish = { .number = str_of(texts[i]),
			.by = STR("a"),
			.deadline_ms = in_ms(5000) };
		struct pg_rows rows;

		assert_err(
		    blocks_put(db->pg, db->round, &wish, &rows), ERR_CONFLICT);
	}
}

static const struct flow_set *
snapshot(const struct db *db)
{
	const char *const path = "/tmp/mainline-blocks.json";
	struct flow_set *const set = flow_set_new(
	    db->round, flow_builtin(db->round, STR_ABSENT, STR_ABSENT));
	const char *const own =
	    str_format(db->round, "%s.%d", path, (int)getpid()).p;
	struct str why = STR("");

	assert_err(flows_snapshot_write(db->pg, db->round, own), ERR_OK);
	if (flows_snapshot_read(db->round, own, set, &why) != ERR_OK)
		fail_msg("%.*s", STR_ARG(why));
	assert_int_equal(unlink(own), 0);
	(void)unlink(str_format(db->round, "%s.lock", own).p);
	return set;
}

static void
test_blocks_in_the_snapshot(void **state)
{
	const struct db *const db = *state;

	assert_int_equal(snapshot(db)->blocks.n, 0);
	(void)db_sql(db,
	    "INSERT INTO blocks (number, created_by) VALUES "
	    "('+15550100009', 'a'), ('+4420718387', 'a'), ('+9991234567', 'a')");
	assert_int_equal(snapshot(db)->blocks.n, 3);
	assert_true(block_list_has(&snapshot(db)->blocks, NUMBER));
	assert_true(block_list_has(&snapshot(db)->blocks, STR("+4420718387")));
	assert_false(block_list_has(&snapshot(db)->blocks, STR("+442071838")));
}

/* The last one is refused; where two came at a time the snapshot still reads. */
static void
test_blocks_are_full(void **state)
{
	const struct db *const db = *state;
	struct block_wish wish = {
		.number = NUMBER, .by = STR("a"), .deadline_ms = in_ms(5000)
	};
	struct pg_rows rows;

	(void)db_sql(db,
	    "INSERT INTO blocks (number, created_by) SELECT "
	    "'+4930' || lpad(g::text, 7, '0'), 'a' "
	    "FROM generate_series(1, 10000) g");
	assert_err(blocks_put(db->pg, db->round, &wish, &rows), ERR_LIMIT);
	wish.number = STR("+49300000001");
	assert_err(blocks_put(db->pg, db->round, &wish, &rows), ERR_OK);
	(void)db_sql(db,
	    "INSERT INTO blocks (number, created_by, created_at) "
	    "VALUES ('+15550100009', 'a', now() + interval '1 s')");
	assert_int_equal(snapshot(db)->blocks.n, BLOCK_LIST_MAX);
	assert_true(block_list_has(&snapshot(db)->blocks, NUMBER));
}

/* Nobody reads anew what is the same. */
static void
test_snapshot_is_written_when_it_changes(void **state)
{
	const struct db *const db = *state;
	const char *const path =
	    str_format(db->round, "/tmp/mainline-same.%d.json", (int)getpid())
		.p;
	struct files_stamp a;
	struct files_stamp b;

	assert_err(flows_snapshot_write(db->pg, db->round, path), ERR_OK);
	a = files_stamp(path);
	assert_err(flows_snapshot_write(db->pg, db->round, path), ERR_OK);
	b = files_stamp(path);
	assert_int_equal(a.inode, b.inode);
	(void)put(
	    db, (struct block_wish){ NUMBER, false, STR_ABSENT, STR("a"), 0 });
	assert_err(flows_snapshot_write(db->pg, db->round, path), ERR_OK);
	b = files_stamp(path);
	assert_true(a.inode != b.inode || a.changed_ns != b.changed_ns);
	assert_int_equal(unlink(path), 0);
	(void)unlink(str_format(db->round, "%s.lock", path).p);
}

static void
test_blocks_erased(void **state)
{
	const struct db *const db = *state;
	int64_t n = -1;

	(void)db_sql(db,
	    "INSERT INTO blocks (number, created_by) VALUES "
	    "('+15550100009', 'a'), ('+155501000091', 'a')");
	assert_err(
	    erasure_block(db->pg, db->round, STR("15550100009"), true, &n),
	    ERR_OK);
	assert_int_equal(n, 1);
	assert_int_equal(hastened(db), 0);
	assert_err(
	    erasure_block(db->pg, db->round, STR("15550100009"), false, &n),
	    ERR_OK);
	assert_int_equal(n, 1);
	assert_int_equal(hastened(db), 2);
	assert_text(db_value(db, "SELECT string_agg(number, ' ') FROM blocks"),
	    "+155501000091");
	assert_err(
	    erasure_block(db->pg, db->round, STR("15550100009"), false, &n),
	    ERR_OK);
	assert_int_equal(n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		BLOCKS_TEST(test_blocks_put),
		BLOCKS_TEST(test_blocks_get_and_remove),
		BLOCKS_TEST(test_blocks_list),
		BLOCKS_TEST(test_blocks_hold_numbers_alone),
		BLOCKS_TEST(test_blocks_in_the_snapshot),
		BLOCKS_TEST(test_blocks_are_full),
		BLOCKS_TEST(test_snapshot_is_written_when_it_changes),
		BLOCKS_TEST(test_blocks_erased),
	};

	return cmocka_run_group_tests(tests, db_setup, db_teardown);
}
