/* live_files: a key is served until its successor is replaced, and no longer. */
#include "folder_testing.h"
#include "io/files.h"
#include "store/live_files.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define KEY_MS 1000
#define SAME_GROUP ((gid_t) - 1)

static struct live_files
begin(const struct folder *f)
{
	struct live_files files;

	assert_err(live_files_open(f->arena, folder_path(f, "live"), SAME_GROUP,
		       KEY_MS, &files),
	    ERR_OK);
	return files;
}

static void
write_at(const struct folder *f, struct live_files *files, int64_t now_ms,
    const char *live)
{
	assert_err(live_files_write(
		       files, f->arena, now_ms, STR("boot-1"), str_of(live)),
	    ERR_OK);
}

/* What stands under a key; absent: nothing. */
static struct str
under(const struct folder *f, const char *key)
{
	struct str text;

	if (files_read(f->arena,
		folder_path(f, str_format(f->arena, "live/%s.json", key).p),
		1024, &text) != ERR_OK)
		return STR_ABSENT;
	return text;
}

static const char *
key_now(const struct folder *f)
{
	struct str key;

	assert_err(
	    live_files_key(f->arena, folder_path(f, "live"), &key), ERR_OK);
	assert_int_equal(key.n, LIVE_KEY_DIGITS);
	return str_cstr(f->arena, key);
}

static void
test_live_files_write(void **state)
{
	const struct folder *const f = *state;
	struct live_files files = begin(f);
	struct str text;
	struct stat st;

	assert_err(live_files_key(f->arena, folder_path(f, "live"), &text),
	    ERR_NOT_FOUND);
	assert_true(live_files_is_due(&files, 0));
	write_at(f, &files, 0, "{1}");
	assert_text(under(f, key_now(f)), "{1}");
	assert_err(files_read(f->arena, folder_path(f, "live/change.json"), 100,
		       &text),
	    ERR_OK);
	assert_text(text, "{\"change\":\"boot-1\"}\n");
	assert_int_equal(stat(folder_path(f, "live/change.json"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_int_equal(stat(folder_path(f, "live/key"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(stat(folder_path(f, "live"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 02750);
}

static void
test_live_files_keys(void **state)
{
	const struct folder *const f = *state;
	struct live_files files = begin(f);
	const char *first;
	const char *second;

	write_at(f, &files, 0, "{1}");
	first = key_now(f);
	assert_false(live_files_is_due(&files, KEY_MS - 1));
	assert_true(live_files_is_due(&files, KEY_MS));
	write_at(f, &files, KEY_MS, "{2}");
	second = key_now(f);
	assert_string_not_equal(first, second);
	assert_text(under(f, first), "{2}"); /* and is kept up to date */
	assert_text(under(f, second), "{2}");
	write_at(f, &files, KEY_MS + 1, "{3}");
	assert_text(under(f, first), "{3}");
	write_at(f, &files, 2 * KEY_MS, "{4}");
	assert_absent(under(f, first));
	assert_text(under(f, second), "{4}");
	assert_text(under(f, key_now(f)), "{4}");
}

/* One that was killed left its files; they are served until there are new. */
static void
test_live_files_after_a_kill(void **state)
{
	const struct folder *const f = *state;
	struct live_files files = begin(f);
	const char *old;

	write_at(f, &files, 0, "{1}");
	old = key_now(f);
	(void)folder_file(f, "live/change.json.0123456789abcdef.tmp", "half");
	files = begin(f);
	assert_text(under(f, old), "{1}");
	write_at(f, &files, 5, "{2}");
	assert_absent(under(f, old));
	assert_text(under(f, key_now(f)), "{2}");
	assert_int_equal(
	    access(
		folder_path(f, "live/change.json.0123456789abcdef.tmp"), F_OK),
	    -1);
	live_files_remove(f->arena, folder_path(f, "live"));
	assert_int_equal(rmdir(folder_path(f, "live")), 0);
}

/* Who made it beforehand may have taken the right to change it from us. */
static void
test_live_files_of_a_folder_as_it_should_be(void **state)
{
	const struct folder *const f = *state;
	const struct timespec tick = { 0, 20000000 };
	const char *const path = folder_path(f, "live");
	struct stat before;
	struct stat after;

	(void)begin(f);
	assert_int_equal(stat(path, &before), 0);
	(void)nanosleep(&tick, NULL);
	(void)begin(f);
	assert_int_equal(stat(path, &after), 0);
	assert_memory_equal(
	    &before.st_ctim, &after.st_ctim, sizeof(before.st_ctim));
	assert_int_equal(chmod(path, 0700), 0);
	(void)begin(f);
	assert_int_equal(stat(path, &after), 0);
	assert_int_equal(after.st_mode & 07777, 02750);
}

/* An old word would say that nothing has changed. */
static void
test_live_files_hide(void **state)
{
	const struct folder *const f = *state;
	struct live_files files = begin(f);
	const char *key;

	write_at(f, &files, 0, "{1}");
	key = key_now(f);
	live_files_hide(&files, f->arena);
	live_files_hide(&files, f->arena);
	assert_absent(under(f, "change"));
	assert_text(under(f, key), "{1}");
	write_at(f, &files, 1, "{2}");
	assert_non_null(under(f, "change").p);
	assert_string_equal(key_now(f), key);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(test_live_files_write),
		FOLDER_TEST(test_live_files_keys),
		FOLDER_TEST(test_live_files_after_a_kill),
		FOLDER_TEST(test_live_files_of_a_folder_as_it_should_be),
		FOLDER_TEST(test_live_files_hide),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
