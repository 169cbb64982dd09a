/* folder_testing: a folder of a test's own. */
#include "folder_testing.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
folder_setup(void **state)
{
	struct arena *const arena = arena_new((size_t)16 * 1024);
	struct folder *const f = ARENA_NEW(arena, struct folder);
	const char *const tmp = getenv("TMPDIR");
	char *const path = str_cstr(arena,
	    str_format(
		arena, "%s/mainline-unit-XXXXXX", tmp == NULL ? "/tmp" : tmp));

	f->arena = arena;
	f->path = mkdtemp(path);
	*state = f;
	return f->path == NULL ? -1 : 0;
}

static bool
is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as a test's folders */
static void
remove_all(int at, const char *name)
{
	const int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
	DIR *const dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (dir == NULL) {
		(void)unlinkat(at, name, 0);
		return;
	}
	while ((entry = readdir(dir)) != NULL) {
		if (!is_dots(entry->d_name))
			remove_all(fd, entry->d_name);
	}
	(void)closedir(dir);
	(void)unlinkat(at, name, AT_REMOVEDIR);
}

int
folder_teardown(void **state)
{
	struct folder *const f = *state;

	remove_all(AT_FDCWD, f->path);
	arena_free(f->arena);
	return 0;
}

const char *
folder_path(const struct folder *f, const char *name)
{
	return str_cstr(f->arena, str_format(f->arena, "%s/%s", f->path, name));
}

const char *
folder_file(const struct folder *f, const char *name, const char *text)
{
	const char *const path = folder_path(f, name);
	FILE *const file = fopen(path, "we");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	return path;
}

size_t
folder_count(const struct folder *f)
{
	DIR *const dir = opendir(f->path);
	const struct dirent *entry;
	size_t n = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL)
		n += !is_dots(entry->d_name);
	(void)closedir(dir);
	return n;
}
