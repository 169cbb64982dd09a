/*
 * reread: the configuration of a reload.
 * Private to the process floor.
 */
#ifndef MAINLINE_PROCESS_REREAD_H
#define MAINLINE_PROCESS_REREAD_H

#include "base/arena.h"
#include "base/log.h"
#include "io/conf.h"

/*
 * The configuration as it is now, in `arena`; NULL when it is wrong, or one of
 * the keys `needed` (NULL-ended) is not set, and the log says why.  What a
 * process can set up only once, and all others must agree about (where the
 * sockets are and whose, where the spool is), stays as it is in `present`, and
 * the log says so.
 */
const struct conf *reread_conf(struct arena *arena, char *const *env,
    const struct conf *present, const char *const *needed,
    const struct log *log);

#endif
