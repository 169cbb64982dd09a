/* journal: the one door to durability.  Floor: store. */
#include "store/journal.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "io/pg.h"
#include "store/event_row.h"
#include "store/events.h"

struct journal {
	struct pg *pg;
};

struct journal *
journal_new(struct arena *arena, struct pg *pg)
{
	struct journal *const journal = ARENA_NEW(arena, struct journal);

	journal->pg = pg;
	return journal;
}

enum err
journal_add(struct journal *journal, struct arena *arena, const struct log *log,
    const struct journal_entry *entry)
{
	const struct event_row *const row =
	    event_row_new(arena, entry->ev, entry->reply);

	return events_add(journal->pg, arena, log, row, entry->deadline_ms);
}
