/* journal_writer: what gathers goes into the database, or into the spool.
 * Floor: process. */
#include "journal_writer.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "io/entropy.h"
#include "io/pg.h"
#include "io/spool.h"
#include "journal_queue.h"
#include "journal_replay.h"
#include "store/event_row.h"
#include "store/events.h"
#include "store/journal.h"
#include "store/statements.h"

#include <poll.h>
#include <stdint.h>
#include <stdlib.h>

#define BLOCK_BYTES ((size_t)256 * 1024)
#define TURN_MS 2000 /* of a statement that nobody waits for */
#define SCAN_MS 250  /* between two looks for workers' own files */
#define REST_FIRST_MS 50
#define REST_MOST_MS 2000

/* What the statement under way is for. */
enum turn { TURN_NONE, TURN_PROBE, TURN_LIVE, TURN_REPLAY };

struct journal_writer {
	struct journal_writer_options options;
	struct arena *arena; /* of the statement under way */
	struct pg *pg;

	struct journal_queue live; /* that somebody waits for */
	struct journal_replay replay;

	enum turn turn;
	size_t turn_n;   /* how many it writes, of its queue's front */
	int64_t turn_ms; /* its deadline, monotonic */

	bool away; /* the breaker is open */
	int rest_ms;
	int64_t probe_ms; /* when the database is asked again */
	int64_t scan_ms;  /* when own files are looked for again */
};

struct journal_writer *
journal_writer_new(const struct journal_writer_options *options)
{
	const struct pg_options pg_options = {
		.conninfo = options->conf->database_url,
		.on_connect = stmt(STMT_SESSION_JOURNAL),
		.log = options->log,
	};
	struct journal_writer *const w = calloc(1, sizeof(*w));

	if (w == NULL)
		abort();
	w->options = *options;
	w->arena = arena_new(BLOCK_BYTES);
	w->pg = pg_new(&pg_options);
	w->replay.spool = options->spool;
	return w;
}

void
journal_writer_free(struct journal_writer *w)
{
	journal_replay_leave(&w->replay);
	pg_free(w->pg);
	arena_free(w->arena);
	free(w);
}

static void
show(const struct journal_writer *w)
{
	struct journal_gauges *const g = w->options.gauges;
	struct spool_depth depth;

	spool_depth(w->options.spool, &depth);
	atomic_store(&g->spool_records, depth.records);
	atomic_store(&g->spool_bytes, depth.bytes);
	atomic_store(&g->spool_quota_bytes, depth.quota_bytes);
	atomic_store(&g->spool_oldest_us, depth.oldest_us);
	atomic_store(&g->spool_bad_files, depth.bad_files);
	atomic_store(&g->database_up, !w->away);
}

/* Tells who waits, and lets go of it. */
static void
finish(struct journal_writer *w, struct journal_queue *queue, size_t n,
    enum journal_answer answer)
{
	for (size_t i = 0; i < n; i++) {
		if (queue->list[i]->client != JOURNAL_NOBODY)
			w->options.answer(
			    w->options.arg, queue->list[i], answer);
		waiting_free(queue->list[i]);
	}
	journal_queue_drop(queue, n);
}

/* All that somebody waits for, with one sync. */
static void
spool_live(struct journal_writer *w)
{
	const size_t n = w->live.n;
	struct spool_record records[JOURNAL_QUEUE_MAX];
	enum err e;

	if (n == 0)
		return;
	for (size_t i = 0; i < n; i++)
		records[i] = (struct spool_record){
			.bytes = w->live.list[i]->record,
			.received_us = w->live.list[i]->row.received_us,
		};
	e = spool_write(w->options.spool, records, n);
	if (e == ERR_OK)
		(void)atomic_fetch_add(&w->options.gauges->spooled, n);
	finish(
	    w, &w->live, n, e == ERR_OK ? JOURNAL_DURABLE : JOURNAL_UNRECORDED);
	show(w);
}

/* The database is away: everything is spooled, until it answers again. */
static void
open_breaker(struct journal_writer *w)
{
	w->rest_ms = w->rest_ms == 0 ? REST_FIRST_MS : 2 * w->rest_ms;
	if (w->rest_ms > REST_MOST_MS)
		w->rest_ms = REST_MOST_MS;
	w->probe_ms = clock_mono_ms() + w->rest_ms / 2 +
	    entropy_below((uint32_t)w->rest_ms / 2 + 1);
	w->away = true;
	journal_replay_leave(&w->replay);
	spool_live(w);
	show(w);
}

static void
close_breaker(struct journal_writer *w)
{
	w->away = false;
	spool_seal(w->options.spool);
	show(w);
}

static struct journal_queue *
queue_of(struct journal_writer *w, enum turn turn)
{
	return turn == TURN_LIVE ? &w->live : &w->replay.queue;
}

static void
begin(struct journal_writer *w, enum turn turn, const struct pg_query *query)
{
	w->turn = turn;
	w->turn_ms = clock_mono_ms() + TURN_MS;
	pg_begin(w->pg, query);
}

/* The statement for what comes next in a queue. */
static void
begin_events(struct journal_writer *w, enum turn turn)
{
	struct journal_queue *const queue = queue_of(w, turn);
	const struct event_row *rows[EVENTS_BATCH_MAX];
	const struct event_row *const first = &queue->list[0]->row;
	struct pg_query query;

	w->turn_n = journal_queue_next(queue);
	for (size_t i = 0; i < w->turn_n; i++)
		rows[i] = &queue->list[i]->row;
	if (first->field[ROW_ASIDE].p != NULL && w->turn_n == 1)
		query = events_aside_query(w->arena, first, 0);
	else
		query = events_query(w->arena, rows, w->turn_n, 0);
	begin(w, turn, &query);
}

static bool
begin_replay(struct journal_writer *w)
{
	const bool is_new = w->replay.queue.n == 0;
	const bool found = journal_replay_load(&w->replay, w->arena);

	if (is_new)
		show(w);
	if (found)
		begin_events(w, TURN_REPLAY);
	return found;
}

static void
begin_probe(struct journal_writer *w)
{
	const struct pg_query query = { .statement = stmt(STMT_FSYNC) };

	begin(w, TURN_PROBE, &query);
}

/* The statement is committed. */
static void
written(struct journal_writer *w, struct journal_queue *queue)
{
	struct journal_gauges *const g = w->options.gauges;
	const struct event_row *const first = &queue->list[0]->row;
	const struct str why = first->field[ROW_ASIDE];
	const struct str kind = first->field[ROW_KIND];

	w->rest_ms = 0; /* not before: to be reached is not enough */
	if (why.p != NULL)
		log_event(w->options.log, LOG_ASIDE, ERR_OK, "%.*s: %.*s",
		    STR_ARG(kind), STR_ARG(why));
	(void)atomic_fetch_add(
	    why.p == NULL ? &g->committed : &g->aside, w->turn_n);
	(void)atomic_fetch_add(&g->statements, 1);
	finish(w, queue, w->turn_n, JOURNAL_DURABLE);
}

/*
 * Not even aside: a defect of ours, but no reason for all the others to wait.
 * False: its bytes cannot be kept elsewhere either.
 */
static bool
keep_refused(struct journal_writer *w, struct journal_queue *queue)
{
	const struct spool_record record = {
		.bytes = queue->list[0]->record,
		.received_us = queue->list[0]->row.received_us,
	};

	if (spool_refuse(w->options.spool, &record,
		"an event that cannot even be set aside") != ERR_OK)
		return false;
	finish(w, queue, 1, JOURNAL_DURABLE);
	show(w);
	return true;
}

/*
 * Something in it no row can hold: each by itself then, and the one that it is
 * is set aside.  False: nothing helps.
 */
static bool
refused(struct journal_writer *w, struct journal_queue *queue)
{
	struct event_row *const first = &queue->list[0]->row;

	if (w->turn_n == 1 && first->field[ROW_ASIDE].p != NULL)
		return keep_refused(w, queue);
	if (w->turn_n == 1)
		first->field[ROW_ASIDE] = STR("no row can hold it");
	for (size_t i = 0; i < w->turn_n; i++)
		queue->list[i]->alone = true;
	return true;
}

static void
end_turn(struct journal_writer *w, enum err e)
{
	const enum turn turn = w->turn;
	struct journal_queue *const queue = queue_of(w, turn);
	const bool own_fault =
	    (e == ERR_INPUT || e == ERR_CONFLICT) && turn != TURN_PROBE;
	const bool settled = own_fault && refused(w, queue);

	w->turn = TURN_NONE;
	if (e != ERR_OK && !settled)
		open_breaker(w);
	else if (e == ERR_OK && turn == TURN_PROBE)
		close_breaker(w);
	else if (e == ERR_OK)
		written(w, queue);
	arena_reset(w->arena);
}

/* Until when the statement under way may take. */
static int64_t
patience_ms(const struct journal_writer *w)
{
	const int64_t live_ms = journal_queue_deadline_ms(&w->live);

	return live_ms < w->turn_ms ? live_ms : w->turn_ms;
}

/* False: it still takes its time. */
static bool
step_turn(struct journal_writer *w)
{
	struct pg_rows rows;
	enum err e;

	if (!pg_step(w->pg, w->arena, &rows, &e)) {
		if (clock_left_ms(patience_ms(w)) > 0)
			return false;
		pg_give_up(w->pg);
		e = ERR_BUSY;
	}
	end_turn(w, e);
	return true;
}

/* False: there is nothing to do now. */
static bool
begin_turn(struct journal_writer *w)
{
	if (w->away) {
		spool_live(w);
		if (clock_left_ms(w->probe_ms) > 0)
			return false;
		begin_probe(w);
		return true;
	}
	if (w->live.n > 0) {
		begin_events(w, TURN_LIVE);
		return true;
	}
	return begin_replay(w);
}

static void
scan(struct journal_writer *w)
{
	_Atomic(int64_t) *const own_bytes = &w->options.gauges->own_bytes;
	const int64_t own = atomic_load(own_bytes); /* written before we look */

	if (w->replay.has_batch || clock_left_ms(w->scan_ms) > 0)
		return;
	w->scan_ms = clock_mono_ms() + SCAN_MS;
	if (spool_scan(w->options.spool) != ERR_OK)
		return;
	show(w);
	(void)atomic_fetch_sub(own_bytes, own);
}

enum err
journal_writer_add(struct journal_writer *w, struct waiting *waiting)
{
	return journal_queue_add(&w->live, waiting);
}

void
journal_writer_step(struct journal_writer *w)
{
	scan(w);
	/* While it is asked whether it is back, nobody waits for the answer. */
	if (w->away)
		spool_live(w);
	do {
		if (w->turn == TURN_NONE && !begin_turn(w))
			return;
	} while (step_turn(w));
}

struct pollfd
journal_writer_poll(const struct journal_writer *w, int64_t *until_ms)
{
	struct pollfd fd = { .fd = -1 };

	/* A batch is replayed before the folder is looked at: scan(). */
	*until_ms = w->replay.has_batch ? INT64_MAX : w->scan_ms;
	if (w->turn != TURN_NONE) {
		fd.fd = pg_fd(w->pg, &fd.events);
		if (patience_ms(w) < *until_ms)
			*until_ms = patience_ms(w);
		if (pg_until_ms(w->pg) < *until_ms)
			*until_ms = pg_until_ms(w->pg);
	} else if (w->away && w->probe_ms < *until_ms) {
		*until_ms = w->probe_ms;
	}
	return fd;
}

bool
journal_writer_is_idle(const struct journal_writer *w)
{
	return w->live.n == 0;
}
