/* journal_replay: what the spool holds, on its way into the database.
 * Floor: process. */
#include "journal_replay.h"

#include "base/arena.h"
#include "base/err.h"
#include "io/spool.h"
#include "journal_queue.h"
#include "store/event_row.h"
#include "store/events.h"

#include <stddef.h>
#include <stdlib.h>

#define BATCH_RECORDS EVENTS_BATCH_MAX
#define BATCH_BYTES ((size_t)1024 * 1024)

static struct waiting *
waiting_of(struct arena *scratch, const struct spool_record *record)
{
	struct waiting *waiting;

	if (waiting_new(record->bytes, &waiting) != ERR_OK &&
	    waiting_new(event_row_unreadable(
			    scratch, record->bytes, record->received_us),
		&waiting) != ERR_OK)
		abort(); /* that one is readable */
	return waiting;
}

static void
read_batch(struct journal_replay *replay, struct arena *scratch)
{
	struct spool_batch batch;

	if (spool_read(replay->spool, scratch, BATCH_RECORDS, BATCH_BYTES,
		&batch) != ERR_OK ||
	    batch.n == 0)
		return;
	replay->has_batch = true;
	for (size_t i = 0; i < batch.n; i++) {
		if (journal_queue_add(&replay->queue,
			waiting_of(scratch, &batch.records[i])) != ERR_OK)
			abort(); /* BATCH_RECORDS are fewer */
	}
}

bool
journal_replay_load(struct journal_replay *replay, struct arena *scratch)
{
	if (replay->queue.n > 0)
		return true;
	if (replay->has_batch)
		spool_commit(replay->spool);
	replay->has_batch = false;
	read_batch(replay, scratch);
	return replay->queue.n > 0;
}

void
journal_replay_leave(struct journal_replay *replay)
{
	if (replay->has_batch)
		spool_rewind(replay->spool);
	replay->has_batch = false;
	while (replay->queue.n > 0) {
		waiting_free(replay->queue.list[0]);
		journal_queue_drop(&replay->queue, 1);
	}
}
