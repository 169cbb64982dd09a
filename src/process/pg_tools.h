/*
 * pg_tools: PostgreSQL's own programs, run for a command.
 * Private to the process floor.
 *
 * They come with the server's client package, and must be as new as what they
 * read.  The password of DATABASE_URL goes to them in their environment: their
 * arguments everybody on this machine could read.
 */
#ifndef MAINLINE_PROCESS_PG_TOOLS_H
#define MAINLINE_PROCESS_PG_TOOLS_H

#include "cli.h"
#include "io/conf.h"

#include <stdbool.h>

/*
 * Is the program there, and of this major version or a newer one?  `*out` is
 * its major version.  Else says so and what to install.
 */
bool pg_tools_check(struct cli *cli, const char *tool, int wanted, int *out);

/* Dumps the moment of `snapshot` to a new file; says why not. */
bool pg_tools_dump(struct cli *cli, const struct conf *conf,
    const char *snapshot, const char *path);

/*
 * Restores a dump in one transaction: all of it or nothing.  `list` is a path
 * for a list of its parts, which is made.  Says why not.
 */
bool pg_tools_restore(struct cli *cli, const struct conf *conf,
    const char *path, const char *list);

#endif
