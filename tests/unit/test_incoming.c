/* incoming: files that are kept only when they are whole. */
#include "io/incoming.h"

#include "codec/base64.h"
#include "folder_testing.h"
#include "io/files.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct incoming
begin(const struct folder *f)
{
	struct incoming in;

	assert_err(
	    incoming_open(f->arena, folder_path(f, "kept"), NULL, &in), ERR_OK);
	return in;
}

/* How many files are under way, or were. */
static size_t
under_way(const struct folder *f)
{
	const struct folder below = { f->arena,
		folder_path(f, "kept/incoming") };

	return folder_count(&below);
}

static unsigned int
mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mode & 07777;
}

static void
test_incoming_keep(void **state)
{
	const struct folder *const f = *state;
	const char *const path = folder_path(f, "kept/a.mp3");
	struct incoming in = begin(f);
	unsigned char sum[DIGEST_SHA256_BYTES];
	struct str read;

	assert_err(incoming_add(&in, STR("ab")), ERR_OK);
	assert_err(incoming_add(&in, STR("")), ERR_OK);
	assert_err(incoming_add(&in, STR("c")), ERR_OK);
	assert_int_equal(access(path, F_OK), -1);
	assert_err(incoming_close(&in, sum), ERR_OK);
	assert_int_equal(in.bytes, 3);
	assert_text(hex_encode(f->arena,
			(struct str){ (const char *)sum, sizeof(sum) }),
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_err(incoming_keep(f->arena, &in, "a.mp3"), ERR_OK);
	incoming_drop(&in);
	assert_err(files_read(f->arena, path, 10, &read), ERR_OK);
	assert_text(read, "abc");
	assert_int_equal(mode_of(path), 0640);
	assert_int_equal(under_way(f), 0);
}

/* An upload reads it from its descriptor. */
static void
test_incoming_can_be_read(void **state)
{
	const struct folder *const f = *state;
	struct incoming in = begin(f);
	unsigned char sum[DIGEST_SHA256_BYTES];
	char read[4] = "";

	assert_err(incoming_add(&in, STR("abc")), ERR_OK);
	assert_err(incoming_close(&in, sum), ERR_OK);
	assert_int_equal(pread(in.fd, read, 3, 0), 3);
	assert_string_equal(read, "abc");
	incoming_drop(&in);
	assert_int_equal(under_way(f), 0);
}

static void
test_incoming_head(void **state)
{
	const struct folder *const f = *state;
	struct incoming in = begin(f);

	assert_err(incoming_add(&in, STR("0123456789")), ERR_OK);
	assert_err(incoming_add(&in, STR("0123456789")), ERR_OK);
	assert_int_equal(in.head_n, INCOMING_HEAD_BYTES);
	assert_memory_equal(in.head, "0123456789012345", in.head_n);
	incoming_drop(&in);
	incoming_drop(&in); /* nothing is left to drop */
}

static void
test_incoming_replaces(void **state)
{
	const struct folder *const f = *state;
	static const char *const texts[] = { "first", "second" };
	unsigned char sum[DIGEST_SHA256_BYTES];
	struct str read;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct incoming in = begin(f);

		assert_err(incoming_add(&in, str_of(texts[i])), ERR_OK);
		assert_err(incoming_close(&in, sum), ERR_OK);
		assert_err(incoming_keep(f->arena, &in, "x"), ERR_OK);
		incoming_drop(&in);
	}
	assert_err(
	    files_read(f->arena, folder_path(f, "kept/x"), 10, &read), ERR_OK);
	assert_text(read, "second");
}

/* What nobody holds is swept; what another process writes is not. */
static void
test_incoming_sweeps(void **state)
{
	const struct folder *const f = *state;
	struct incoming living = begin(f);
	struct incoming other;

	(void)folder_file(f, "kept/incoming/0123", "of a dead process");
	assert_int_equal(under_way(f), 2);
	other = begin(f);
	assert_int_equal(under_way(f), 2);
	assert_int_equal(access(living.path, F_OK), 0);
	incoming_drop(&other);
	incoming_drop(&living);
}

/* A folder of nginx's group, whose files are of it as well. */
static void
test_incoming_shares(void **state)
{
	const struct folder *const f = *state;
	const struct group *const group = getgrgid(getgid());
	const char *const folder = folder_path(f, "kept");
	struct incoming in;

	if (group == NULL)
		skip();
	assert_err(
	    incoming_open(f->arena, folder, group->gr_name, &in), ERR_OK);
	incoming_drop(&in);
	assert_int_equal(mode_of(folder), 02750);
	assert_int_equal(mode_of(folder_path(f, "kept/incoming")), 02700);
	assert_err(
	    incoming_open(f->arena, folder, "no-such-group", &in), ERR_BUSY);
	assert_int_equal(errno, ENOENT);
}

static void
test_incoming_where_nothing_can_be_written(void **state)
{
	const struct folder *const f = *state;
	struct incoming in;

	(void)folder_file(f, "file", "");
	assert_err(
	    incoming_open(f->arena, folder_path(f, "file/kept"), NULL, &in),
	    ERR_BUSY);
	incoming_drop(&in);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(test_incoming_keep),
		FOLDER_TEST(test_incoming_can_be_read),
		FOLDER_TEST(test_incoming_head),
		FOLDER_TEST(test_incoming_replaces),
		FOLDER_TEST(test_incoming_sweeps),
		FOLDER_TEST(test_incoming_shares),
		FOLDER_TEST(test_incoming_where_nothing_can_be_written),
	};

	(void)umask(077); /* as script/server has it */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
