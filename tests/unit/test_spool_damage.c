/* spool: torn ends are no error; damage costs what it hit, and is kept. */
#include "spool_testing.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The records of a small segment, and where each ends in the file. */
static const char *const texts[] = { "a", "the second one", "\0three", "four",
	"the last one" };

#define N ARRAY_LEN(texts)

static size_t
end_of(size_t record)
{
	size_t at = FILE_HEAD;

	for (size_t i = 0; i <= record; i++)
		at += RECORD_HEAD + (i == 2 ? 6 : strlen(texts[i]));
	return at;
}

/* One segment with them, as it stands before or after it is closed. */
static struct str
segment_of(struct box *box, bool sealed)
{
	struct spool_record records[N];
	struct str bytes;

	for (size_t i = 0; i < N; i++)
		records[i] = record_of(texts[i], (int64_t)i);
	records[2].bytes.n = 6;
	records[2].bytes.p = texts[2];
	assert_err(spool_write(box->spool, records, N), ERR_OK);
	if (sealed)
		spool_seal(box->spool);
	bytes = bytes_in(box->arena, box_file(box, ".seg"));
	assert_int_equal(bytes.n, end_of(N - 1) + (sealed ? RECORD_HEAD : 0));
	return bytes;
}

/* Puts other bytes into the one segment, as a restart would find them. */
static void
restart_with(struct box *box, const char *path, struct str bytes)
{
	spool_close(box->spool);
	bytes_to(path, bytes);
	box_open(box);
}

/* The good ones of the first `n`, all but `without`, in their order. */
static void
assert_survivors(struct box *box, size_t n, size_t without)
{
	const size_t want = n - (without < n ? 1 : 0);
	const struct spool_depth depth = box_depth(box);
	struct spool_batch out;
	size_t k = 0;

	assert_int_equal(depth.records, want);
	out = box_drain(box, 2);
	assert_int_equal(out.n, want);
	for (size_t i = 0; i < n; i++) {
		if (i == without)
			continue;
		assert_int_equal(out.records[k].received_us, i);
		assert_memory_equal(
		    out.records[k].bytes.p, texts[i], out.records[k].bytes.n);
		k++;
	}
}

static size_t
whole_until(size_t end)
{
	size_t n = 0;

	while (n < N && end_of(n) <= end)
		n++;
	return n;
}

/* The file ends at any byte, or is zero from any byte on. */
static void
test_spool_torn_anywhere(void **state)
{
	struct box *const box = box_begin(*state);
	const struct str whole = segment_of(box, false);
	const char *const path = box_file(box, ".seg");

	for (size_t end = 0; end <= whole.n; end++) {
		char *const zeroed = arena_copy(box->arena, whole.p, whole.n);

		restart_with(box, path, str_slice(whole, 0, end));
		assert_survivors(box, whole_until(end), N);
		memset(zeroed + end, 0, whole.n - end);
		restart_with(box, path, bytes_of(zeroed, whole.n));
		/* The last byte of a frame's own bytes may be zero anyway. */
		assert_true(box_depth(box).records >= whole_until(end));
		assert_int_equal(box_depth(box).bad_records, 0);
		(void)box_drain(box, 9);
		assert_int_equal(box_files(box, ".seg"), 0);
		assert_int_equal(box_files(box, ".bad"), 0);
	}
	assert_int_equal(box_logged(box, "spool_bad"), 0);
	box_end(box);
}

/* The record that a byte belongs to; N when it is the head or the end mark. */
static size_t
owner_of(size_t at)
{
	if (at < FILE_HEAD)
		return N;
	return whole_until(at);
}

/* Any byte of a closed segment is another one: one record is lost, and said. */
static void
test_spool_bad_byte_anywhere(void **state)
{
	struct random r = random_begin();
	struct box *const box = box_begin(*state);
	const struct str whole = segment_of(box, true);
	const char *const path = box_file(box, ".seg");

	for (size_t at = 0; at < whole.n; at++) {
		char *const bad = arena_copy(box->arena, whole.p, whole.n);
		const bool counts = at < end_of(N - 1);

		bad[at] = (char)(bad[at] ^ (char)(1 + random_below(&r, 255)));
		restart_with(box, path, bytes_of(bad, whole.n));
		assert_int_equal(box_depth(box).bad_records, counts);
		assert_survivors(box, N, owner_of(at));
		assert_int_equal(box_depth(box).bad_records, counts);
		assert_int_equal(box_depth(box).bad_files, counts);
		assert_int_equal(box_files(box, ".seg"), 0);
		assert_int_equal(box_files(box, ".bad"), counts);
		assert_int_equal(box_depth(box).bytes, counts ? whole.n : 0);
		if (counts)
			assert_int_equal(unlink(box_file(box, ".bad")), 0);
		assert_err(spool_scan(box->spool), ERR_OK);
		assert_int_equal(box_depth(box).bad_files, 0);
	}
	assert_int_equal(box_logged(box, "spool_bad"), end_of(N - 1));
	box_end(box);
}

/* Bytes that were lost, or came in between, at any place. */
static void
test_spool_any_bytes_between(void **state)
{
	struct random r = random_begin();
	struct box *const box = box_begin(*state);
	const struct str whole = segment_of(box, true);
	const char *const path = box_file(box, ".seg");

	for (int i = 0; i < 300; i++) {
		const struct str more = random_bytes(&r, box->arena, 200);
		const size_t at = FILE_HEAD + random_below(&r, whole.n - 16);
		const size_t left_out = random_below(&r, 60);
		const struct str before = str_slice(whole, 0, at);
		const struct str rest =
		    str_slice(whole, at + left_out, whole.n);
		char *const bytes =
		    arena_alloc(box->arena, before.n + more.n + rest.n);
		size_t survivors = whole_until(at);

		memcpy(bytes, before.p, before.n);
		if (more.n > 0)
			memcpy(bytes + before.n, more.p, more.n);
		memcpy(bytes + before.n + more.n, rest.p, rest.n);
		for (size_t k = 0; k < N; k++)
			survivors += (k == 0 ? FILE_HEAD : end_of(k - 1)) >=
			    at + left_out;
		restart_with(
		    box, path, bytes_of(bytes, before.n + more.n + rest.n));
		assert_true(box_drain(box, 2).n >= survivors);
		if (box_files(box, ".bad") > 0)
			assert_int_equal(unlink(box_file(box, ".bad")), 0);
	}
	box_end(box);
}

/* Damage in a segment of many windows: what is behind it is found. */
static void
test_spool_damage_among_large_records(void **state)
{
	struct random r = random_begin();
	struct box *const box = box_begin(*state);
	const size_t length = SPOOL_RECORD_MAX;
	char *const large = arena_alloc(box->arena, length);
	struct spool_record record = { { large, length }, 1 };
	const char *path;
	struct spool_batch out;
	char *bytes;
	struct str whole;

	for (size_t i = 0; i < length; i++)
		large[i] = (char)random_next(&r);
	for (int i = 0; i < 5; i++)
		assert_err(spool_write(box->spool, &record, 1), ERR_OK);
	spool_seal(box->spool);
	path = box_file(box, ".seg");
	whole = bytes_in(box->arena, path);
	bytes = arena_copy(box->arena, whole.p, whole.n);
	bytes[FILE_HEAD + 100000]++;
	bytes[FILE_HEAD + 2 * (RECORD_HEAD + length) + 13]++; /* its length */
	bytes[FILE_HEAD + 3 * (RECORD_HEAD + length) + 3]++;  /* its mark */
	restart_with(box, path, bytes_of(bytes, whole.n));
	/* The third and the fourth are one place: no mark between them. */
	assert_int_equal(box_depth(box).bad_records, 2);
	out = box_drain(box, 9);
	assert_int_equal(out.n, 2);
	assert_str(out.records[0].bytes, record.bytes);
	assert_str(out.records[1].bytes, record.bytes);
	box_end(box);
}

/*
 * A record within a record, as only somebody could send who sees the disk, is
 * found only when the mark is known; by one without it never.
 */
static void
test_spool_a_record_cannot_be_forged(void **state)
{
	struct box *const box = box_begin(*state);
	const struct str donor = segment_of(box, true);
	const char *const other = box_file(box, ".seg");
	struct spool_record record = { donor, 1 };
	const char *path;
	char *bytes;
	struct str whole;

	assert_int_equal(unlink(other), 0);
	assert_err(spool_write(box->spool, &record, 1), ERR_OK);
	spool_seal(box->spool);
	path = box_file(box, ".seg");
	whole = bytes_in(box->arena, path);
	bytes = arena_copy(box->arena, whole.p, whole.n);
	bytes[FILE_HEAD + 8]++; /* the outer checksum */
	restart_with(box, path, bytes_of(bytes, whole.n));
	assert_int_equal(box_drain(box, 9).n, 0);
	assert_int_equal(box_files(box, ".bad"), 1);
	box_end(box);
}

/* A file of a version that we do not know is not taken for a torn one. */
static void
test_spool_of_another_version(void **state)
{
	struct box *const box = box_begin(*state);
	const struct str whole = segment_of(box, true);
	const char *const path = box_file(box, ".seg");
	char *const bytes = arena_copy(box->arena, whole.p, whole.n);

	memset(bytes, 'x', whole.n);
	memcpy(bytes, "mainline spool 2", FILE_HEAD);
	restart_with(box, path, bytes_of(bytes, whole.n));
	assert_int_equal(box_drain(box, 9).n, 0);
	assert_str(bytes_in(box->arena, box_file(box, ".bad")),
	    bytes_of(bytes, whole.n));
	box_end(box);
}

/* An own file got its name when it was whole: whatever is not is damage. */
static void
test_spool_damaged_own_files(void **state)
{
	struct box *const box = box_begin(*state);
	const struct spool_record record = record_of("own", 5);
	struct str whole;

	for (size_t end = 0; end < FILE_HEAD + RECORD_HEAD + 3; end++) {
		assert_err(spool_own_write(box->folder, &record), ERR_OK);
		whole = bytes_in(box->arena, box_file(box, ".own"));
		assert_int_equal(whole.n, FILE_HEAD + RECORD_HEAD + 3);
		bytes_to(box_file(box, ".own"), str_slice(whole, 0, end));
		assert_err(spool_scan(box->spool), ERR_OK);
		assert_int_equal(box_drain(box, 9).n, 0);
		assert_int_equal(box_files(box, ".own"), 0);
		assert_int_equal(box_files(box, ".bad"), end + 1);
		assert_int_equal(box_depth(box).bad_records, end + 1);
	}
	box_end(box);
}

static int
make_link(const char *path)
{
	return symlink("/etc/passwd", path);
}

/* Nobody will ever write into it. */
static int
make_pipe(const char *path)
{
	return mkfifo(path, 0600);
}

/* What cannot be read at all does not stop the others. */
static void
test_spool_unreadable_file(void **state)
{
	static int (*const make[])(const char *path) = { make_link, make_pipe };
	struct box *const box = box_begin(*state);
	const struct spool_record record = record_of("own", 5);

	for (size_t i = 0; i < ARRAY_LEN(make); i++) {
		const char *path;

		assert_err(spool_own_write(box->folder, &record), ERR_OK);
		path = box_file(box, ".own");
		assert_int_equal(unlink(path), 0);
		assert_int_equal(make[i](path), 0);
		box_write(box, "after it", 6);
		spool_seal(box->spool);
		assert_err(spool_scan(box->spool), ERR_OK);
		assert_text(box_drain(box, 9).records[0].bytes, "after it");
		assert_int_equal(box_files(box, ".bad"), i + 1);
	}
	box_end(box);
}

/* A file that somebody removed is no reason to stop either. */
static void
test_spool_removed_file(void **state)
{
	struct box *const box = box_begin(*state);

	box_write(box, "gone", 6);
	spool_seal(box->spool);
	assert_int_equal(unlink(box_file(box, ".seg")), 0);
	box_write(box, "there", 6);
	spool_seal(box->spool);
	assert_text(box_drain(box, 9).records[0].bytes, "there");
	assert_int_equal(box_depth(box).records, 0);
	assert_int_equal(box_depth(box).bytes, 0);
	box_end(box);
}

/* Damaged files never take the place of new events. */
static void
test_spool_bad_files_are_bounded(void **state)
{
	struct box *const box = box_begin(*state);
	const struct str whole = segment_of(box, true);

	(void)box_drain(box, 9);
	box->options.quota_bytes = (int64_t)whole.n * 9;
	for (int i = 0; i < 10; i++) {
		struct str bytes;
		char *bad;

		box_reopen(box);
		bytes = segment_of(box, true);
		bad = arena_copy(box->arena, bytes.p, bytes.n);
		bad[FILE_HEAD + RECORD_HEAD]++;
		bytes_to(box_file(box, ".seg"), bytes_of(bad, bytes.n));
		assert_int_equal(box_drain(box, 9).n, N - 1);
	}
	assert_int_equal(box_files(box, ".bad"), 2);
	assert_int_equal(box_logged(box, "spool_bad"), 10);
	box_end(box);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(test_spool_torn_anywhere),
		FOLDER_TEST(test_spool_bad_byte_anywhere),
		FOLDER_TEST(test_spool_any_bytes_between),
		FOLDER_TEST(test_spool_damage_among_large_records),
		FOLDER_TEST(test_spool_a_record_cannot_be_forged),
		FOLDER_TEST(test_spool_of_another_version),
		FOLDER_TEST(test_spool_damaged_own_files),
		FOLDER_TEST(test_spool_unreadable_file),
		FOLDER_TEST(test_spool_removed_file),
		FOLDER_TEST(test_spool_bad_files_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
