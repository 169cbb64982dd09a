/* files: whole files in, and out in one step. */
#include "folder_testing.h"
#include "io/files.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define LARGE ((size_t)200000)

static void
test_files_read(void **state)
{
	const struct folder *const f = *state;
	const char *const path = folder_file(f, "a", "hello");
	struct str out = STR("untouched");

	assert_err(files_read(f->arena, path, 100, &out), ERR_OK);
	assert_text(out, "hello");
	assert_string_equal(out.p, "hello"); /* a NUL behind it */
	assert_err(files_read(f->arena, path, 5, &out), ERR_OK);
	out = STR("untouched");
	assert_err(files_read(f->arena, path, 4, &out), ERR_LIMIT);
	assert_err(files_read(f->arena, folder_path(f, "b"), 100, &out),
	    ERR_NOT_FOUND);
	assert_err(files_read(f->arena, f->path, 100, &out), ERR_INPUT);
	assert_int_equal(errno, EISDIR);
	assert_err(
	    files_read(f->arena, folder_path(f, "a/b"), 100, &out), ERR_INPUT);
	assert_int_equal(errno, ENOTDIR);
	assert_text(out, "untouched");
	assert_err(
	    files_read(f->arena, folder_file(f, "e", ""), 0, &out), ERR_OK);
	assert_str(out, STR(""));
}

/* Of what is no regular file the size is not known before. */
static void
test_files_read_of_a_pipe(void **state)
{
	const struct folder *const f = *state;
	const char *const path = folder_path(f, "pipe");
	struct str out;

	assert_int_equal(mkfifo(path, 0600), 0);
	for (size_t max = 4; max < 7; max++) {
		const pid_t child = fork();

		assert_true(child >= 0);
		if (child == 0) {
			const int fd = open(path, O_WRONLY);
			const ssize_t ignored = write(fd, "hello", 5);

			(void)ignored;
			_exit(0);
		}
		assert_err(files_read(f->arena, path, max, &out),
		    max < 5 ? ERR_LIMIT : ERR_OK);
		assert_int_equal(waitpid(child, NULL, 0), child);
	}
	assert_text(out, "hello");
}

static void
test_files_read_fd(void **state)
{
	const struct folder *const f = *state;
	const int fd = open(folder_file(f, "a", "hello"), O_RDONLY);
	struct str out;

	assert_true(fd >= 0);
	assert_err(files_read_fd(f->arena, fd, 4, &out), ERR_LIMIT);
	assert_int_equal(lseek(fd, 1, SEEK_SET), 1);
	assert_err(files_read_fd(f->arena, fd, 5, &out), ERR_OK);
	assert_text(out, "ello");
	assert_int_equal(close(fd), 0);
	assert_err(files_read_fd(f->arena, -1, 5, &out), ERR_INPUT);
}

static void
test_files_replace(void **state)
{
	const struct folder *const f = *state;
	const char *const path = folder_path(f, "a");
	struct stat st;
	struct str out;

	assert_err(files_replace(f->arena, path, STR("one"), 0640), ERR_OK);
	assert_err(files_read(f->arena, path, 9, &out), ERR_OK);
	assert_text(out, "one");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_err(files_replace(f->arena, path, STR("2"), 0600), ERR_OK);
	assert_err(files_read(f->arena, path, 9, &out), ERR_OK);
	assert_text(out, "2");
	assert_err(files_replace(f->arena, path, STR(""), 0600), ERR_OK);
	assert_err(files_read(f->arena, path, 9, &out), ERR_OK);
	assert_str(out, STR(""));
	assert_int_equal(folder_count(f), 1); /* nothing left beside it */
}

static void
test_files_replace_that_fails(void **state)
{
	const struct folder *const f = *state;
	const char *const folder = folder_path(f, "folder");

	assert_int_equal(mkdir(folder, 0700), 0);
	assert_err(files_replace(f->arena, folder, STR("x"), 0600), ERR_BUSY);
	assert_err(
	    files_replace(f->arena, folder_path(f, "no/a"), STR("x"), 0600),
	    ERR_BUSY);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(folder_count(f), 1);
}

/* A full disk, played by a limit on the size of files. */
static void
test_files_replace_on_a_full_disk(void **state)
{
	const struct folder *const f = *state;
	const char *const path = folder_file(f, "a", "old");
	const struct str large = { arena_alloc(f->arena, LARGE), LARGE };
	struct rlimit before;
	struct str out;

	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(
	    setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 5000, before.rlim_max }),
	    0);
	assert_err(files_replace(f->arena, path, large, 0600), ERR_BUSY);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_err(files_read(f->arena, path, 9, &out), ERR_OK);
	assert_text(out, "old");
	assert_int_equal(folder_count(f), 1);
}

static bool
is_all(struct str s, char c)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != c)
			return false;
	}
	return true;
}

/* Writes now this and now that, short and long; never comes back. */
static void
write_in_turns(const struct folder *f, const char *path)
{
	char *const a = arena_alloc(f->arena, LARGE);
	char *const b = arena_alloc(f->arena, LARGE);

	memset(a, 'a', LARGE);
	memset(b, 'b', LARGE);
	for (int i = 0; i < 300; i++) {
		const struct str content = { i % 2 == 0 ? b : a,
			i % 3 == 0 ? LARGE : 3 };

		if (files_replace(f->arena, path, content, 0600) != ERR_OK)
			_exit(1);
	}
	_exit(0);
}

/* A reader sees the old file or the new one, whole, at any moment. */
static void
test_files_replace_is_atomic(void **state)
{
	const struct folder *const f = *state;
	const char *const path = folder_file(f, "a", "aaa");
	const pid_t writer = fork();
	int status;

	assert_true(writer >= 0);
	if (writer == 0)
		write_in_turns(f, path);
	while (waitpid(writer, &status, WNOHANG) == 0) {
		struct arena *const scratch = arena_new(LARGE + 2);
		struct str out;

		assert_err(files_read(scratch, path, LARGE, &out), ERR_OK);
		assert_true(out.n == 3 || out.n == LARGE);
		assert_true(is_all(out, 'a') || is_all(out, 'b'));
		arena_free(scratch);
	}
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static bool
same_stamp(struct files_stamp a, struct files_stamp b)
{
	return a.inode == b.inode && a.size == b.size &&
	    a.changed_ns == b.changed_ns;
}

static void
test_files_stamp(void **state)
{
	const struct folder *const f = *state;
	const char *const path = folder_path(f, "a");
	struct files_stamp before = files_stamp(path);

	assert_true(same_stamp(before, (struct files_stamp){ 0, 0, 0 }));
	for (int i = 0; i < 20; i++) {
		struct files_stamp now;

		assert_err(
		    files_replace(f->arena, path, STR("same"), 0600), ERR_OK);
		now = files_stamp(path);
		assert_false(same_stamp(now, before));
		assert_true(same_stamp(now, files_stamp(path)));
		before = now;
	}
}

static void
test_files_make_folder(void **state)
{
	const struct folder *const f = *state;
	const char *const deep = folder_path(f, "a/b/c");
	struct stat st;

	assert_err(files_make_folder(f->arena, deep), ERR_OK);
	assert_int_equal(stat(deep, &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_err(files_make_folder(f->arena, deep), ERR_OK);
	assert_err(files_make_folder(f->arena, folder_path(f, "a/b/")), ERR_OK);
	assert_err(
	    files_make_folder(f->arena, "/proc/no/such/folder"), ERR_INPUT);
	(void)folder_file(f, "file", "x");
	assert_err(
	    files_make_folder(f->arena, folder_path(f, "file/a")), ERR_INPUT);
}

/* What is there already, but is no folder, is not a folder that was made. */
static void
test_files_make_folder_where_a_file_is(void **state)
{
	const struct folder *const f = *state;

	assert_err(files_make_folder(f->arena, folder_file(f, "file", "x")),
	    ERR_INPUT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(test_files_read),
		FOLDER_TEST(test_files_read_of_a_pipe),
		FOLDER_TEST(test_files_read_fd),
		FOLDER_TEST(test_files_replace),
		FOLDER_TEST(test_files_replace_that_fails),
		FOLDER_TEST(test_files_replace_on_a_full_disk),
		FOLDER_TEST(test_files_replace_is_atomic),
		FOLDER_TEST(test_files_stamp),
		FOLDER_TEST(test_files_make_folder),
		FOLDER_TEST(test_files_make_folder_where_a_file_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
