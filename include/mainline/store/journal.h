/*
 * journal: the one door to durability.
 * Floor: store.
 *
 * A worker hands its events to the journal process, which writes what has
 * gathered, and answers when it is durable.  Where nobody answers, the worker
 * spools by itself, as far as the spool's quota goes.  How an event became
 * durable is nobody else's business.
 */
#ifndef MAINLINE_STORE_JOURNAL_H
#define MAINLINE_STORE_JOURNAL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "flow/flow_step.h"
#include "twilio/webhook.h"

#include <stdatomic.h>
#include <stdint.h>

/* From an event's receipt to its commit; then it is spooled. */
#define JOURNAL_BUDGET_MS 1000

/* From an event's receipt to the journal's answer; then the worker spools. */
#define JOURNAL_WAIT_MS 1200

/* What the journal answers. */
enum journal_answer { JOURNAL_DURABLE, JOURNAL_UNRECORDED };

/* Where it answers and what it writes to, in the folders of `conf`. */
#define JOURNAL_SOCKET_NAME "journal.sock"
#define JOURNAL_SPOOL_NAME "spool"

/*
 * What is known of it, in memory that all processes share.  The journal alone
 * writes what stands first.
 */
struct journal_gauges {
	_Atomic(uint64_t) spool_records;
	_Atomic(int64_t) spool_bytes;
	_Atomic(int64_t) spool_quota_bytes;
	_Atomic(int64_t) spool_oldest_us; /* receipt; INT64_MAX: it is empty */
	_Atomic(uint64_t) spool_bad_files;
	_Atomic(uint64_t) committed;  /* events in the database, all in all */
	_Atomic(uint64_t) statements; /* that it took */
	_Atomic(uint64_t) spooled;    /* that could not wait for it */
	_Atomic(uint64_t) aside;      /* that belong to no call */
	_Atomic(bool) database_up;

	/* What workers wrote since the journal has last looked. */
	_Atomic(int64_t) own_bytes;
	_Atomic(uint64_t) own;        /* that a worker has spooled by itself */
	_Atomic(uint64_t) unrecorded; /* answered, and written nowhere */

	/* Changes of calls that open pages were told of. */
	_Atomic(uint64_t) live_changes;
};

struct journal_options {
	const char *socket; /* path of the journal's */
	const char *spool;  /* folder */
	struct journal_gauges *gauges;
};

struct journal;

/* Lives in `arena`; what `options` point to is borrowed. */
struct journal *journal_new(
    struct arena *arena, const struct journal_options *options);
void journal_close(struct journal *journal);

struct journal_entry {
	const struct event *ev;
	const struct reply
	    *reply;          /* the facts, and the TwiML that is answered */
	int64_t received_ms; /* monotonic */
};

/*
 * Makes an event durable, with the facts that were drawn from it and the TwiML
 * that is answered: committed and merged into its call, or in the spool from
 * where it will be.  The same event again changes nothing.  What names no call,
 * or what no row can hold, is set aside, durably as well.
 *
 * ERR_OK   it is durable
 * ERR_BUSY it could be written nowhere; a request for TwiML, which is answered
 *          all the same, is counted and logged as unrecorded
 */
MUST_USE enum err journal_add(struct journal *journal, struct arena *arena,
    const struct log *log, const struct journal_entry *entry);

#endif
