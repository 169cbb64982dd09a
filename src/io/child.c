/* child: another program, run to its end.  Floor: io. */
#include "io/child.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define PIECE_BYTES ((size_t)4 * 1024)
#define SIGNAL_STATUS 128 /* as a shell counts */

/* Older systems tell by this status what newer ones tell at once. */
#define STATUS_NOT_FOUND 127

/* `out` becomes its standard output; -1: ours stays. */
static enum err
start(const struct child *child, int out, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	int failed;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return ERR_BUSY;
	failed = out < 0
	    ? 0
	    : posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	if (failed == 0) {
		char *const *argv;

		/* It wants them so, and changes none. */
		memcpy(&argv, &child->argv, sizeof(argv));
		failed = posix_spawnp(
		    pid, child->argv[0], &actions, NULL, argv, child->env);
	}
	(void)posix_spawn_file_actions_destroy(&actions);
	errno = failed;
	if (failed == 0)
		return ERR_OK;
	return failed == ENOENT ? ERR_NOT_FOUND : ERR_BUSY;
}

static enum err
wait_for(pid_t pid, int *status)
{
	int how = 0;

	while (waitpid(pid, &how, 0) < 0) {
		if (errno != EINTR)
			return ERR_BUSY;
	}
	*status =
	    WIFEXITED(how) ? WEXITSTATUS(how) : SIGNAL_STATUS + WTERMSIG(how);
	return *status == STATUS_NOT_FOUND ? ERR_NOT_FOUND : ERR_OK;
}

enum err
child_run(const struct child *child, int *status)
{
	pid_t pid = 0;
	const enum err e = start(child, -1, &pid);

	return e == ERR_OK ? wait_for(pid, status) : e;
}

/* To its end, also what finds no room: a full pipe would hold it for ever. */
static void
take_all(int fd, struct buf *out)
{
	char piece[PIECE_BYTES];
	ssize_t n;

	while ((n = read(fd, piece, sizeof(piece))) > 0 ||
	    (n < 0 && errno == EINTR)) {
		if (n > 0)
			buf_add(out, (struct str){ piece, (size_t)n });
	}
}

enum err
child_read(struct arena *arena, const struct child *child, size_t max,
    struct str *out, int *status)
{
	struct buf text;
	int ends[2];
	pid_t pid = 0;
	enum err e;

	buf_init(&text, arena, max);
	if (pipe(ends) != 0)
		return ERR_BUSY;
	(void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	(void)fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	e = start(child, ends[1], &pid);
	(void)close(ends[1]);
	if (e == ERR_OK) {
		take_all(ends[0], &text);
		e = wait_for(pid, status);
	}
	(void)close(ends[0]);
	*out = buf_str(&text);
	return e == ERR_OK ? buf_close(&text) : e;
}

static bool
has_name(const char *entry, const char *name, size_t n)
{
	return strncmp(entry, name, n) == 0 && entry[n] == '=';
}

char *const *
child_env(
    struct arena *arena, char *const *env, const char *name, const char *value)
{
	const size_t chars = strlen(name);
	size_t n = 0;
	size_t kept = 0;
	char **out;

	while (env[n] != NULL)
		n++;
	out = ARENA_ARRAY(arena, n + 2, char *);
	for (size_t i = 0; i < n; i++) {
		if (!has_name(env[i], name, chars))
			out[kept++] = env[i];
	}
	out[kept] = str_cstr(arena, str_format(arena, "%s=%s", name, value));
	return out;
}
