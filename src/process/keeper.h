/*
 * keeper: one process of a kind, there as long as its supervisor.
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
	const char *name; /* of the kind; for the log */
	struct log log;
	struct slot *slot;
	struct journal_gauges *gauges; /* of the journal; NULL: of no use */
	pid_t pid;                     /* 0: none runs */
	int deaths;                    /* early ones, in a row */
	int64_t start_ms; /* monotonic: started then, or not before */
	bool stopping;
};

/* Of none that was started yet; `name` is borrowed. */
struct keeper keeper_new(const char *name, const struct log *log);

/*
 * Starts it when it is not there, and kills it when it hangs.  In the child:
 * true.
 */
MUST_USE bool keeper_tend(struct keeper *keeper);

/* A child has ended; does nothing when it is another one. */
void keeper_bury(struct keeper *keeper, pid_t pid, int status);

/* It ends when it has done its work, and the next one is started. */
void keeper_renew(const struct keeper *keeper);

/* The same, and none is started. */
void keeper_stop(struct keeper *keeper);

/* Its time is over. */
void keeper_kill(const struct keeper *keeper);

#endif
