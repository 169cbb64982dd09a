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
 * Writes a list of a dump's parts that are to be restored to the new file
 * `list`.  Says why not: pg_restore cannot read the dump.
 */
bool pg_tools_list(struct cli *cli, const char *path, const char *list);

/*
 * Restores those parts of a dump in one transaction: all or nothing.  Says why
 * not.
 */
bool pg_tools_restore(struct cli *cli, const struct conf *conf,
    const char *path, const char *list);

#endif
