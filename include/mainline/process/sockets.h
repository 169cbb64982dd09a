/*
 * sockets: the unix sockets on which nginx reaches the workers.
 * Floor: process.
 */
#ifndef MAINLINE_PROCESS_SOCKETS_H
#define MAINLINE_PROCESS_SOCKETS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/conf.h"

#include <stdbool.h>
#include <sys/types.h>

/* Deeper than net.core.somaxconn it has no effect. */
#define SOCKETS_BACKLOG 4096

enum pool { POOL_HOOK, POOL_API, POOL__MAX };

/* "hook", "api" */
const char *pool_name(enum pool pool);

struct sockets {
	int lock_fd;       /* held while we live: one supervisor a folder */
	int fd[POOL__MAX]; /* listening, non-blocking */
	const char *path[POOL__MAX];
	bool are_given; /* bound by who started us, who will keep them */
};

/*
 * Makes the folder conf->run, unless it is there, locks it, and binds both
 * sockets in it, mode 0660 and of conf->socket_group where that is set.  What
 * an earlier supervisor left there is removed.  Where `env` says that systemd
 * has bound them, under the names of pool_name(), those are taken as they are.
 *
 * ERR_CONFLICT: another supervisor is there.  ERR_INPUT: cannot; in both cases
 * `*why` says what and how to mend it.
 */
MUST_USE enum err sockets_open(struct arena *arena, const struct conf *conf,
    char *const *env, struct sockets *out, struct str *why);

/*
 * The group of what nginx may use, conf->socket_group; (gid_t)-1 when none is
 * set, and nothing is changed.  ERR_INPUT: there is none of that name, which
 * `*why` says.
 */
MUST_USE enum err sockets_group(
    struct arena *arena, const struct conf *conf, gid_t *out, struct str *why);

/*
 * Takes the names away, so that nobody can connect any more; they stay open.
 * Given ones stay: what waits at them is for who is started next.
 */
void sockets_unlink(const struct sockets *sockets);

#endif
