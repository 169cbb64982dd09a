/*
 * journal_queue: events that wait to become durable.
 * Private to the process floor.
 */
#ifndef MAINLINE_PROCESS_JOURNAL_QUEUE_H
#define MAINLINE_PROCESS_JOURNAL_QUEUE_H

#include "base/err.h"
#include "base/str.h"
#include "store/event_row.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* More workers than that have never one event each under way. */
#define JOURNAL_QUEUE_MAX 1024

/* An event; freed with waiting_free(). */
struct waiting {
	struct event_row row;   /* borrows from `record` */
	int64_t deadline_ms;    /* monotonic: then it is spooled */
	size_t client;          /* who waits for it; JOURNAL_NOBODY: a replay */
	uint64_t client_serial; /* and has not been replaced meanwhile */
	bool alone;             /* it may have spoilt a batch */
	struct str record;      /* packed; stands behind this struct */
	char bytes[];
};

#define JOURNAL_NOBODY SIZE_MAX

/* A copy of a packed record, which nobody waits for.  ERR_INPUT: it is none. */
MUST_USE enum err waiting_new(struct str record, struct waiting **out);
void waiting_free(struct waiting *waiting);

struct journal_queue {
	struct waiting *list[JOURNAL_QUEUE_MAX];
	size_t n;
};

/* ERR_LIMIT: it is full. */
MUST_USE enum err journal_queue_add(
    struct journal_queue *queue, struct waiting *waiting);

/*
 * What the next statement is to write: rows that fit together, or one that
 * stands alone or is to be set aside.  They are moved to the front, and stay in
 * the queue; gives their number, 0 when it is empty.
 */
size_t journal_queue_next(struct journal_queue *queue);

/* Takes the first `n` out; whoever has them frees them. */
void journal_queue_drop(struct journal_queue *queue, size_t n);

/* The first moment at which one of them must be spooled; INT64_MAX: none. */
int64_t journal_queue_deadline_ms(const struct journal_queue *queue);

#endif
