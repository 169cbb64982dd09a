/*
 * doctor_nginx: may nginx read what it sends?  Floor: jobs.
 *
 * Its workers are found by their name in /proc: one among them that may is
 * enough, for whose nginx a process is it does not say.  In containers none is
 * seen, and then nothing is said.
 */
#include "doctor_nginx.h"

#include "base/err.h"
#include "base/str.h"
#include "doctor_checks.h"
#include "doctor_codes.h"
#include "doctor_folders.h"
#include "io/files.h"

#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>

#define STATUS_MAX_BYTES ((size_t)16 * 1024)
#define READ_AND_PASS 5
#define PASS 1

/* "Uid:\t33\t33\t33\t33": the second number is the one that counts. */
static bool
effective(struct str line, int *out)
{
	(void)str_split(&line, '\t');
	(void)str_split(&line, '\t');
	return str_to_int(str_split(&line, '\t'), INT_MAX, out);
}

static void
add_groups(struct str line, struct reader *out)
{
	int gid;

	(void)str_split(&line, '\t');
	while (line.p != NULL && out->n_groups < READER_MAX_GROUPS) {
		if (str_to_int(str_split(&line, ' '), INT_MAX, &gid))
			out->groups[out->n_groups++] = (gid_t)gid;
	}
}

bool
reader_parse(struct str status, struct reader *out)
{
	bool has_uid = false;
	int id;

	*out = (struct reader){ .n_groups = 0 };
	while (status.p != NULL) {
		const struct str line = str_split(&status, '\n');

		if (str_starts(line, STR("Uid:")) && effective(line, &id)) {
			out->uid = (uid_t)id;
			has_uid = true;
		} else if (str_starts(line, STR("Gid:")) &&
		    effective(line, &id)) {
			out->groups[out->n_groups++] = (gid_t)id;
		} else if (str_starts(line, STR("Groups:"))) {
			add_groups(line, out);
		}
	}
	return has_uid;
}

/* The folder, and all above it. */
static bool
may_read(
    const struct doctor *d, const struct reader *reader, const char *folder)
{
	unsigned int want = READ_AND_PASS;
	char *const path = str_cstr(d->arena, str_of(folder));
	struct stat is;

	for (;;) {
		char *const slash = strrchr(path, '/');

		if (stat(*path == '\0' ? "/" : path, &is) != 0 ||
		    !reader_may(reader, is.st_mode, is.st_uid, is.st_gid, want))
			return false;
		if (*path == '\0' || slash == NULL)
			return true;
		*slash = '\0';
		want = PASS;
	}
}

static bool
is_nginx(const struct doctor *d, const char *pid, struct reader *out)
{
	const struct str path = str_format(d->arena, "/proc/%s/status", pid);
	struct str status;

	return strspn(pid, "0123456789") == strlen(pid) &&
	    files_read(d->arena, path.p, STATUS_MAX_BYTES, &status) == ERR_OK &&
	    str_starts(status, STR("Name:\tnginx\n")) &&
	    reader_parse(status, out);
}

void
examine_nginx(struct doctor *d, const char *folder)
{
	DIR *const proc = opendir("/proc");
	const struct dirent *entry;
	struct reader reader;
	unsigned int closed_to = 0;
	bool is_seen = false;
	bool is_open = false;

	if (proc == NULL || folder[0] != '/') {
		if (proc != NULL)
			(void)closedir(proc);
		return;
	}
	while (!is_open && (entry = readdir(proc)) != NULL) {
		if (!is_nginx(d, entry->d_name, &reader) || reader.uid == 0)
			continue;
		is_seen = true;
		is_open = may_read(d, &reader, folder);
		closed_to = (unsigned int)reader.uid;
	}
	(void)closedir(proc);
	if (is_seen && !is_open)
		doctor_say(d, FOUND_RECORDINGS_CLOSED,
		    "nginx, as user %u, may not read %s, so no message can be "
		    "played.",
		    closed_to, folder);
}
