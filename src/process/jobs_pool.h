/*
 * jobs_pool: the processes that do the background work.
 * Private to the process floor.
 */
#ifndef MAINLINE_PROCESS_JOBS_POOL_H
#define MAINLINE_PROCESS_JOBS_POOL_H

#include "base/log.h"
#include "io/conf.h"

/*
 * Keeps conf->jobs_workers processes at work, until TERM or INT: then each ends
 * after what it is doing, or is killed after 10 s; its lease is given back by
 * the next one of its name.  HUP: the configuration is read again.  `env` is
 * what it is read from.  Gives the exit status.
 */
int jobs_pool_run(
    const struct conf *conf, char *const *env, const struct log *log);

#endif
