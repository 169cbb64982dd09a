/* spool_look: a look into a spool's folder.  Floor: io. */
#include "io/spool_look.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "io/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* "WHEN-MARK.seg", 16 hexadecimal digits each: see io/spool.h. */
#define WHEN_DIGITS 16
#define NAME_CHARS (2 * WHEN_DIGITS + 1 + 4)

/* The largest file of a spool is a segment, and a record that went beyond. */
#define FILE_MAX_BYTES ((size_t)64 * 1024 * 1024)
#define BLOCK_BYTES ((size_t)64 * 1024)

/* Somebody may be writing it still. */
#define YOUNG_US INT64_C(10000000)

static bool
ends_with(const char *name, const char *suffix)
{
	return strlen(name) == NAME_CHARS &&
	    strcmp(name + NAME_CHARS - 4, suffix) == 0;
}

static int64_t
begun_us(const char *name)
{
	return (int64_t)strtoull(name, NULL, 16);
}

enum err
spool_look_oldest(const char *folder, int64_t *out)
{
	DIR *const d = opendir(folder);
	const struct dirent *entry;
	int failed;

	*out = INT64_MAX;
	if (d == NULL)
		return errno == ENOENT ? ERR_OK : ERR_BUSY;
	while ((void)(errno = 0), (entry = readdir(d)) != NULL) {
		if (!ends_with(entry->d_name, ".seg") &&
		    !ends_with(entry->d_name, ".own"))
			continue;
		if (begun_us(entry->d_name) < *out)
			*out = begun_us(entry->d_name);
	}
	failed = errno;
	(void)closedir(d);
	errno = failed;
	return failed == 0 ? ERR_OK : ERR_BUSY;
}

static bool
holds(struct str bytes, struct str text)
{
	for (size_t i = 0; text.n > 0 && i + text.n <= bytes.n; i++) {
		if (bytes.p[i] == text.p[0] &&
		    memcmp(bytes.p + i, text.p, text.n) == 0)
			return true;
	}
	return false;
}

struct purge {
	const char *folder;
	const struct str *texts;
	size_t n;
};

static bool
is_nobodys(const char *name)
{
	return ends_with(name, ".bad") ||
	    (ends_with(name, ".tmp") &&
		begun_us(name) < clock_wall_us() - YOUNG_US);
}

static enum err
purge_one(struct arena *scratch, const struct purge *p, const char *name,
    size_t *removed)
{
	const char *const path =
	    str_cstr(scratch, str_format(scratch, "%s/%s", p->folder, name));
	bool found = false;
	struct str bytes;
	const enum err e = files_read(scratch, path, FILE_MAX_BYTES, &bytes);

	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	if (e != ERR_OK)
		return ERR_BUSY;
	for (size_t i = 0; i < p->n && !found; i++)
		found = holds(bytes, p->texts[i]);
	if (!found)
		return ERR_OK;
	if (unlink(path) != 0)
		return errno == ENOENT ? ERR_OK : ERR_BUSY;
	(*removed)++;
	return ERR_OK;
}

enum err
spool_look_purge(struct arena *arena, const char *folder,
    const struct str *texts, size_t n, size_t *removed)
{
	const struct purge p = { str_cstr(arena, str_of(folder)), texts, n };
	struct arena *const scratch = arena_new(BLOCK_BYTES);
	DIR *const d = opendir(folder);
	const struct dirent *entry;
	enum err e = ERR_OK;

	*removed = 0;
	if (d == NULL)
		e = errno == ENOENT ? ERR_OK : ERR_BUSY;
	while (d != NULL && e == ERR_OK && (entry = readdir(d)) != NULL) {
		if (is_nobodys(entry->d_name))
			e = purge_one(scratch, &p, entry->d_name, removed);
		arena_reset(scratch);
	}
	if (d != NULL)
		(void)closedir(d);
	arena_free(scratch);
	return e;
}
