/* journal: the one door to durability.  Floor: store. */
#include "store/journal.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "io/channel.h"
#include "io/spool.h"
#include "store/event_row.h"
#include "twilio/words.h"

#include <stdint.h>

/*
 * A journal that is frozen costs every request JOURNAL_WAIT_MS; so after one
 * that did, the next ones do without it for a while.
 */
#define REST_FIRST_MS 500
#define REST_MOST_MS 4000

struct journal {
	struct journal_options options;
	struct channel *channel;
	int64_t rest_until_ms; /* monotonic; it is not asked before */
	int rest_ms;
};

struct journal *
journal_new(struct arena *arena, const struct journal_options *options)
{
	struct journal *const journal = ARENA_NEW(arena, struct journal);

	journal->options = *options;
	journal->channel = channel_new(arena, options->socket);
	return journal;
}

void
journal_close(struct journal *journal)
{
	channel_close(journal->channel);
}

/* Asks the journal process; ERR_OK: it has answered. */
static enum err
ask(struct journal *journal, const struct channel_question *question,
    int64_t wait_ms, unsigned char *answer)
{
	enum err e;

	if (clock_left_ms(journal->rest_until_ms) > 0)
		return ERR_BUSY;
	e = channel_ask(journal->channel, question, wait_ms, answer);
	if (e == ERR_BUSY) {
		journal->rest_ms = journal->rest_ms == 0 ? REST_FIRST_MS
							 : 2 * journal->rest_ms;
		if (journal->rest_ms > REST_MOST_MS)
			journal->rest_ms = REST_MOST_MS;
		journal->rest_until_ms = clock_mono_ms() + journal->rest_ms;
	} else if (e == ERR_OK) {
		journal->rest_ms = 0;
	}
	return e;
}

/*
 * Also when the journal is away for long the disk is not filled: others live of
 * it.  What it has last told of the spool counts, and what workers wrote since.
 */
static enum err
write_own(struct journal *journal, const struct spool_record *record)
{
	struct journal_gauges *const g = journal->options.gauges;
	const int64_t quota = atomic_load(&g->spool_quota_bytes);
	const int64_t bytes = spool_own_bytes(record);
	const int64_t own = atomic_fetch_add(&g->own_bytes, bytes);
	enum err e = ERR_LIMIT;

	if (atomic_load(&g->spool_bytes) + own + bytes <= quota)
		e = spool_own_write(journal->options.spool, record);
	if (e == ERR_OK)
		(void)atomic_fetch_add(&g->own, 1);
	else
		(void)atomic_fetch_sub(&g->own_bytes, bytes);
	return e;
}

/*
 * Written nowhere.  A callback is refused, so it is not lost: Twilio knows. For
 * the caller who is answered all the same somebody must ask Twilio later.
 */
static void
note_unrecorded(
    struct journal *journal, const struct log *log, enum event_kind kind)
{
	if (!event_kind_is_voice(kind))
		return;
	(void)atomic_fetch_add(&journal->options.gauges->unrecorded, 1);
	log_event(log, LOG_UNRECORDED, ERR_OK, "%s", event_kind_name(kind));
}

enum err
journal_add(struct journal *journal, struct arena *arena, const struct log *log,
    const struct journal_entry *entry)
{
	const struct event_row *const row =
	    event_row_new(arena, entry->ev, entry->reply);
	const struct spool_record record = {
		.bytes = event_row_pack(arena, row),
		.received_us = row->received_us,
	};
	const struct channel_question question = {
		.deadline_ms = entry->received_ms + JOURNAL_BUDGET_MS,
		.key = row->field[ROW_KEY],
		.body = record.bytes,
	};
	unsigned char answer = JOURNAL_UNRECORDED;
	enum err e = ask(
	    journal, &question, entry->received_ms + JOURNAL_WAIT_MS, &answer);

	/* Its disk is ours as well: what it cannot write, we cannot. */
	if (e == ERR_OK && answer != JOURNAL_DURABLE)
		e = ERR_LIMIT;
	else if (e != ERR_OK)
		e = write_own(journal, &record);
	if (e == ERR_OK)
		return ERR_OK;
	note_unrecorded(journal, log, entry->ev->kind);
	return ERR_BUSY;
}
