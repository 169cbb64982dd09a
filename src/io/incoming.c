/* incoming: a file that is written while it comes.  Floor: io. */
#include "io/incoming.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/digest.h"
#include "io/entropy.h"
#include "io/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEPT_MODE 0640
#define SHARED_FOLDER_MODE 02750 /* a file in it has its group as well */
#define SAME_USER ((uid_t) - 1)

/* The folder belongs to `name`'s group, which we must be of, or it to us. */
static bool
share_folder(const char *path, const char *name)
{
	const struct group *const group = getgrnam(name);
	struct stat st;

	if (group == NULL) {
		errno = ENOENT;
		return false;
	}
	if (stat(path, &st) != 0)
		return false;
	if (st.st_gid == group->gr_gid &&
	    (st.st_mode & 07777) == SHARED_FOLDER_MODE)
		return true;
	return chown(path, SAME_USER, group->gr_gid) == 0 &&
	    chmod(path, SHARED_FOLDER_MODE) == 0;
}

/* Nobody holds its lock: whoever wrote it is dead. */
static void
remove_if_left(const char *path)
{
	const int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		(void)unlink(path);
	(void)close(fd);
}

static void
sweep(struct arena *arena, const char *path)
{
	DIR *const dir = opendir(path);
	const struct dirent *entry;

	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] != '.')
			remove_if_left(str_cstr(arena,
			    str_format(arena, "%s/%s", path, entry->d_name)));
	}
	(void)closedir(dir);
}

enum err
incoming_open(struct arena *arena, const char *folder, const char *group,
    struct incoming *out)
{
	const char *const below =
	    str_cstr(arena, str_format(arena, "%s/incoming", folder));
	const char *const path = str_cstr(arena,
	    str_format(arena, "%s/%08x%08x", below, entropy_below(UINT32_MAX),
		entropy_below(UINT32_MAX)));
	int fd;

	*out = (struct incoming){ .fd = -1 };
	if (files_make_folder(arena, folder) != ERR_OK ||
	    (group != NULL && !share_folder(folder, group)) ||
	    files_make_folder(arena, below) != ERR_OK)
		return ERR_BUSY;
	sweep(arena, below);
	fd = open(
	    path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return ERR_BUSY;
	/* Somebody may sweep just now: then it has no name, and is not kept. */
	(void)flock(fd, LOCK_EX | LOCK_NB);
	out->folder = folder;
	out->path = path;
	out->fd = fd;
	digest_begin(&out->digest);
	return ERR_OK;
}

enum err
incoming_add(struct incoming *in, struct str bytes)
{
	const size_t room = sizeof(in->head) - in->head_n;
	const size_t first = bytes.n < room ? bytes.n : room;

	if (first > 0)
		memcpy(in->head + in->head_n, bytes.p, first);
	in->head_n += first;
	in->bytes += (int64_t)bytes.n;
	digest_add(&in->digest, bytes);
	return files_write(in->fd, bytes);
}

enum err
incoming_close(struct incoming *in, unsigned char sha256[DIGEST_SHA256_BYTES])
{
	digest_end(&in->digest, sha256);
	in->digest.context = NULL;
	return fsync(in->fd) == 0 ? ERR_OK : ERR_BUSY;
}

enum err
incoming_keep(struct arena *arena, struct incoming *in, const char *name)
{
	const char *const to =
	    str_cstr(arena, str_format(arena, "%s/%s", in->folder, name));

	/* Its rights go with it into the rename, or nobody sees them. */
	if (fchmod(in->fd, KEPT_MODE) != 0 || fsync(in->fd) != 0 ||
	    rename(in->path, to) != 0)
		return ERR_BUSY;
	in->path = NULL;
	return files_sync_folder(in->folder);
}

void
incoming_drop(struct incoming *in)
{
	if (in->fd < 0)
		return;
	if (in->digest.context != NULL)
		digest_end(&in->digest, NULL);
	if (in->path != NULL)
		(void)unlink(in->path);
	(void)close(in->fd);
	*in = (struct incoming){ .fd = -1 };
}
