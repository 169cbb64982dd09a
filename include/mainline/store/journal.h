/*
 * journal: the one door to durability.
 * Floor: store.
 */
#ifndef MAINLINE_STORE_JOURNAL_H
#define MAINLINE_STORE_JOURNAL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "flow/flow_step.h"
#include "io/pg.h"
#include "twilio/webhook.h"

#include <stdint.h>

/* From an event's receipt to its commit; what calls journal_add() counts it. */
#define JOURNAL_BUDGET_MS 1000

struct journal;

/* Lives in `arena`; `pg` is borrowed. */
struct journal *journal_new(struct arena *arena, struct pg *pg);

struct journal_entry {
	const struct event *ev;
	const struct reply
	    *reply;          /* the facts, and the TwiML that is answered */
	int64_t deadline_ms; /* monotonic */
};

/*
 * Makes an event durable, with the facts that were drawn from it and the TwiML
 * that is answered, and merges it into its call: one statement, one commit.
 * The same event again changes nothing.
 *
 * An event that names no call, or that no row can hold (SQLSTATE class 22 and
 * 23), is set aside, durably as well, and said in the log: ERR_OK.
 *
 * ERR_OK   it is committed
 * ERR_BUSY not before the deadline, as far as is known: no database, or its
 *          answer did not come in time
 * ERR_DB   the database refused our statement
 */
MUST_USE enum err journal_add(struct journal *journal, struct arena *arena,
    const struct log *log, const struct journal_entry *entry);

#endif
