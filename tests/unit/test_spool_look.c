/* spool_look: what somebody sees of a spool that he does not hold. */
#include "base/clock.h"
#include "folder_testing.h"
#include "io/spool.h"
#include "io/spool_look.h"

static const struct spool_record record = {
	.bytes = STR_INIT("From=%2B15550100009"),
	.received_us = INT64_C(1795338000000000),
};

static int64_t
oldest(const struct folder *f)
{
	int64_t us = -1;

	assert_err(spool_look_oldest(f->path, &us), ERR_OK);
	return us;
}

static void
test_look_at_nothing(void **state)
{
	const struct folder *const f = *state;
	size_t removed = 9;
	int64_t us;

	assert_true(oldest(f) == INT64_MAX);
	assert_err(spool_look_oldest(folder_path(f, "none"), &us), ERR_OK);
	assert_true(us == INT64_MAX);
	assert_err(spool_look_purge(f->arena, folder_path(f, "none"),
		       &record.bytes, 1, &removed),
	    ERR_OK);
	assert_int_equal(removed, 0);
	(void)folder_file(f, "lock", "");
	(void)folder_file(f, "0000000000000001.seg", "no name of a spool's");
	assert_true(oldest(f) == INT64_MAX);
}

/* An own file goes by its record's receipt, a segment by when it was begun. */
static void
test_look_at_a_spool(void **state)
{
	const struct folder *const f = *state;
	const struct log log = { .level = LOG_LEVEL_ERROR, .fd = 2 };
	const struct spool_options options = {
		.folder = f->path,
		.quota_bytes = INT64_C(1) << 30,
		.log = &log,
	};
	const int64_t before_us = clock_wall_us();
	struct spool_batch batch;
	struct spool *spool;
	struct str why;

	assert_err(spool_open(f->arena, &options, &spool, &why), ERR_OK);
	assert_true(oldest(f) == INT64_MAX);
	assert_err(spool_write(spool, &record, 1), ERR_OK);
	assert_true(oldest(f) >= before_us && oldest(f) < INT64_MAX);
	assert_err(spool_own_write(f->path, &record), ERR_OK);
	assert_true(oldest(f) == record.received_us);
	spool_seal(spool);
	assert_err(spool_scan(spool), ERR_OK);
	do {
		assert_err(
		    spool_read(spool, f->arena, 10, 1000, &batch), ERR_OK);
		spool_commit(spool);
	} while (batch.n > 0);
	assert_true(oldest(f) == INT64_MAX);
	spool_close(spool);
}

#define YOUNG "7fffffffffffffff-0123456789abcdef.tmp"

static void
test_look_purge(void **state)
{
	static const char *const names[] = {
		"0000000000000001-0123456789abcdef.bad", /* goes */
		"0000000000000002-0123456789abcdef.bad", /* goes */
		"0000000000000003-0123456789abcdef.bad",
		"0000000000000004-0123456789abcdef.seg",
		"0000000000000005-0123456789abcdef.own",
		"0000000000000006-0123456789abcdef.tmp", /* goes */
		YOUNG,
	};
	static const char *const texts[] = { "xFrom=%2B15550100009", "x CA1",
		"15550100008 CA2", "15550100009", "15550100009", "15550100009",
		"15550100009" };
	const struct str wanted[] = { STR("15550100009"), STR("CA1") };
	const struct folder *const f = *state;
	size_t removed;

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		(void)folder_file(f, names[i], texts[i]);
	assert_err(
	    spool_look_purge(f->arena, f->path, wanted, 2, &removed), ERR_OK);
	assert_int_equal(removed, 3);
	assert_int_equal(folder_count(f), ARRAY_LEN(names) - 3);
	assert_true(oldest(f) == 4);
	assert_err(
	    spool_look_purge(f->arena, f->path, wanted, 2, &removed), ERR_OK);
	assert_int_equal(removed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(test_look_at_nothing),
		FOLDER_TEST(test_look_at_a_spool),
		FOLDER_TEST(test_look_purge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
