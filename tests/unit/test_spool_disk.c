/*
 * spool: a disk that is full, or fails.  What was told to be durable stays so,
 * what was not counts as nothing, and it works again when the disk does.
 */
#include "disk_testing.h"
#include "spool_testing.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

static enum err
write_two(struct box *box, const char *a, const char *b)
{
	const struct spool_record records[] = { record_of(a, 1),
		record_of(b, 2) };

	return spool_write(box->spool, records, 2);
}

/* Every text that was told to be durable, in this order, and no other. */
static void
assert_holds_all(struct box *box, const char *const *texts, size_t n)
{
	struct spool_batch out;

	assert_int_equal(box_depth(box).records, n);
	box_reopen(box);
	assert_int_equal(box_depth(box).records, n);
	assert_int_equal(box_depth(box).bad_records, 0);
	out = box_drain(box, 2);
	assert_int_equal(out.n, n);
	for (size_t i = 0; i < n; i++)
		assert_text(out.records[i].bytes, texts[i]);
	assert_int_equal(box_depth(box).bytes, 0);
}

/* The quota counts all files; full, it takes nothing, and says so once. */
static void
test_spool_quota(void **state)
{
	struct box *const box = box_begin(*state);
	const struct spool_record record = record_of("0123456789", 1);
	const int64_t each = (int64_t)RECORD_HEAD + 10;
	int64_t n = 0;

	box->options.quota_bytes = 100 * each;
	box->options.segment_bytes = 10 * each;
	box_reopen(box);
	for (int round = 1; round < 4; round++) {
		enum err e;

		while ((e = spool_write(box->spool, &record, 1)) == ERR_OK) {
			const int64_t bytes = box_depth(box).bytes;

			n++;
			assert_true(bytes <= box->options.quota_bytes);
			assert_int_equal(box_logged(box, "spool_full"),
			    bytes * 100 / box->options.quota_bytes >= 80
				? round
				: round - 1);
		}
		assert_err(e, ERR_LIMIT);
		assert_err(spool_write(box->spool, &record, 1), ERR_LIMIT);
		assert_int_equal(box_depth(box).records, n);
		(void)box_read(box, 5); /* less than one segment */
		spool_commit(box->spool);
		n -= 5;
		(void)box_read(box, 10);
		spool_commit(box->spool);
		n -= 10;
		assert_int_equal(box_logged(box, "spool_full"), round);
		spool_seal(box->spool);
		n -= (int64_t)box_drain(box, 1000).n;
		assert_int_equal(n, 0);
	}
	box_end(box);
}

/* Around the alarm's mark it is not given again and again. */
static void
test_spool_alarm_has_a_margin(void **state)
{
	struct box *const box = box_begin(*state);
	const struct spool_record record = record_of("0123456789", 1);

	box->options.quota_bytes = 10000;
	box->options.segment_bytes = 300;
	box_reopen(box);
	for (int round = 0; round < 3; round++) {
		while (box_depth(box).bytes < 8100)
			assert_err(spool_write(box->spool, &record, 1), ERR_OK);
		assert_int_equal(box_logged(box, "spool_full"), 1);
		while (box_depth(box).bytes > 7600) {
			(void)box_read(box, 10);
			spool_commit(box->spool);
		}
		assert_true(box_depth(box).bytes > 7000);
	}
	assert_int_equal(box_logged(box, "spool"), 0);
	spool_seal(box->spool);
	(void)box_drain(box, 100);
	assert_int_equal(box_logged(box, "spool"), 1);
	box_end(box);
}

/* An own file is not held to the quota, but is counted. */
static void
test_spool_quota_counts_own_files(void **state)
{
	struct box *const box = box_begin(*state);
	char bytes[9000] = "";
	const struct spool_record record = { { bytes, sizeof(bytes) }, 1 };

	box->options.quota_bytes = 10000;
	box_reopen(box);
	assert_err(spool_own_write(box->folder, &record), ERR_OK);
	assert_err(spool_scan(box->spool), ERR_OK);
	assert_int_equal(box_logged(box, "spool_full"), 1);
	assert_err(spool_own_write(box->folder, &record), ERR_OK);
	assert_err(spool_write(box->spool, &record, 1), ERR_LIMIT);
	box_end(box);
}

/* The disk fills up at any byte of a write. */
static void
test_spool_full_disk_at_any_byte(void **state)
{
	struct box *const box = box_begin(*state);
	static const char *const texts[] = { "one", "two", "five", "six" };
	const int64_t all = 2 * (int64_t)RECORD_HEAD + 9;

	for (int64_t bytes = 0; bytes < all; bytes++) {
		assert_err(write_two(box, "one", "two"), ERR_OK);
		disk_room(bytes);
		assert_err(write_two(box, "three", "four"), ERR_BUSY);
		assert_err(write_two(box, "three", "four"), ERR_BUSY);
		disk_heal();
		assert_err(write_two(box, "five", "six"), ERR_OK);
		assert_int_equal(box_files(box, ".seg"), 1);
		assert_holds_all(box, texts, 4);
	}
	assert_int_equal(box_logged(box, "spool_failed"), all);
	box_end(box);
}

/* The same in the first write of a segment: nothing of it stays. */
static void
test_spool_full_disk_in_a_new_segment(void **state)
{
	struct box *const box = box_begin(*state);
	static const char *const texts[] = { "five", "six" };
	const int64_t all = (int64_t)(FILE_HEAD + 2 * RECORD_HEAD + 9);

	for (int64_t bytes = 0; bytes < all; bytes++) {
		disk_room(bytes);
		assert_err(write_two(box, "three", "four"), ERR_BUSY);
		assert_int_equal(box_files(box, ".seg"), 0);
		disk_heal();
		assert_err(write_two(box, "five", "six"), ERR_OK);
		assert_holds_all(box, texts, 2);
	}
	box_end(box);
}

/* What cannot be cut off again is left alone. */
static void
test_spool_full_disk_that_cannot_cut_off(void **state)
{
	struct box *const box = box_begin(*state);
	static const char *const texts[] = { "one", "two", "five", "six" };

	for (int64_t bytes = 0; bytes < (int64_t)RECORD_HEAD + 5; bytes++) {
		assert_err(write_two(box, "one", "two"), ERR_OK);
		disk_room(bytes);
		disk_fail(DISK_TRUNCATE, 0, 1, EIO);
		assert_err(write_two(box, "three", "four"), ERR_BUSY);
		disk_heal();
		assert_err(write_two(box, "five", "six"), ERR_OK);
		assert_int_equal(box_files(box, ".seg"), 2);
		assert_holds_all(box, texts, 4);
	}
	box_end(box);
}

/* A failure that a new segment mends is none; one that it does not is. */
static const struct row {
	const char *name;
	enum disk_op op;
	int after, times;
	enum err want;
} rows[] = {
	{ "a write fails once", DISK_WRITE, 0, 1, ERR_OK },
	{ "a write fails twice", DISK_WRITE, 0, 2, ERR_BUSY },
	{ "a sync fails once", DISK_SYNC, 0, 1, ERR_OK },
	{ "a sync fails twice", DISK_SYNC, 0, 2, ERR_BUSY },
	{ "the sync of the new segment's name fails too", DISK_SYNC_FOLDER, 0,
	    1, ERR_BUSY },
	{ "no new segment can be made", DISK_CREATE, 0, 1, ERR_BUSY },
};

static void
fail_as(const struct row *r)
{
	disk_fail(r->op, r->after, r->times, EIO);
	if (r->op == DISK_SYNC_FOLDER || r->op == DISK_CREATE)
		disk_fail(DISK_SYNC, 0, 1, EIO);
}

static bool
is_written_after_a_failed_sync(const struct disk_tape *tape)
{
	for (size_t i = 0; i < tape->n; i++) {
		const struct disk_step *const s = &tape->steps[i];

		for (size_t k = i + 1; s->op == DISK_SYNC && s->failed; k++) {
			if (k == tape->n)
				break;
			if (tape->steps[k].op == DISK_WRITE &&
			    strcmp(tape->steps[k].name, s->name) == 0)
				return true;
		}
	}
	return false;
}

static void
test_spool_failures(void **state)
{
	struct box *const box = box_begin(*state);
	struct disk_tape *const tape = ARENA_NEW(box->arena, struct disk_tape);

	tape->arena = box->arena;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct spool_batch out;

		print_message("  %s\n", rows[i].name);
		assert_err(write_two(box, "one", "two"), ERR_OK);
		disk_record(tape, box->folder);
		fail_as(&rows[i]);
		assert_err(write_two(box, "three", "four"), rows[i].want);
		disk_heal();
		assert_err(write_two(box, "five", "six"), ERR_OK);
		disk_record(NULL, NULL);
		box_reopen(box);
		assert_int_equal(box_depth(box).bad_records, 0);
		out = box_drain(box, 3);
		assert_true(has_text(&out, "one") && has_text(&out, "two"));
		assert_true(has_text(&out, "five") && has_text(&out, "six"));
		assert_true(rows[i].want != ERR_OK ||
		    (has_text(&out, "three") && has_text(&out, "four")));
	}
	assert_false(is_written_after_a_failed_sync(tape));
	box_end(box);
}

/* Said once when it begins, and once when it is over. */
static void
test_spool_failures_are_said_once(void **state)
{
	struct box *const box = box_begin(*state);

	disk_fail(DISK_CREATE, 0, 100, EROFS);
	for (int i = 0; i < 5; i++)
		assert_err(write_two(box, "a", "b"), ERR_BUSY);
	assert_int_equal(box_logged(box, "spool_failed"), 1);
	assert_int_equal(box_logged(box, "spool"), 0);
	disk_heal();
	assert_err(write_two(box, "a", "b"), ERR_OK);
	assert_err(write_two(box, "a", "b"), ERR_OK);
	assert_int_equal(box_logged(box, "spool"), 1);
	box_end(box);
}

/* An own file that fails leaves nothing; the next one is as good as ever. */
static void
test_spool_own_write_that_fails(void **state)
{
	static const enum disk_op ops[] = { DISK_CREATE, DISK_WRITE, DISK_SYNC,
		DISK_RENAME, DISK_SYNC_FOLDER };
	struct box *const box = box_begin(*state);
	const struct spool_record record = record_of("own", 1);
	const int64_t all = (int64_t)(FILE_HEAD + RECORD_HEAD + 3);

	for (size_t i = 0; i < ARRAY_LEN(ops); i++) {
		disk_fail(ops[i], 0, 1, EIO);
		assert_err(spool_own_write(box->folder, &record), ERR_BUSY);
		assert_int_equal(errno, EIO);
		assert_int_equal(box_files(box, ".tmp"), 0);
		assert_int_equal(box_files(box, ".own"), 0);
	}
	for (int64_t bytes = 0; bytes < all; bytes++) {
		disk_room(bytes);
		assert_err(spool_own_write(box->folder, &record), ERR_BUSY);
		assert_int_equal(errno, ENOSPC);
		assert_int_equal(box_files(box, ".tmp"), 0);
	}
	disk_heal();
	assert_err(spool_own_write("/proc/no/folder", &record), ERR_BUSY);
	assert_err(spool_own_write(box->folder, &record), ERR_OK);
	assert_err(spool_scan(box->spool), ERR_OK);
	assert_text(box_drain(box, 9).records[0].bytes, "own");
	box_end(box);
}

/* What cannot be removed is given again after a restart, and not before. */
static void
test_spool_that_cannot_remove(void **state)
{
	struct box *const box = box_begin(*state);

	box_write(box, "one", 1);
	spool_seal(box->spool);
	disk_fail(DISK_REMOVE, 0, 3, EROFS);
	assert_int_equal(box_drain(box, 9).n, 1);
	assert_int_equal(box_drain(box, 9).n, 0);
	assert_int_equal(box_depth(box).records, 0);
	assert_int_equal(box_depth(box).oldest_us, INT64_MAX);
	assert_true(box_depth(box).bytes > 0);
	assert_int_equal(box_logged(box, "spool_failed"), 1);
	disk_heal();
	assert_int_equal(box_drain(box, 9).n, 0);
	assert_int_equal(box_depth(box).bytes, 0);
	box_end(box);
}

/* A place of the disk that cannot be read costs what is there, and is said. */
static void
test_spool_unreadable_place(void **state)
{
	struct box *const box = box_begin(*state);
	char *const large = arena_alloc(box->arena, 100000);
	const struct spool_record record = { { large, 100000 }, 1 };

	for (int i = 0; i < 5; i++)
		assert_err(spool_write(box->spool, &record, 1), ERR_OK);
	spool_seal(box->spool);
	disk_fail_read(400000, EIO);
	assert_in_range(box_drain(box, 2).n, 2, 4);
	disk_heal();
	assert_int_equal(box_files(box, ".bad"), 1);
	assert_int_equal(box_depth(box).bad_records, 1);
	box_end(box);
}

/* Without a descriptor to spare nothing is read, and nothing is given up. */
static void
test_spool_without_descriptors(void **state)
{
	struct box *const box = box_begin(*state);
	const struct spool_record record = record_of("own", 1);
	struct spool_batch batch;
	struct rlimit before;

	box_write(box, "one", 2);
	spool_seal(box->spool);
	assert_err(spool_own_write(box->folder, &record), ERR_OK);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(
	    setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 3, before.rlim_max }),
	    0);
	assert_err(spool_read(box->spool, box->arena, 9, 9, &batch), ERR_BUSY);
	assert_err(spool_scan(box->spool), ERR_BUSY);
	assert_err(spool_own_write(box->folder, &record), ERR_BUSY);
	assert_err(spool_write(box->spool, &record, 1), ERR_BUSY);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_err(spool_scan(box->spool), ERR_OK);
	assert_int_equal(box_drain(box, 9).n, 2);
	assert_int_equal(box_depth(box).bad_records, 0);
	box_end(box);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(test_spool_quota),
		FOLDER_TEST(test_spool_alarm_has_a_margin),
		FOLDER_TEST(test_spool_quota_counts_own_files),
		FOLDER_TEST(test_spool_full_disk_at_any_byte),
		FOLDER_TEST(test_spool_full_disk_in_a_new_segment),
		FOLDER_TEST(test_spool_full_disk_that_cannot_cut_off),
		FOLDER_TEST(test_spool_failures),
		FOLDER_TEST(test_spool_failures_are_said_once),
		FOLDER_TEST(test_spool_own_write_that_fails),
		FOLDER_TEST(test_spool_that_cannot_remove),
		FOLDER_TEST(test_spool_unreadable_place),
		FOLDER_TEST(test_spool_without_descriptors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
