/*
 * journal_replay: what the spool holds, on its way into the database.
 * Private to the process floor.
 */
#ifndef MAINLINE_PROCESS_JOURNAL_REPLAY_H
#define MAINLINE_PROCESS_JOURNAL_REPLAY_H

#include "base/arena.h"
#include "io/spool.h"
#include "journal_queue.h"

#include <stdbool.h>

struct journal_replay {
	struct spool *spool;
	struct journal_queue queue; /* of the batch that was read */
	bool has_batch;             /* to be committed, or read again */
};

/*
 * Makes sure that there is something in the queue, if the spool's closed
 * segments hold anything: when it is empty all of it was written, so the batch
 * is committed and the next one read.  What is no row is one to be set aside.
 * False: there is nothing.  Allocates from `scratch` what is of no more use
 * afterwards.
 */
bool journal_replay_load(struct journal_replay *replay, struct arena *scratch);

/* The database is away: what was not written stays in the spool. */
void journal_replay_leave(struct journal_replay *replay);

#endif
