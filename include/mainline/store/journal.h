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

#define JOURNAL_BUDGET_MS 1000 /* from the event's receipt to its commit */

struct journal {
	struct pg *pg; /* borrowed */
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
 * ERR_BUSY it is not: no database, or not in time; nothing is kept
 * ERR_DB   it is not: the database refused our statement
 */
MUST_USE enum err journal_add(const struct journal *journal,
    struct arena *arena, const struct log *log, const struct event *ev,
    const struct reply *reply);

/*
 * Makes every row of `calls` anew from `events`.  What people have set (heard,
 * note, done) stays, and so does the place in the feed.
 */
MUST_USE enum err journal_rebuild(
    const struct journal *journal, struct arena *arena, int64_t deadline_ms);

#endif
