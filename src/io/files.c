/* files: whole files in, whole files out.  Floor: io. */
#include "io/files.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/entropy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum err
files_read_fd(struct arena *arena, int fd, size_t max, struct str *out)
{
	char *const bytes = arena_alloc(arena, max + 2);
	size_t n = 0;

	while (n <= max) {
		const ssize_t got = read(fd, bytes + n, max + 1 - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return ERR_INPUT;
		if (got == 0)
			break;
		n += (size_t)got;
	}
	if (n > max)
		return ERR_LIMIT;
	*out = (struct str){ bytes, n };
	return ERR_OK;
}

enum err
files_read(struct arena *arena, const char *path, size_t max, struct str *out)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	enum err e;

	if (fd < 0)
		return errno == ENOENT ? ERR_NOT_FOUND : ERR_INPUT;
	if (fstat(fd, &st) != 0)
		e = ERR_INPUT;
	else if (S_ISREG(st.st_mode) && (size_t)st.st_size > max)
		e = ERR_LIMIT;
	else
		e = files_read_fd(arena, fd,
		    S_ISREG(st.st_mode) ? (size_t)st.st_size : max, out);
	(void)close(fd);
	return e;
}

enum err
files_write(int fd, struct str content)
{
	while (content.n > 0) {
		const ssize_t n = write(fd, content.p, content.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return ERR_BUSY;
		content = str_slice(content, (size_t)n, content.n);
	}
	return ERR_OK;
}

enum durability { VOLATILE, SYNCED };

/*
 * Writes, and syncs, a new file; on failure nothing of it is left.  Whoever
 * owns the folder cannot have put a link there first.  Its mode is what was
 * asked for, whatever the umask.
 */
static bool
write_new(const char *path, struct str content, unsigned int mode,
    enum durability durability)
{
	const int fd = open(
	    path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool ok;

	if (fd < 0)
		return false;
	ok = fchmod(fd, (mode_t)mode) == 0 &&
	    files_write(fd, content) == ERR_OK &&
	    (durability == VOLATILE || fsync(fd) == 0);
	ok = close(fd) == 0 && ok;
	if (!ok)
		(void)unlink(path);
	return ok;
}

static const char *
folder_of(struct arena *arena, const char *path)
{
	const char *const slash = strrchr(path, '/');

	if (slash == NULL)
		return ".";
	return arena_copy(
	    arena, path, slash == path ? 1 : (size_t)(slash - path));
}

enum err
files_sync_folder(const char *path)
{
	const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return ERR_BUSY;
	ok = fsync(fd) == 0;
	(void)close(fd);
	return ok ? ERR_OK : ERR_BUSY;
}

static enum err
replace(struct arena *arena, const char *path, struct str content,
    unsigned int mode, enum durability durability)
{
	const char *const temporary = str_cstr(arena,
	    str_format(arena, "%s.%08x%08x.tmp", path,
		entropy_below(UINT32_MAX), entropy_below(UINT32_MAX)));

	if (!write_new(temporary, content, mode, durability))
		return ERR_BUSY;
	if (rename(temporary, path) != 0) {
		(void)unlink(temporary);
		return ERR_BUSY;
	}
	return durability == VOLATILE
	    ? ERR_OK
	    : files_sync_folder(folder_of(arena, path));
}

enum err
files_replace(struct arena *arena, const char *path, struct str content,
    unsigned int mode)
{
	return replace(arena, path, content, mode, SYNCED);
}

enum err
files_replace_volatile(struct arena *arena, const char *path,
    struct str content, unsigned int mode)
{
	return replace(arena, path, content, mode, VOLATILE);
}

static bool
is_folder(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return false;
	if (S_ISDIR(st.st_mode))
		return true;
	errno = ENOTDIR;
	return false;
}

enum err
files_make_folder(struct arena *arena, const char *path)
{
	char *const copy = arena_copy(arena, path, strlen(path));

	for (char *p = copy + 1; *p != '\0'; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		(void)mkdir(copy, 0755);
		*p = '/';
	}
	if (mkdir(copy, 0750) == 0)
		return ERR_OK;
	return errno == EEXIST && is_folder(path) ? ERR_OK : ERR_INPUT;
}

struct files_stamp
files_stamp(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return (struct files_stamp){ 0 };
	return (struct files_stamp){
		.inode = st.st_ino,
		.size = st.st_size,
		.changed_ns = (int64_t)st.st_ctim.tv_sec * 1000000000 +
		    st.st_ctim.tv_nsec,
	};
}

int
files_lock(const char *path)
{
	const int fd =
	    open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	while (fd >= 0 && fcntl(fd, F_SETLKW, &whole) != 0) {
		if (errno == EINTR)
			continue;
		(void)close(fd);
		return -1;
	}
	return fd;
}

/* flock(2), since a lock of fcntl(2) is gone in a child. */
int
files_lock_now(const char *path)
{
	const int fd =
	    open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	int why;

	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	why = errno;
	(void)close(fd);
	errno = why;
	return -1;
}
