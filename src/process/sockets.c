/*
 * sockets: the unix sockets on which nginx reaches the workers.  Floor:
 * process.
 */
#include "process/sockets.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/conf.h"
#include "io/files.h"
#include "service.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKET_MODE 0660
#define SAME_USER ((uid_t) - 1)
#define NO_GROUP ((gid_t) - 1)

const char *
pool_name(enum pool pool)
{
	return pool == POOL_HOOK ? "hook" : "api";
}

static struct str
failed(struct arena *arena, const char *what, const char *path)
{
	return str_format(
	    arena, "cannot %s %s: %s", what, path, strerror(errno));
}

static enum err
lock_folder(struct arena *arena, const struct conf *conf, struct sockets *out,
    struct str *why)
{
	const char *const path =
	    str_cstr(arena, str_format(arena, "%s/mainline.lock", conf->run));

	if (files_make_folder(arena, conf->run) != ERR_OK) {
		*why = failed(arena, "make the folder", conf->run);
		return ERR_INPUT;
	}
	out->lock_fd =
	    open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (out->lock_fd < 0) {
		*why = failed(arena, "open", path);
		return ERR_INPUT;
	}
	if (flock(out->lock_fd, LOCK_EX | LOCK_NB) != 0) {
		*why = str_format(arena,
		    "another mainline serves in %s; stop it, or set MAINLINE_RUN",
		    conf->run);
		return ERR_CONFLICT;
	}
	return ERR_OK;
}

enum err
sockets_group(
    struct arena *arena, const struct conf *conf, gid_t *out, struct str *why)
{
	const struct group *group;

	*out = NO_GROUP;
	if (conf->socket_group == NULL)
		return ERR_OK;
	group = getgrnam(conf->socket_group);
	if (group == NULL) {
		*why = str_format(arena,
		    "MAINLINE_SOCKET_GROUP: there is no group %s",
		    conf->socket_group);
		return ERR_INPUT;
	}
	*out = group->gr_gid;
	return ERR_OK;
}

static bool
bind_at(int fd, const struct sockaddr_un *address)
{
	/* Nobody may connect before the owner and the mode are right. */
	const mode_t before = umask(0777);
	const bool ok =
	    bind(fd, (const struct sockaddr *)address, sizeof(*address)) == 0;

	(void)umask(before);
	return ok;
}

static enum err
open_socket(struct arena *arena, const char *path, gid_t group, int *out_fd,
    struct str *why)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(address.sun_path)) {
		*why = str_format(arena,
		    "%s is too long for a socket (%zu bytes at most); set "
		    "MAINLINE_RUN to a shorter folder",
		    path, sizeof(address.sun_path) - 1);
		return ERR_INPUT;
	}
	(void)memcpy(address.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		*why = failed(arena, "make", path);
		return ERR_INPUT;
	}
	(void)unlink(path); /* the lock says that nobody is behind it */
	if (!bind_at(fd, &address) || lchown(path, SAME_USER, group) != 0 ||
	    chmod(path, SOCKET_MODE) != 0 || listen(fd, SOCKETS_BACKLOG) != 0) {
		*why = failed(arena, "listen at", path);
		(void)close(fd);
		return ERR_INPUT;
	}
	*out_fd = fd;
	return ERR_OK;
}

/* One without the other is a slip in the units. */
static enum err
take_given(
    struct arena *arena, char *const *env, struct sockets *out, struct str *why)
{
	size_t n = 0;

	for (enum pool p = 0; p < POOL__MAX; p++) {
		if (service_socket(env, pool_name(p), &out->fd[p]) != ERR_OK) {
			*why = str_format(arena,
			    "the socket that was passed as %s is no listening "
			    "unix stream socket",
			    pool_name(p));
			return ERR_INPUT;
		}
		n += out->fd[p] >= 0;
	}
	out->are_given = n == POOL__MAX;
	if (n == 0 || out->are_given)
		return ERR_OK;
	*why = STR("of the sockets hook and api only one was passed");
	return ERR_INPUT;
}

enum err
sockets_open(struct arena *arena, const struct conf *conf, char *const *env,
    struct sockets *out, struct str *why)
{
	gid_t group;
	enum err e;

	if ((e = sockets_group(arena, conf, &group, why)) != ERR_OK ||
	    (e = lock_folder(arena, conf, out, why)) != ERR_OK ||
	    (e = take_given(arena, env, out, why)) != ERR_OK || out->are_given)
		return e;
	for (enum pool p = 0; p < POOL__MAX; p++) {
		out->path[p] = str_cstr(arena,
		    str_format(arena, "%s/%s.sock", conf->run, pool_name(p)));
		e = open_socket(arena, out->path[p], group, &out->fd[p], why);
		if (e != ERR_OK)
			return e;
	}
	return ERR_OK;
}

void
sockets_unlink(const struct sockets *sockets)
{
	for (enum pool p = 0; p < POOL__MAX && !sockets->are_given; p++)
		(void)unlink(sockets->path[p]);
}
