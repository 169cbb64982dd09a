/*
 * journal_run: the journal process, which answers the workers when their events
 * are durable.
 * Private to the process floor.
 */
#ifndef MAINLINE_PROCESS_JOURNAL_RUN_H
#define MAINLINE_PROCESS_JOURNAL_RUN_H

#include "base/log.h"
#include "io/conf.h"
#include "process/scoreboard.h"
#include "store/journal.h"

struct journal_process {
	const struct conf *conf;
	struct log log;
	struct journal_gauges *gauges;
	struct slot
	    *slot; /* busy while it does something: see the scoreboard */
};

/* Where it answers, and what it spools to. */
const char *journal_socket_path(struct arena *arena, const struct conf *conf);
const char *journal_spool_path(struct arena *arena, const struct conf *conf);

/*
 * Takes the spool, which may still be held by one that is about to end, then
 * the socket, and serves until TERM: then it goes on while somebody is
 * connected, JOURNAL_LINGER_MS at most.  All signals must be blocked.  Gives
 * the exit status: 0 as told, 1 it cannot begin (the log says why).
 */
#define JOURNAL_LINGER_MS 4000

int journal_run(const struct journal_process *process);

#endif
