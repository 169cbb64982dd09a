/*
 * pg_turn: one statement from its begin to its end, without waiting.
 * Floor: io.
 *
 * Never trust PQstatus(): it says OK long after the server has gone.  What a
 * result says counts, and after a deadline the connection is closed, so that a
 * late answer is never taken for the next one's.
 *
 * Through a pooler the session is not ours: each statement is sent without a
 * name, and with what a session begins with before it, in one transaction.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "io/pg.h"
#include "pg_wire.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NOBODY (-1) /* no server's process */

static enum err
send_query(struct pg *pg, struct arena *arena, const struct pg_query *query)
{
	const struct pg_statement *const st = query->statement;
	const size_t n = query->params == NULL ? 0 : (size_t)st->n_params;
	const char **const values = ARENA_ARRAY(arena, n, const char *);
	int *const lengths = ARENA_ARRAY(arena, n, int);
	int *const formats = ARENA_ARRAY(arena, n, int);
	int sent;

	for (size_t i = 0; i < n; i++) {
		const struct pg_param *const p = &query->params[i];

		formats[i] = p->binary;
		lengths[i] = (int)p->value.n;
		values[i] = p->value.p == NULL || p->binary
		    ? p->value.p
		    : str_cstr(arena, p->value);
	}
	if (st->name == NULL || pg->is_pooled)
		sent = PQsendQueryParams(pg->conn, st->sql, st->n_params, NULL,
		    values, lengths, formats, 0);
	else
		sent = PQsendQueryPrepared(pg->conn, st->name, st->n_params,
		    values, lengths, formats, 0);
	return sent == 1 ? ERR_OK : pg_wire_failed(pg, "cannot send");
}

static bool
is_prepared(const struct pg *pg, const struct pg_statement *st)
{
	if (st->name == NULL || pg->is_pooled)
		return true;
	for (size_t i = 0; i < pg->n_prepared; i++) {
		if (pg->prepared[i] == st)
			return true;
	}
	return false;
}

static enum err
prepare(struct pg *pg)
{
	const struct pg_statement *const st = pg->query.statement;

	if (pg->n_prepared == PG_MAX_STATEMENTS)
		return ERR_BUG;
	if (PQsendPrepare(pg->conn, st->name, st->sql, st->n_params, NULL) != 1)
		return pg_wire_failed(pg, "cannot send");
	pg->stage = PG_PREPARING;
	return ERR_OK;
}

/* What a session, or through a pooler a transaction, begins with. */
static enum err
send_hello(struct pg *pg, struct arena *arena, int pid)
{
	const struct pg_param param = pg_number(arena, pid);
	const struct pg_query hello = {
		.statement = pg->options.on_connect,
		.params = &param,
	};

	return send_query(pg, arena, &hello);
}

/* Up to the synchronisation all is one transaction. */
static enum err
ask_pooled(struct pg *pg, struct arena *arena)
{
	enum err e;

	if (PQenterPipelineMode(pg->conn) != 1)
		return pg_wire_failed(pg, "cannot send");
	if ((e = send_hello(pg, arena, NOBODY)) != ERR_OK ||
	    (e = send_query(pg, arena, &pg->query)) != ERR_OK)
		return e;
	return PQpipelineSync(pg->conn) == 1
	    ? ERR_OK
	    : pg_wire_failed(pg, "cannot send");
}

static enum err
ask_script(struct pg *pg)
{
	return PQexitPipelineMode(pg->conn) == 1 &&
		PQsendQuery(pg->conn, pg->script) == 1
	    ? ERR_OK
	    : pg_wire_failed(pg, "cannot send");
}

/* Sends what is to be asked, over a connection that is ready. */
static enum err
ask(struct pg *pg, struct arena *arena)
{
	if (pg->script == NULL && !is_prepared(pg, pg->query.statement))
		return prepare(pg);
	pg->stage = PG_ASKING;
	pg->is_gap = false;
	if (pg->script != NULL)
		return ask_script(pg);
	return pg->is_pooled ? ask_pooled(pg, arena)
			     : send_query(pg, arena, &pg->query);
}

static enum err
connected(struct pg *pg, struct arena *arena)
{
	pg->backoff_ms = 0;
	pg->rounds = 0;
	if (pg->down)
		log_event(pg->options.log, LOG_DB_UP, ERR_OK, NULL);
	pg->down = false;
	return ask(pg, arena);
}

/* What every new connection begins with. */
static enum err
greet(struct pg *pg, struct arena *arena)
{
	if (PQsetnonblocking(pg->conn, 1) != 0)
		return pg_wire_failed(pg, "cannot connect");
	if (pg->options.on_connect == NULL)
		return connected(pg, arena);
	pg->stage = PG_GREETING;
	return send_hello(pg, arena, PQbackendPID(pg->conn));
}

enum turn { TURN_GOES_ON, TURN_WAITS, TURN_OVER };

static enum turn
end(struct pg *pg, enum err e)
{
	pg->stage = PG_IDLE;
	pg->e = e;
	return TURN_OVER;
}

static enum turn
go_on(struct pg *pg, enum err e)
{
	return e == ERR_OK ? TURN_GOES_ON : end(pg, e);
}

static enum turn
step_begin(struct pg *pg, struct arena *arena)
{
	if (pg->conn != NULL)
		return go_on(pg, ask(pg, arena));
	if (pg->pinned && pg->lost)
		return end(pg, ERR_BUSY);
	return go_on(pg, pg_wire_start(pg, arena));
}

static enum turn
step_connect(struct pg *pg, struct arena *arena)
{
	switch (PQconnectPoll(pg->conn)) {
	case PGRES_POLLING_OK:
		return go_on(pg, greet(pg, arena));
	case PGRES_POLLING_READING:
		pg->events = POLLIN;
		break;
	case PGRES_POLLING_WRITING:
		pg->events = POLLOUT;
		break;
	case PGRES_POLLING_FAILED:
	case PGRES_POLLING_ACTIVE:
	default:
		return go_on(pg, pg_wire_next(pg, arena));
	}
	return clock_left_ms(pg->host_ms) > 0
	    ? TURN_WAITS
	    : go_on(pg, pg_wire_next(pg, arena));
}

/* The first result that failed, or else the last one. */
static void
keep(struct pg *pg, PGresult *next)
{
	if (pg->kept != NULL && pg_result_is_failure(pg->kept)) {
		PQclear(next);
		return;
	}
	PQclear(pg->kept);
	pg->kept = next;
}

/*
 * Is a result the end of all?  Where there are several statements each ends
 * with NULL, and all of them with a result of its own; two NULLs come when
 * there is nothing more, as after a connection broke.
 */
static bool
is_end(struct pg *pg, PGresult *next)
{
	const bool is_gap = pg->is_gap;

	pg->is_gap = next == NULL;
	if (next == NULL)
		return is_gap || PQpipelineStatus(pg->conn) == PQ_PIPELINE_OFF;
	if (PQresultStatus(next) == PGRES_PIPELINE_SYNC) {
		PQclear(next);
		return true;
	}
	keep(pg, next);
	return false;
}

/* Sends and reads what can be; true: the answer has ended, or broken off. */
static bool
has_answer(struct pg *pg)
{
	const int unsent = PQflush(pg->conn);

	if (unsent < 0 || PQconsumeInput(pg->conn) == 0) {
		PQclear(pg->kept);
		pg->kept = NULL;
		return true;
	}
	while (PQisBusy(pg->conn) == 0) {
		if (is_end(pg, PQgetResult(pg->conn)))
			return true;
	}
	pg->events = (short)(POLLIN | (unsent == 1 ? POLLOUT : 0));
	return false;
}

static enum turn
step_answer(struct pg *pg, struct arena *arena, struct pg_rows *out)
{
	const enum pg_stage stage = pg->stage;
	PGresult *result;
	enum err e;

	if (!has_answer(pg))
		return TURN_WAITS;
	result = pg->kept;
	pg->kept = NULL;
	e = pg_result_take(pg, arena, result, out);
	if (e != ERR_OK && stage == PG_GREETING)
		pg_wire_close(pg);
	if (e != ERR_OK || stage == PG_ASKING)
		return end(pg, e);
	if (stage == PG_GREETING) {
		pg->is_pooled = out->n > 0 && pg_bool(out, 0, 0);
		return go_on(pg, connected(pg, arena));
	}
	pg->prepared[pg->n_prepared++] = pg->query.statement;
	return go_on(pg, ask(pg, arena));
}

static enum turn
step(struct pg *pg, struct arena *arena, struct pg_rows *out)
{
	switch (pg->stage) {
	case PG_IDLE:
		return step_begin(pg, arena);
	case PG_CONNECTING:
		return step_connect(pg, arena);
	case PG_GREETING:
	case PG_PREPARING:
	case PG_ASKING:
	default:
		return step_answer(pg, arena, out);
	}
}

/*
 * A connection that was there may have been cut since it was last used: once
 * more over a new one.
 */
static bool
takes_another_turn(struct pg *pg)
{
	if (pg->e != ERR_BUSY || !pg->retriable || pg->conn != NULL ||
	    pg->pinned)
		return false;
	pg->retriable = false;
	pg->retry_ms = 0;
	return true;
}

void
pg_begin(struct pg *pg, const struct pg_query *query)
{
	pg->query = *query;
	pg->script = NULL;
	pg->retriable = pg->conn != NULL;
}

bool
pg_step(
    struct pg *pg, struct arena *arena, struct pg_rows *out, enum err *out_e)
{
	enum turn turn;

	*out = (struct pg_rows){ 0 };
	do {
		turn = step(pg, arena, out);
		if (turn == TURN_OVER && takes_another_turn(pg))
			turn = TURN_GOES_ON;
	} while (turn == TURN_GOES_ON);
	*out_e = pg->e;
	return turn == TURN_OVER;
}

void
pg_give_up(struct pg *pg)
{
	if (pg->stage == PG_CONNECTING)
		pg->host = (pg->host + 1) % pg->n_hosts;
	if (pg->stage != PG_IDLE)
		(void)pg_wire_failed(pg,
		    pg->stage == PG_CONNECTING ? "connecting took too long"
					       : "no answer");
}

int
pg_fd(const struct pg *pg, short *events)
{
	*events = pg->events;
	return pg->conn == NULL ? -1 : PQsocket(pg->conn);
}

int64_t
pg_until_ms(const struct pg *pg)
{
	return pg->stage == PG_CONNECTING ? pg->host_ms : INT64_MAX;
}
