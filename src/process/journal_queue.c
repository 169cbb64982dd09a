/* journal_queue: events that wait to become durable.  Floor: process. */
#include "journal_queue.h"

#include "base/err.h"
#include "base/str.h"
#include "store/event_row.h"
#include "store/events.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum err
waiting_new(struct str record, struct waiting **out)
{
	struct waiting *const w = malloc(sizeof(*w) + record.n);

	if (w == NULL)
		abort();
	*w = (struct waiting){
		.deadline_ms = INT64_MAX,
		.client = JOURNAL_NOBODY,
		.record = { w->bytes, record.n },
	};
	memcpy(w->bytes, record.p, record.n);
	if (event_row_unpack(w->record, &w->row) != ERR_OK) {
		free(w);
		return ERR_INPUT;
	}
	*out = w;
	return ERR_OK;
}

void
waiting_free(struct waiting *waiting)
{
	free(waiting);
}

enum err
journal_queue_add(struct journal_queue *queue, struct waiting *waiting)
{
	if (queue->n == JOURNAL_QUEUE_MAX)
		return ERR_LIMIT;
	queue->list[queue->n++] = waiting;
	return ERR_OK;
}

static bool
is_batched(const struct waiting *w)
{
	return !w->alone && w->row.field[ROW_ASIDE].p == NULL;
}

size_t
journal_queue_next(struct journal_queue *queue)
{
	const struct event_row *rows[EVENTS_BATCH_MAX];
	size_t taken = 0;

	if (queue->n == 0)
		return 0;
	if (!is_batched(queue->list[0]))
		return 1;
	for (size_t i = 0; i < queue->n; i++) {
		struct waiting *const w = queue->list[i];

		if (!is_batched(w) || !events_fit(rows, taken, &w->row))
			continue;
		queue->list[i] = queue->list[taken];
		queue->list[taken] = w;
		rows[taken++] = &w->row;
	}
	return taken;
}

void
journal_queue_drop(struct journal_queue *queue, size_t n)
{
	queue->n -= n;
	memmove(
	    queue->list, queue->list + n, queue->n * sizeof(queue->list[0]));
}

int64_t
journal_queue_deadline_ms(const struct journal_queue *queue)
{
	int64_t first = INT64_MAX;

	for (size_t i = 0; i < queue->n; i++) {
		if (queue->list[i]->deadline_ms < first)
			first = queue->list[i]->deadline_ms;
	}
	return first;
}
