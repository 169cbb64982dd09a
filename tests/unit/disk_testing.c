/* disk_testing: a disk that fails on request, and one that is written down. */
#include "disk_testing.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FDS 256

static struct fault {
	int after, times, error;
} faults[DISK_OP__MAX];
static int64_t room = INT64_MAX;
static int64_t unreadable_from;
static int unreadable_error;

static struct disk_tape *tape;
static struct stat folder;
static char names[FDS][64]; /* of what was created */

int __real_openat(int at, const char *path, int flags, ...);
int __wrap_openat(int at, const char *path, int flags, ...);
ssize_t __real_pwrite(int fd, const void *bytes, size_t n, off_t at);
ssize_t __wrap_pwrite(int fd, const void *bytes, size_t n, off_t at);
ssize_t __real_pread(int fd, void *bytes, size_t n, off_t at);
ssize_t __wrap_pread(int fd, void *bytes, size_t n, off_t at);
int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __real_fdatasync(int fd);
int __wrap_fdatasync(int fd);
int __real_ftruncate(int fd, off_t n);
int __wrap_ftruncate(int fd, off_t n);
int __real_renameat(int at, const char *from, int to_at, const char *to);
int __wrap_renameat(int at, const char *from, int to_at, const char *to);
int __real_unlinkat(int at, const char *path, int flags);
int __wrap_unlinkat(int at, const char *path, int flags);

void
disk_fail(enum disk_op op, int after, int times, int error)
{
	faults[op] = (struct fault){ after, times, error };
}

void
disk_room(int64_t bytes)
{
	room = bytes;
}

void
disk_fail_read(int64_t from, int error)
{
	unreadable_from = from;
	unreadable_error = error;
}

void
disk_heal(void)
{
	memset(faults, 0, sizeof(faults));
	room = INT64_MAX;
	unreadable_error = 0;
}

void
disk_record(struct disk_tape *to, const char *path)
{
	tape = to;
	if (tape != NULL)
		assert_int_equal(stat(path, &folder), 0);
}

/* Is it the turn of a fault? */
static bool
fails(enum disk_op op)
{
	struct fault *const f = &faults[op];

	if (f->times == 0)
		return false;
	if (f->after > 0) {
		f->after--;
		return false;
	}
	f->times--;
	errno = f->error;
	return true;
}

static struct disk_step *
step(enum disk_op op, const char *name, bool failed)
{
	static struct disk_step nowhere;
	struct disk_step *const s =
	    tape == NULL ? &nowhere : &tape->steps[tape->n];

	if (tape == NULL)
		return s;
	if (tape->n + 1 >= DISK_STEPS)
		abort();
	tape->n++;
	s->op = op;
	s->failed = failed;
	(void)snprintf(s->name, sizeof(s->name), "%s", name);
	return s;
}

void
disk_note(int64_t value)
{
	step(DISK_NOTE, "", false)->at = value;
}

static const char *
name_of(int fd)
{
	return fd >= 0 && fd < FDS ? names[fd] : "";
}

static bool
is_folder(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool
is_recorded_folder(int fd)
{
	struct stat st;

	return tape != NULL && fstat(fd, &st) == 0 &&
	    st.st_ino == folder.st_ino && st.st_dev == folder.st_dev;
}

int
__wrap_openat(int at, const char *path, int flags, ...)
{
	const bool creates = (flags & O_CREAT) != 0;
	int fd;

	if (creates && fails(DISK_CREATE))
		return -1;
	fd = __real_openat(at, path, flags, 0600);
	if (creates && fd >= 0 && fd < FDS) {
		(void)snprintf(names[fd], sizeof(names[fd]), "%s", path);
		(void)step(DISK_CREATE, path, false);
	}
	return fd;
}

static ssize_t
write_some(int fd, const void *bytes, size_t n, off_t at)
{
	ssize_t done;

	if (fails(DISK_WRITE))
		return -1;
	if (room == 0) {
		errno = ENOSPC;
		return -1;
	}
	done =
	    __real_pwrite(fd, bytes, (int64_t)n < room ? n : (size_t)room, at);
	if (done > 0 && room != INT64_MAX)
		room -= done;
	return done;
}

ssize_t
__wrap_pwrite(int fd, const void *bytes, size_t n, off_t at)
{
	const ssize_t done = write_some(fd, bytes, n, at);
	struct disk_step *s;

	if (tape == NULL)
		return done;
	s = step(DISK_WRITE, name_of(fd), done < 0);
	s->at = at;
	s->bytes = done <= 0
	    ? STR_ABSENT
	    : str_copy(tape->arena, bytes_of(bytes, (size_t)done));
	return done;
}

ssize_t
__wrap_pread(int fd, void *bytes, size_t n, off_t at)
{
	if (unreadable_error != 0 && at + (int64_t)n > unreadable_from) {
		errno = unreadable_error;
		return -1;
	}
	return __real_pread(fd, bytes, n, at);
}

static int
sync_fd(int fd, int (*real)(int))
{
	const enum disk_op op = is_folder(fd) ? DISK_SYNC_FOLDER : DISK_SYNC;
	const int e = fails(op) ? -1 : real(fd);

	if (op == DISK_SYNC || is_recorded_folder(fd))
		(void)step(op, op == DISK_SYNC ? name_of(fd) : "", e != 0);
	return e;
}

int
__wrap_fsync(int fd)
{
	return sync_fd(fd, __real_fsync);
}

int
__wrap_fdatasync(int fd)
{
	return sync_fd(fd, __real_fdatasync);
}

int
__wrap_ftruncate(int fd, off_t n)
{
	const int e = fails(DISK_TRUNCATE) ? -1 : __real_ftruncate(fd, n);

	step(DISK_TRUNCATE, name_of(fd), e != 0)->at = n;
	return e;
}

int
__wrap_renameat(int at, const char *from, int to_at, const char *to)
{
	const int e =
	    fails(DISK_RENAME) ? -1 : __real_renameat(at, from, to_at, to);
	struct disk_step *const s = step(DISK_RENAME, from, e != 0);

	(void)snprintf(s->to, sizeof(s->to), "%s", to);
	return e;
}

int
__wrap_unlinkat(int at, const char *path, int flags)
{
	const int e =
	    fails(DISK_REMOVE) ? -1 : __real_unlinkat(at, path, flags);

	(void)step(DISK_REMOVE, path, e != 0);
	return e;
}
