/* spool: what goes in comes out, in order, until it is committed. */
#include "spool_testing.h"

#include "base/clock.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define DAY_US (INT64_C(24) * 60 * 60 * 1000000)

static bool
same(const struct spool_record *a, const struct spool_record *b)
{
	return str_eq(a->bytes, b->bytes) && a->received_us == b->received_us;
}

static struct spool_record
any_record(struct random *r, struct arena *arena)
{
	static const size_t lengths[] = { 1, 40, 3000, 70000, 300000 };
	struct spool_record record;

	record.received_us = (int64_t)random_next(r);
	do {
		record.bytes = random_bytes(
		    r, arena, lengths[random_below(r, ARRAY_LEN(lengths))]);
	} while (record.bytes.n == 0);
	return record;
}

/* Any bytes and times, in batches of any size, over restarts. */
static void
test_spool_round_trip(void **state)
{
	struct random r = random_begin();
	struct box *const box = box_begin(*state);
	struct spool_record in[120];
	struct spool_batch out;

	for (size_t i = 0; i < ARRAY_LEN(in); i++)
		in[i] = any_record(&r, box->arena);
	for (size_t i = 0; i < ARRAY_LEN(in);) {
		const size_t left = ARRAY_LEN(in) - i;
		const size_t n = random_below(&r, left < 30 ? left + 1 : 30);

		assert_err(spool_write(box->spool, in + i, n), ERR_OK);
		i += n;
		if (random_below(&r, 5) == 0)
			spool_seal(box->spool);
		if (random_below(&r, 9) == 0)
			box_reopen(box);
	}
	assert_int_equal(box_depth(box).records, ARRAY_LEN(in));
	spool_seal(box->spool);
	out = box_drain(box, 7);
	assert_int_equal(out.n, ARRAY_LEN(in));
	for (size_t i = 0; i < ARRAY_LEN(in); i++)
		assert_true(same(&out.records[i], &in[i]));
	assert_int_equal(box_depth(box).bytes, 0);
	assert_int_equal(box_depth(box).bad_records, 0);
	assert_int_equal(box_files(box, ".seg"), 0);
	box_end(box);
}

static void
test_spool_lengths(void **state)
{
	struct box *const box = box_begin(*state);
	char *const large = arena_alloc(box->arena, SPOOL_RECORD_MAX + 1);
	struct spool_record two[] = { record_of("x", 1), record_of("", 1) };

	assert_err(spool_write(box->spool, two, 0), ERR_OK);
	assert_err(spool_write(box->spool, two, 2), ERR_INPUT);
	assert_err(spool_own_write(box->folder, &two[1]), ERR_INPUT);
	two[1].bytes = (struct str){ large, SPOOL_RECORD_MAX + 1 };
	assert_err(spool_write(box->spool, two, 2), ERR_INPUT);
	assert_err(spool_own_write(box->folder, &two[1]), ERR_INPUT);
	assert_int_equal(box_depth(box).records, 0);
	two[1].bytes.n--;
	assert_err(spool_write(box->spool, two, 2), ERR_OK);
	assert_err(spool_own_write(box->folder, &two[1]), ERR_OK);
	spool_seal(box->spool);
	assert_err(spool_scan(box->spool), ERR_OK);
	assert_int_equal(box_drain(box, 9).n, 3);
	box_end(box);
}

/* The open segment is not read; sealing without one does nothing. */
static void
test_spool_seal(void **state)
{
	struct box *const box = box_begin(*state);

	spool_seal(box->spool);
	box_write(box, "one", 1);
	assert_int_equal(box_read(box, 9).n, 0);
	spool_seal(box->spool);
	spool_seal(box->spool);
	box_write(box, "two", 2);
	assert_int_equal(box_drain(box, 9).n, 1);
	assert_int_equal(box_depth(box).records, 1);
	box_end(box);
}

static void
test_spool_segments_are_closed_at_their_size(void **state)
{
	struct box *const box = box_begin(*state);
	struct spool_record record = { .received_us = 1 };
	size_t n = 0;

	record.bytes = (struct str){ arena_alloc(box->arena, 100000), 100000 };
	for (; box_files(box, ".seg") < 3; n++)
		assert_err(spool_write(box->spool, &record, 1), ERR_OK);
	assert_int_equal(n, 2 * (SPOOL_SEGMENT_BYTES / 100024) + 1);
	assert_int_equal(box_drain(box, 1000).n, n - 1);
	assert_int_equal(box_files(box, ".seg"), 1);
	box_end(box);
}

/* A batch is bounded by records and by bytes, but never empty. */
static void
test_spool_read_bounds(void **state)
{
	struct box *const box = box_begin(*state);
	struct spool_batch batch;

	box_write(box, "0123456789", 1);
	box_write(box, "0123456789", 2);
	spool_seal(box->spool);
	box_write(box, "01234", 3);
	spool_seal(box->spool);
	for (size_t max = 0; max < 20; max++) {
		assert_err(
		    spool_read(box->spool, box->arena, 9, max, &batch), ERR_OK);
		assert_int_equal(batch.n, 1);
	}
	assert_err(spool_read(box->spool, box->arena, 9, 24, &batch), ERR_OK);
	assert_int_equal(batch.n, 2);
	assert_err(spool_read(box->spool, box->arena, 9, 25, &batch), ERR_OK);
	assert_int_equal(batch.n, 3);
	assert_err(spool_read(box->spool, box->arena, 2, 25, &batch), ERR_OK);
	assert_int_equal(batch.n, 2);
	box_end(box);
}

/* What was not committed is given again, at once and after a restart. */
static void
test_spool_rewind_and_restart(void **state)
{
	struct box *const box = box_begin(*state);

	box_write(box, "one", 1);
	box_write(box, "two", 2);
	box_write(box, "three", 3);
	spool_seal(box->spool);
	assert_text(box_read(box, 2).records[0].bytes, "one");
	spool_rewind(box->spool);
	assert_text(box_read(box, 1).records[0].bytes, "one");
	assert_text(box_read(box, 1).records[0].bytes, "one");
	spool_commit(box->spool);
	spool_commit(box->spool);
	assert_int_equal(box_depth(box).records, 2);
	assert_text(box_read(box, 1).records[0].bytes, "two");
	spool_seal(box->spool);
	box_write(box, "four", 4);
	spool_seal(box->spool); /* while a batch is out */
	spool_commit(box->spool);
	assert_text(box_read(box, 1).records[0].bytes, "three");
	box_reopen(box);
	assert_int_equal(box_depth(box).records, 4);
	assert_int_equal(box_drain(box, 9).n, 4);
	box_end(box);
}

/* Oldest first, and whenever they come; names of others are left alone. */
static void
test_spool_own_files_are_adopted(void **state)
{
	struct box *const box = box_begin(*state);
	const int64_t now = clock_wall_us();
	struct spool_record record = record_of("old", now - DAY_US);
	struct spool_batch out;

	box_write(box, "begun", now);
	spool_seal(box->spool);
	assert_err(spool_scan(box->spool), ERR_OK);
	assert_err(spool_own_write(box->folder, &record), ERR_OK);
	record = record_of("new", now + DAY_US);
	assert_err(spool_own_write(box->folder, &record), ERR_OK);
	assert_int_equal(box_depth(box).records, 1);
	assert_text(box_read(box, 9).records[0].bytes, "begun");
	assert_err(spool_scan(box->spool), ERR_OK); /* not now */
	assert_int_equal(box_depth(box).records, 1);
	spool_rewind(box->spool);
	assert_err(spool_scan(box->spool), ERR_OK);
	assert_err(spool_scan(box->spool), ERR_OK); /* each once */
	assert_int_equal(box_depth(box).records, 3);
	assert_int_equal(box_depth(box).oldest_us, now - DAY_US);
	out = box_drain(box, 9);
	assert_int_equal(out.n, 3);
	assert_text(out.records[0].bytes, "old");
	assert_text(out.records[1].bytes, "begun");
	assert_text(out.records[2].bytes, "new");
	assert_int_equal(out.records[2].received_us, now + DAY_US);
	assert_int_equal(box_files(box, ".own"), 0);
	box_end(box);
}

/* More of them than one look takes in, and found again by a restart. */
static void
test_spool_many_own_files(void **state)
{
	struct box *const box = box_begin(*state);
	const size_t n = SPOOL_SCAN_MAX + 200;

	for (size_t i = 0; i < n; i++) {
		const struct spool_record record =
		    record_of("x", (int64_t)(i * 7919 % n));

		assert_err(spool_own_write(box->folder, &record), ERR_OK);
	}
	assert_err(spool_scan(box->spool), ERR_OK);
	assert_int_equal(box_depth(box).records, SPOOL_SCAN_MAX);
	assert_err(spool_scan(box->spool), ERR_OK);
	assert_int_equal(box_depth(box).records, n);
	box_reopen(box);
	assert_int_equal(box_depth(box).records, n);
	for (size_t i = 0; i < n; i += 100) {
		const struct spool_batch batch = box_read(box, 100);

		assert_int_equal(batch.n, 100);
		for (size_t k = 0; k < batch.n; k++)
			assert_int_equal(batch.records[k].received_us, i + k);
		spool_commit(box->spool);
	}
	assert_int_equal(box_files(box, ".own"), 0);
	box_end(box);
}

static void
test_spool_depth(void **state)
{
	struct box *const box = box_begin(*state);
	struct spool_depth before = box_depth(box);
	struct spool_depth after;

	assert_int_equal(before.oldest_us, INT64_MAX);
	assert_int_equal(before.quota_bytes, BOX_QUOTA);
	box_write(box, "three", 3);
	box_write(box, "two", 2);
	box_write(box, "four", 4);
	before = box_depth(box);
	assert_int_equal(before.records, 3);
	assert_int_equal(before.files, 1);
	assert_int_equal(before.oldest_us, 2);
	assert_int_equal(before.bytes, FILE_HEAD + 3 * RECORD_HEAD + 12);
	box_reopen(box);
	after = box_depth(box);
	assert_int_equal(after.records, 3);
	assert_int_equal(after.files, 1);
	assert_int_equal(after.oldest_us, 2);
	assert_int_equal(after.bytes, before.bytes + (int64_t)RECORD_HEAD);
	assert_int_equal(
	    after.bytes, bytes_in(box->arena, box_file(box, ".seg")).n);
	assert_int_equal(box_logged(box, "spool"), 1); /* what waits */
	box_write(box, "five", 5);
	assert_int_equal(box_depth(box).records, 4);
	assert_int_equal(box_depth(box).files, 2);
	assert_int_equal(box_depth(box).oldest_us, 2);
	box_end(box);
}

/* One holder; the lock ends with him, however he ends. */
static void
test_spool_lock(void **state)
{
	struct box *const box = box_begin(*state);
	struct spool *second = NULL;
	struct str why = STR_ABSENT;
	int ready[2];
	pid_t child;
	char c;

	assert_err(
	    spool_open(box->arena, &box->options, &second, &why), ERR_CONFLICT);
	assert_holds(why, box->folder);
	spool_close(box->spool);
	assert_int_equal(pipe(ready), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		box_open(box);
		box_write(box, "of the dead", 1);
		_exit(write(ready[1], "x", 1) == 1 && pause() == 0);
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	assert_err(
	    spool_open(box->arena, &box->options, &second, &why), ERR_CONFLICT);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	box_open(box);
	assert_text(box_drain(box, 9).records[0].bytes, "of the dead");
	(void)close(ready[0]);
	(void)close(ready[1]);
	box_end(box);
}

static void
test_spool_that_cannot_be_opened(void **state)
{
	struct box *const box = box_begin(*state);
	struct spool_options options = box->options;
	struct spool *spool = NULL;
	struct str why = STR_ABSENT;

	options.folder = "/proc/no/such/folder";
	assert_err(spool_open(box->arena, &options, &spool, &why), ERR_BUSY);
	assert_holds(why, "/proc/no/such/folder: ");
	options.folder = box->log_path;
	assert_err(spool_open(box->arena, &options, &spool, &why), ERR_BUSY);
	spool_close(NULL);
	box_end(box);
}

/* What a writer that died long ago left; not what one writes just now. */
static void
test_spool_stale_files(void **state)
{
	static const char name[] = "0000000000000001-0000000000000002.tmp";
	struct box *const box = box_begin(*state);
	const char *const path = str_cstr(
	    box->arena, str_format(box->arena, "%s/%s", box->folder, name));
	const struct timespec long_ago[2] = { { .tv_sec = 1000000000 },
		{ .tv_sec = 1000000000 } };

	bytes_to(path, STR("half"));
	box_reopen(box);
	assert_int_equal(box_files(box, name), 1);
	assert_int_equal(utimensat(AT_FDCWD, path, long_ago, 0), 0);
	box_reopen(box);
	assert_int_equal(box_files(box, name), 0);
	assert_int_equal(box_depth(box).bytes, 0);
	box_end(box);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(test_spool_round_trip),
		FOLDER_TEST(test_spool_lengths),
		FOLDER_TEST(test_spool_seal),
		FOLDER_TEST(test_spool_segments_are_closed_at_their_size),
		FOLDER_TEST(test_spool_read_bounds),
		FOLDER_TEST(test_spool_rewind_and_restart),
		FOLDER_TEST(test_spool_own_files_are_adopted),
		FOLDER_TEST(test_spool_many_own_files),
		FOLDER_TEST(test_spool_depth),
		FOLDER_TEST(test_spool_lock),
		FOLDER_TEST(test_spool_that_cannot_be_opened),
		FOLDER_TEST(test_spool_stale_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
