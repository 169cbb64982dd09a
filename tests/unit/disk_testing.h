/*
 * disk_testing: a disk that fails on request, and one whose every step is
 * written down.  It stands between the program and the C library: a test that
 * uses it is linked with disk_testing() in CMakeLists.txt (ld's --wrap).
 */
#ifndef TESTS_UNIT_DISK_TESTING_H
#define TESTS_UNIT_DISK_TESTING_H

#include "testing.h"

enum disk_op {
	DISK_CREATE,
	DISK_WRITE,
	DISK_SYNC,
	DISK_SYNC_FOLDER,
	DISK_TRUNCATE,
	DISK_RENAME,
	DISK_REMOVE,
	DISK_NOTE, /* of the test itself */
	DISK_OP__MAX
};

/*
 * From now on: the first `after` calls of this kind work, the next `times` fail
 * with `error`.  One fault of a kind at a time.
 */
void disk_fail(enum disk_op op, int after, int times, int error);

/* Room for so many bytes more: then writes are short, then ENOSPC. */
void disk_room(int64_t bytes);

/* Reads of files fail with `error` from this byte on; 0: no more. */
void disk_fail_read(int64_t from, int error);

/* All is well again. */
void disk_heal(void);

struct disk_step {
	enum disk_op op;
	bool failed;
	char name[64]; /* within the folder */
	char to[64];   /* DISK_RENAME */
	int64_t at;    /* DISK_WRITE, DISK_TRUNCATE, DISK_NOTE */
	struct str bytes;
};

#define DISK_STEPS 8192

struct disk_tape {
	struct arena *arena;
	size_t n;
	struct disk_step steps[DISK_STEPS];
};

/* Writes down what is done in the folder; NULL: no more. */
void disk_record(struct disk_tape *tape, const char *folder);

/* A step of the test itself. */
void disk_note(int64_t value);

#endif
