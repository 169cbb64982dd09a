/*
 * keeper: one journal process, there as long as its supervisor.
 * Private to the process floor.
 */
#ifndef MAINLINE_PROCESS_KEEPER_H
#define MAINLINE_PROCESS_KEEPER_H

#include "base/compiler.h"
#include "base/log.h"
#include "process/scoreboard.h"
#include "store/journal.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct keeper {
	struct log log;
	struct slot *slot;
	struct journal_gauges *gauges;
	pid_t pid;        /* 0: none runs */
	int deaths;       /* early ones, in a row */
	int64_t start_ms; /* monotonic: started then, or not before */
	bool stopping;
};

/*
 * Starts it when it is not there, and kills it when it hangs.  In the child:
 * true.
 */
MUST_USE bool keeper_tend(struct keeper *keeper);

/* A child has ended; does nothing when it is another one. */
void keeper_bury(struct keeper *keeper, pid_t pid, int status);

/* It ends when nobody is connected any more, and the next one is started. */
void keeper_renew(const struct keeper *keeper);

/* The same, and none is started. */
void keeper_stop(struct keeper *keeper);

#endif
