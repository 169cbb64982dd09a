/*
 * spool: files laid out byte by byte, as the header describes them, where the
 * reader's window, the largest length and the order of names matter.
 */
#include "codec/crc32c.h"
#include "spool_testing.h"

#include <stdio.h>
#include <string.h>

#define MARK "MMMMMMMM"
#define SEGMENT "0000000000000001-4d4d4d4d4d4d4d4d.seg"
#define WINDOW ((size_t)64 * 1024)

/* A file under construction. */
struct file {
	char *bytes;
	size_t n;
};

static void
add(struct file *file, const void *bytes, size_t n)
{
	memcpy(file->bytes + file->n, bytes, n);
	file->n += n;
}

static void
add_number(struct file *file, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		const char byte = (char)(value >> 8 * i);

		add(file, &byte, 1);
	}
}

static struct file
file_begin(const struct box *box)
{
	struct file file = { arena_alloc(box->arena, 4 * SPOOL_RECORD_MAX), 0 };

	add(&file, "mainline spool 1", FILE_HEAD);
	return file;
}

static void
add_record(struct file *file, struct str payload, int64_t received_us)
{
	const size_t begin = file->n;
	uint32_t crc;

	add(file, MARK "crc?", 12);
	add_number(file, payload.n, 4);
	add_number(file, (uint64_t)received_us, 8);
	add(file, payload.p, payload.n);
	crc = crc32c_add(
	    0, bytes_of(file->bytes + begin + 12, file->n - begin - 12));
	file->n = begin + 8;
	add_number(file, crc, 4);
	file->n = begin + RECORD_HEAD + payload.n;
}

/* What a restart reads of it. */
static struct spool_batch
read_file(struct box *box, const char *name, const struct file *file)
{
	const struct str path =
	    str_format(box->arena, "%s/%s", box->folder, name);

	spool_close(box->spool);
	bytes_to(str_cstr(box->arena, path), bytes_of(file->bytes, file->n));
	box_open(box);
	return box_drain(box, 9);
}

static void
test_spool_format(void **state)
{
	struct box *const box = box_begin(*state);
	struct file file = file_begin(box);
	struct spool_batch out;

	add_record(&file, STR("one"), -1);
	add_record(&file, STR("two"), INT64_MAX);
	add_record(&file, STR(""), 0);
	out = read_file(box, SEGMENT, &file);
	assert_int_equal(out.n, 2);
	assert_text(out.records[0].bytes, "one");
	assert_true(out.records[0].received_us == -1);
	assert_text(out.records[1].bytes, "two");
	assert_true(out.records[1].received_us == INT64_MAX);
	assert_int_equal(box_depth(box).bad_files, 0);
	box_end(box);
}

/* The mark behind damage lies across the ends of what is read at once. */
static void
test_spool_mark_across_windows(void **state)
{
	struct box *const box = box_begin(*state);
	const struct str large = { arena_alloc(box->arena, 3 * WINDOW),
		3 * WINDOW };
	struct file file = file_begin(box);

	for (size_t window = 1; window < 3; window++) {
		for (size_t i = 0; i < 100; i++) {
			struct spool_batch out;

			file.n = FILE_HEAD;
			add_record(&file,
			    str_slice(large, 0, window * WINDOW - 80 + i), 1);
			add_record(&file, STR("behind"), 2);
			add_record(&file, STR(""), 0);
			file.bytes[FILE_HEAD + RECORD_HEAD] ^= 1;
			out = read_file(box, SEGMENT, &file);
			assert_int_equal(out.n, 1);
			assert_text(out.records[0].bytes, "behind");
		}
	}
	box_end(box);
}

/* A length beyond the largest is damage, however right its checksum. */
static void
test_spool_too_long_a_record(void **state)
{
	struct box *const box = box_begin(*state);
	const struct str large = { arena_alloc(
				       box->arena, SPOOL_RECORD_MAX + 1),
		SPOOL_RECORD_MAX + 1 };
	struct file file = file_begin(box);

	add_record(&file, str_slice(large, 0, SPOOL_RECORD_MAX), 1);
	add_record(&file, large, 1);
	add_record(&file, STR("behind"), 2);
	assert_int_equal(read_file(box, SEGMENT, &file).n, 2);
	assert_int_equal(box_depth(box).bad_records, 1);
	box_end(box);
}

/* The clock was set back: what is written now still comes last. */
static void
test_spool_order_after_the_clock_was_set_back(void **state)
{
	struct box *const box = box_begin(*state);
	struct file file = file_begin(box);
	struct spool_batch out;

	add_record(&file, STR("before"), 1);
	spool_close(box->spool);
	bytes_to(str_cstr(box->arena,
		     str_format(box->arena, "%s/%s", box->folder,
			 "7000000000000000-4d4d4d4d4d4d4d4d.seg")),
	    bytes_of(file.bytes, file.n));
	box_open(box);
	box_write(box, "after", 2);
	box_reopen(box);
	out = box_drain(box, 9);
	assert_int_equal(out.n, 2);
	assert_text(out.records[0].bytes, "before");
	assert_text(out.records[1].bytes, "after");
	box_end(box);
}

/* Names that are not quite ours are nobody's business. */
static void
test_spool_leaves_other_files_alone(void **state)
{
	static const char *const names[] = { "a", "notes.seg",
		"0000000000000001-4d4d4d4d4d4d4d4D.seg",
		"0000000000000001_4d4d4d4d4d4d4d4d.seg",
		"0000000000000001-4d4d4d4d4d4d4d4.seg",
		"0000000000000001-4d4d4d4d4d4d4d4d.segx",
		"0000000000000001-4d4d4d4d4d4d4d4d" };
	struct box *const box = box_begin(*state);
	struct file file = file_begin(box);

	add_record(&file, STR("one"), 1);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_int_equal(read_file(box, names[i], &file).n, 0);
		assert_int_equal(box_files(box, names[i]), 1);
	}
	assert_int_equal(box_depth(box).bytes, 0);
	box_end(box);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(test_spool_format),
		FOLDER_TEST(test_spool_mark_across_windows),
		FOLDER_TEST(test_spool_too_long_a_record),
		FOLDER_TEST(test_spool_order_after_the_clock_was_set_back),
		FOLDER_TEST(test_spool_leaves_other_files_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
