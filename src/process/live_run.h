/*
 * live_run: the process that tells open pages what has changed.
 * Private to the process floor.
 */
#ifndef MAINLINE_PROCESS_LIVE_RUN_H
#define MAINLINE_PROCESS_LIVE_RUN_H

#include "base/log.h"
#include "io/conf.h"
#include "process/scoreboard.h"
#include "store/journal.h"

struct live_process {
	const struct conf *conf;
	struct log log;
	struct journal_gauges *gauges;
	struct slot
	    *slot; /* busy while it does something: see the scoreboard */
};

/*
 * Looks which calls have changed, and writes the files that nginx serves, until
 * TERM; they stay.  All signals must be blocked.  Gives the exit status: 0 as
 * told, 1 it cannot begin (the log says why).
 */
int live_run(const struct live_process *process);

#endif
