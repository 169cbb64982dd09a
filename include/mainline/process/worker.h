/*
 * worker: one thread that answers one request at a time.
 * Floor: process.
 */
#ifndef MAINLINE_PROCESS_WORKER_H
#define MAINLINE_PROCESS_WORKER_H

#include "base/log.h"
#include "http/figures.h"
#include "io/conf.h"
#include "process/scoreboard.h"
#include "store/journal.h"
#include "store/watchers.h"

/*
 * The supervisor's signals.  DRAIN: answer what waits at the socket, then end
 * (nobody else will).  RETIRE: end after the present request (others go on).
 */
#define WORKER_DRAIN SIGTERM
#define WORKER_RETIRE SIGUSR1

struct worker {
	const struct conf *conf;
	struct log log;
	int listen_fd; /* non-blocking */
	struct slot *slot;
	struct journal_gauges *gauges; /* shared by all processes */
	struct figures *figures;       /* the same */
	struct watchers *watchers;     /* the same */
};

/*
 * Serves until told to end, or until it has answered about
 * conf->worker_requests.  All signals must be blocked and stay so.  Gives the
 * exit status: 0 as planned, 1 when it cannot go on.
 */
int worker_run(const struct worker *worker);

#endif
