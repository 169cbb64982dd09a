/* doctor_folders: what is kept on this machine.  Floor: jobs. */
#include "doctor_folders.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "doctor_checks.h"
#include "doctor_codes.h"
#include "doctor_nginx.h"
#include "io/conf.h"
#include "io/spool_look.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>
#include <unistd.h>

#define MIB INT64_C(1048576)
#define NO_ROOM_BYTES (64 * MIB)
#define NO_ROOM_FILES 1000
#define WAITING_US INT64_C(60000000)
#define SECOND_US INT64_C(1000000)

bool
reader_may(const struct reader *reader, mode_t mode, uid_t owner, gid_t group,
    unsigned int want)
{
	if (reader->uid == 0)
		return true;
	if (reader->uid == owner)
		return ((unsigned int)mode >> 6 & want) == want;
	for (size_t i = 0; i < reader->n_groups; i++) {
		if (reader->groups[i] == group)
			return ((unsigned int)mode >> 3 & want) == want;
	}
	return ((unsigned int)mode & want) == want;
}

void
judge_room(struct doctor *d, const struct room *room)
{
	const int64_t quota = d->conf->spool_mb * MIB;
	const bool few =
	    room->free_files >= 0 && room->free_files < NO_ROOM_FILES;

	if (room->free_bytes < NO_ROOM_BYTES || few)
		doctor_say(d, FOUND_DISK_FULL,
		    "The disk of %s has %lld MiB%s left; what cannot be "
		    "written anywhere is lost when the database goes.",
		    d->conf->data, (long long)(room->free_bytes / MIB),
		    few ? " and hardly any room for files" : "");
	else if (room->free_bytes < quota)
		doctor_say(d, FOUND_DISK_LOW,
		    "The disk of %s has %lld MiB left, less than the %d MiB "
		    "that the spool may need (MAINLINE_SPOOL_MB).",
		    d->conf->data, (long long)(room->free_bytes / MIB),
		    d->conf->spool_mb);
}

static void
check_room(struct doctor *d)
{
	struct statvfs disk;
	struct room room;

	if (statvfs(d->conf->data, &disk) != 0)
		return;
	room.free_bytes = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
	room.free_files = disk.f_files == 0 ? -1 : (int64_t)disk.f_favail;
	judge_room(d, &room);
}

/* false: there is nothing to look at further. */
static bool
check_folder(struct doctor *d, const char *path, bool is_needed)
{
	struct stat is;

	if (stat(path, &is) != 0 && errno == ENOENT && !is_needed)
		return false;
	if (stat(path, &is) != 0) {
		doctor_say(d,
		    errno == ENOENT ? FOUND_FOLDER_MISSING
				    : FOUND_FOLDER_CLOSED,
		    "%s: %s.", path, strerror(errno));
		return false;
	}
	if (!S_ISDIR(is.st_mode)) {
		doctor_say(d, FOUND_FOLDER_MISSING, "%s is no folder.", path);
		return false;
	}
	if (access(path, R_OK | W_OK | X_OK) == 0)
		return true;
	doctor_say(d, FOUND_FOLDER_CLOSED,
	    "%s cannot be written by the user who asks (%s).", path,
	    strerror(errno));
	return false;
}

static size_t
count_bad(const char *folder)
{
	DIR *const dir = opendir(folder);
	const struct dirent *entry;
	size_t n = 0;

	if (dir == NULL)
		return 0;
	while ((entry = readdir(dir)) != NULL) {
		const struct str name = str_of(entry->d_name);

		n += name.n > 4 &&
		    str_eq(str_slice(name, name.n - 4, 4), STR(".bad"));
	}
	(void)closedir(dir);
	return n;
}

static void
check_spool(struct doctor *d, const char *folder)
{
	const size_t bad = count_bad(folder);
	const int64_t now_us = clock_wall_us();
	int64_t oldest_us;

	if (bad > 0)
		doctor_say(d, FOUND_SPOOL_BAD_FILES,
		    "In %s %zu file%s put aside, since something in %s could "
		    "not be read or taken.",
		    folder, bad, bad == 1 ? " was" : "s were",
		    bad == 1 ? "it" : "them");
	if (spool_look_oldest(folder, &oldest_us) == ERR_OK &&
	    oldest_us < now_us - WAITING_US)
		doctor_say(d, FOUND_SPOOL_WAITING,
		    "Events have waited in the spool for %lld s: the database "
		    "does not take them.",
		    (long long)((now_us - oldest_us) / SECOND_US));
}

void
examine_folders(struct doctor *d)
{
	const char *const data = d->conf->data;
	const char *const spool =
	    str_cstr(d->arena, str_format(d->arena, "%s/spool", data));
	const char *const recordings =
	    str_cstr(d->arena, str_format(d->arena, "%s/recordings", data));

	if (!check_folder(d, data, true))
		return;
	check_room(d);
	if (check_folder(d, spool, false))
		check_spool(d, spool);
	if (d->conf->s3_url == NULL && check_folder(d, recordings, false))
		examine_nginx(d, recordings);
}
