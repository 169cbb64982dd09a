/*
 * child: another program, run to its end.
 * Floor: io.
 *
 * Looked for in PATH, without a shell, so that no argument can be taken for
 * more than it is.  Its standard error is ours: what it has to say is for
 * whoever sits there.
 */
#ifndef MAINLINE_IO_CHILD_H
#define MAINLINE_IO_CHILD_H

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"

#include <stddef.h>

struct child {
	const char *const *argv; /* NULL-ended; argv[0] is the program */
	char *const *env;        /* all of its environment, NULL-ended */
};

/*
 * Runs it and waits; its output is ours.  `*status` is its exit status, or 128
 * and the number of the signal that ended it.
 *
 * ERR_NOT_FOUND there is no such program
 * ERR_BUSY      it cannot be started (errno)
 */
MUST_USE enum err child_run(const struct child *child, int *status);

/*
 * The same, and what it prints is kept: up to `max` bytes in `arena`.
 * ERR_LIMIT: it prints more; it was waited for all the same.
 */
MUST_USE enum err child_read(struct arena *arena, const struct child *child,
    size_t max, struct str *out, int *status);

/*
 * `env` with "NAME=value" in the place of what has that name; in `arena`, and
 * borrows the rest.
 */
char *const *child_env(
    struct arena *arena, char *const *env, const char *name, const char *value);

#endif
