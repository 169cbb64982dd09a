/*
 * faultfs: a disk that is full, read-only or broken, for the paths that a control
 * file names; preloaded into the program under test.
 *
 * FAULTFS_CONTROL names the file, which is read at each call, so that a fault
 * begins and ends while the program runs.  A line is "MODE PREFIX [BYTES]":
 *
 *  full      after BYTES more bytes (a process counts its own, from the last
 *            change of the control file) there is no room: a write that fits in
 *            part is short, the next gets ENOSPC
 *  readonly  whatever would change something gets EROFS
 *  fsync     fsync and fdatasync get EIO
 *  short     of each write only half is written
 *
 * What glibc calls inside itself (stdio, mkstemp) is not seen.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define CONTROL_BYTES 4096
#define CHANGES (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)

/* What the compiler calls where it checks open() itself. */
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);
int __openat_2(int folder, const char *path, int flags);
int __openat64_2(int folder, const char *path, int flags);

static atomic_long spent;      /* bytes since the control file changed */
static atomic_long generation; /* its time of change, as a number */

/* The control file's text, or "" while there is none. */
static void
read_control(char out[CONTROL_BYTES])
{
	const char *const name = getenv("FAULTFS_CONTROL");
	struct stat st;
	long fd;
	long n;

	out[0] = '\0';
	if (name == NULL)
		return;
	fd = syscall(SYS_openat, AT_FDCWD, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	n = syscall(SYS_read, fd, out, CONTROL_BYTES - 1);
	out[n > 0 ? n : 0] = '\0';
	if (fstat((int)fd, &st) == 0) {
		const long now =
		    st.st_mtim.tv_sec * 1000000 + st.st_mtim.tv_nsec / 1000;

		if (atomic_exchange(&generation, now) != now)
			atomic_store(&spent, 0);
	}
	(void)syscall(SYS_close, fd);
}

/* Is there a line of this mode for the path?  `bytes` is its number, or 0. */
static bool
has_fault(const char *mode, const char *path, long *bytes)
{
	const int before = errno;
	char control[CONTROL_BYTES];
	char *rest = control;
	char *line;
	bool found = false;

	read_control(control);
	while (!found && (line = strsep(&rest, "\n")) != NULL) {
		char *const word = strsep(&line, " ");
		char *const prefix = strsep(&line, " ");

		found = prefix != NULL && strcmp(word, mode) == 0 &&
		    strncmp(path, prefix, strlen(prefix)) == 0;
		*bytes = found && line != NULL ? strtol(line, NULL, 10) : 0;
	}
	errno = before;
	return found;
}

static bool
name_of_link(const char *link, char out[PATH_MAX])
{
	const int before = errno;
	const ssize_t n = readlink(link, out, PATH_MAX - 1);

	errno = before;
	out[n > 0 ? n : 0] = '\0';
	return n > 0;
}

static bool
name_of_fd(int fd, char out[PATH_MAX])
{
	char link[64];

	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	return name_of_link(link, out);
}

/* The absolute name of a path below a folder. */
static void
name_of_path(int folder, const char *path, char out[PATH_MAX])
{
	size_t n = 0;

	if (path[0] != '/' &&
	    (folder == AT_FDCWD ? name_of_link("/proc/self/cwd", out)
				: name_of_fd(folder, out))) {
		n = strlen(out);
		out[n++] = '/';
	}
	(void)snprintf(out + n, PATH_MAX - n, "%s", path);
}

/* 0, or -1 with errno: nothing may change there. */
static int
check_change(int folder, const char *path)
{
	char name[PATH_MAX];
	long bytes;

	name_of_path(folder, path, name);
	if (!has_fault("readonly", name, &bytes))
		return 0;
	errno = EROFS;
	return -1;
}

/* How many of `n` bytes may be written; -1 with errno. */
static ssize_t
check_write(int fd, size_t n)
{
	char name[PATH_MAX];
	long bytes;
	long left;

	if (!name_of_fd(fd, name) || name[0] != '/')
		return (ssize_t)n;
	if (has_fault("readonly", name, &bytes)) {
		errno = EROFS;
		return -1;
	}
	if (has_fault("short", name, &bytes) && n > 1)
		return (ssize_t)(n / 2);
	if (!has_fault("full", name, &bytes))
		return (ssize_t)n;
	left = bytes - atomic_load(&spent);
	if (left <= 0) {
		errno = ENOSPC;
		return -1;
	}
	if ((size_t)left < n)
		n = (size_t)left;
	atomic_fetch_add(&spent, (long)n);
	return (ssize_t)n;
}

static int
check_sync(int fd)
{
	char name[PATH_MAX];
	long bytes;

	if (!name_of_fd(fd, name) || !has_fault("fsync", name, &bytes))
		return 0;
	errno = EIO;
	return -1;
}

static int
open_at(int folder, const char *path, int flags, mode_t mode)
{
	if ((flags & CHANGES) != 0 && check_change(folder, path) != 0)
		return -1;
	return (int)syscall(SYS_openat, folder, path, flags, mode);
}

/* The mode is there only where something may be made. */
#define OPEN_MODE(flags, mode)                                                 \
	do {                                                                   \
		va_list ap;                                                    \
                                                                               \
		va_start(ap, flags);                                           \
		if (((flags) & (O_CREAT | O_TMPFILE)) != 0)                    \
			(mode) = va_arg(ap, mode_t);                           \
		va_end(ap);                                                    \
	} while (0)

int
open(const char *path, int flags, ...)
{
	mode_t mode = 0;

	OPEN_MODE(flags, mode);
	return open_at(AT_FDCWD, path, flags, mode);
}

int
open64(const char *path, int flags, ...)
{
	mode_t mode = 0;

	OPEN_MODE(flags, mode);
	return open_at(AT_FDCWD, path, flags, mode);
}

int
openat(int folder, const char *path, int flags, ...)
{
	mode_t mode = 0;

	OPEN_MODE(flags, mode);
	return open_at(folder, path, flags, mode);
}

int
openat64(int folder, const char *path, int flags, ...)
{
	mode_t mode = 0;

	OPEN_MODE(flags, mode);
	return open_at(folder, path, flags, mode);
}

int
__open_2(const char *path, int flags)
{
	return open_at(AT_FDCWD, path, flags, 0);
}

int
__open64_2(const char *path, int flags)
{
	return open_at(AT_FDCWD, path, flags, 0);
}

int
__openat_2(int folder, const char *path, int flags)
{
	return open_at(folder, path, flags, 0);
}

int
__openat64_2(int folder, const char *path, int flags)
{
	return open_at(folder, path, flags, 0);
}

ssize_t
write(int fd, const void *bytes, size_t n)
{
	const ssize_t allowed = check_write(fd, n);

	if (allowed < 0)
		return -1;
	return syscall(SYS_write, fd, bytes, allowed);
}

ssize_t
pwrite(int fd, const void *bytes, size_t n, off_t at)
{
	const ssize_t allowed = check_write(fd, n);

	if (allowed < 0)
		return -1;
	return syscall(SYS_pwrite64, fd, bytes, allowed, at);
}

ssize_t
pwrite64(int fd, const void *bytes, size_t n, off64_t at)
{
	return pwrite(fd, bytes, n, at);
}

/* All of the pieces, or what is allowed of the first that is not allowed whole. */
ssize_t
writev(int fd, const struct iovec *pieces, int n)
{
	ssize_t sum = 0;

	for (int i = 0; i < n; i++) {
		const size_t wanted = pieces[i].iov_len;
		const ssize_t done =
		    wanted == 0 ? 0 : write(fd, pieces[i].iov_base, wanted);

		if (done < 0)
			return sum > 0 ? sum : -1;
		sum += done;
		if ((size_t)done < wanted)
			break;
	}
	return sum;
}

int
fsync(int fd)
{
	return check_sync(fd) != 0 ? -1 : (int)syscall(SYS_fsync, fd);
}

int
fdatasync(int fd)
{
	return check_sync(fd) != 0 ? -1 : (int)syscall(SYS_fdatasync, fd);
}

int
renameat(int from, const char *old, int to, const char *new)
{
	if (check_change(from, old) != 0 || check_change(to, new) != 0)
		return -1;
	return (int)syscall(SYS_renameat2, from, old, to, new, 0);
}

int
rename(const char *old, const char *new)
{
	return renameat(AT_FDCWD, old, AT_FDCWD, new);
}

int
linkat(int from, const char *old, int to, const char *new, int flags)
{
	if (check_change(to, new) != 0)
		return -1;
	return (int)syscall(SYS_linkat, from, old, to, new, flags);
}

int
link(const char *old, const char *new)
{
	return linkat(AT_FDCWD, old, AT_FDCWD, new, 0);
}

int
unlinkat(int folder, const char *path, int flags)
{
	if (check_change(folder, path) != 0)
		return -1;
	return (int)syscall(SYS_unlinkat, folder, path, flags);
}

int
unlink(const char *path)
{
	return unlinkat(AT_FDCWD, path, 0);
}

int
mkdirat(int folder, const char *path, mode_t mode)
{
	if (check_change(folder, path) != 0)
		return -1;
	return (int)syscall(SYS_mkdirat, folder, path, mode);
}

int
mkdir(const char *path, mode_t mode)
{
	return mkdirat(AT_FDCWD, path, mode);
}
