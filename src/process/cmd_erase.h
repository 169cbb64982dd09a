/*
 * cmd_erase: what mainline erase is to do, and how it is done.  Private to the
 * process floor.
 */
#ifndef MAINLINE_PROCESS_CMD_ERASE_H
#define MAINLINE_PROCESS_CMD_ERASE_H

#include "base/str.h"
#include "cli.h"
#include "io/conf.h"
#include "io/pg.h"
#include "store/erasure.h"

#include <stdbool.h>
#include <stddef.h>

/* One erasure: of a number or of a call. */
struct erasing {
	struct cli *cli;
	const struct conf *conf;
	struct pg *pg;
	struct str digits;          /* of the number; absent: of a call */
	struct str sid;             /* of the call; absent: of a number */
	int wait_s;                 /* for the spool */
	struct erasure_call *found; /* by the last look */
	size_t n_found;
	struct erasure_counts counts; /* so far */
	size_t spool_files;           /* removed so far */
};

/*
 * Looks which calls there are: found, n_found.  False: the database could not
 * tell, and that was said.
 */
bool erasing_look(struct erasing *x);

/* The number's own calls among those that were found; of a call, all. */
size_t erasing_theirs(const struct erasing *x);

/* Is it one that was found and is to be erased? */
bool erasing_is_theirs(
    const struct erasing *x, const struct erasure_call *call);

/*
 * Erases what was found; waits for what is on its way through this host, and
 * looks again, until nothing comes any more.  False: something could not be
 * done, and that was said; what was done is counted.
 */
bool erasing_do(struct erasing *x);

#endif
