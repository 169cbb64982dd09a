/* copying: files from one folder to another.  Floor: io. */
#include "io/copying.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/digest.h"
#include "io/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define PIECE_BYTES ((size_t)64 * 1024)
#define OWNER_ALONE 0600
#define NOWHERE (-1)

/* Reads `in` to its end, and writes it to `out` as well unless NOWHERE. */
static enum err
pass(int in, int out, struct copying_sum *sum)
{
	char piece[PIECE_BYTES];
	struct digest digest;
	enum err e = ERR_OK;
	ssize_t n = 0;

	sum->bytes = 0;
	digest_begin(&digest);
	while (e == ERR_OK && (n = read(in, piece, sizeof(piece))) > 0) {
		const struct str bytes = { piece, (size_t)n };

		digest_add(&digest, bytes);
		sum->bytes += n;
		if (out != NOWHERE)
			e = files_write(out, bytes);
	}
	digest_end(&digest, sum->sha256);
	if (n < 0)
		return ERR_INPUT;
	return e;
}

static int
open_source(const char *path, enum err *e)
{
	const int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	*e = ERR_OK;
	if (fd < 0)
		*e = errno == ENOENT ? ERR_NOT_FOUND : ERR_INPUT;
	return fd;
}

enum err
copying_file(const char *from, const char *to, struct copying_sum *out)
{
	enum err e;
	const int in = open_source(from, &e);
	int copy;
	int why;

	if (in < 0)
		return e;
	copy = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, OWNER_ALONE);
	e = copy < 0 ? ERR_BUSY : pass(in, copy, out);
	why = errno;
	if (copy >= 0 && close(copy) != 0 && e == ERR_OK) {
		e = ERR_BUSY;
		why = errno;
	}
	(void)close(in);
	if (copy >= 0 && e != ERR_OK)
		(void)unlink(to);
	errno = why;
	return e;
}

enum err
copying_sum(const char *path, struct copying_sum *out)
{
	enum err e;
	const int in = open_source(path, &e);

	if (in < 0)
		return e;
	e = pass(in, NOWHERE, out);
	(void)close(in);
	return e;
}

enum err
copying_sync(const char *folder)
{
	const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return ERR_BUSY;
	/* One call for thousands of files. */
	ok = syncfs(fd) == 0;
	(void)close(fd);
	return ok ? ERR_OK : ERR_BUSY;
}

static bool
is_itself(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* The files that lie in it, then the folder. */
static void
remove_flat(struct arena *arena, const char *folder)
{
	DIR *const dir = opendir(folder);
	const struct dirent *entry;

	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL)
		(void)unlink(str_cstr(
		    arena, str_format(arena, "%s/%s", folder, entry->d_name)));
	(void)closedir(dir);
	(void)rmdir(folder);
}

void
copying_remove(struct arena *arena, const char *folder)
{
	DIR *const dir = opendir(folder);
	const struct dirent *entry;

	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL) {
		const char *const path = str_cstr(
		    arena, str_format(arena, "%s/%s", folder, entry->d_name));

		if (!is_itself(entry->d_name) && unlink(path) != 0)
			remove_flat(arena, path);
	}
	(void)closedir(dir);
	(void)rmdir(folder);
}
