/*
 * prepare: what needs a database before the first call.
 * Private to the process floor.
 */
#ifndef MAINLINE_PROCESS_PREPARE_H
#define MAINLINE_PROCESS_PREPARE_H

#include "base/log.h"
#include "io/conf.h"

/* Its exit status: nothing can be served. */
#define PREPARE_FSYNC_OFF 3

/*
 * Looks at the database, and writes the flow's snapshot.  In a child: the
 * supervisor never connects, since a connection must not be there when it
 * forks.  Gives the exit status: 0, or PREPARE_FSYNC_OFF.
 */
int prepare_run(const struct conf *conf, const struct log *log);

#endif
