/* doctor_folders: its judgements.  Private to the jobs floor. */
#ifndef MAINLINE_JOBS_DOCTOR_FOLDERS_H
#define MAINLINE_JOBS_DOCTOR_FOLDERS_H

#include "doctor_checks.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define READER_MAX_GROUPS 32

/* A process's user, with all its groups. */
struct reader {
	uid_t uid;
	gid_t groups[READER_MAX_GROUPS];
	size_t n_groups;
};

/* May they do all of `want` (4 read, 2 write, 1 pass) with such a folder? */
bool reader_may(const struct reader *reader, mode_t mode, uid_t owner,
    gid_t group, unsigned int want);

struct room {
	int64_t free_bytes;
	int64_t free_files; /* -1: the file system does not count them */
};

/* Is there room for the spool, when the database should go? */
void judge_room(struct doctor *d, const struct room *room);

#endif
