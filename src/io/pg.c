/*
 * pg: one connection to PostgreSQL, with a deadline on every step.
 * Floor: io.
 */
#include "io/pg.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "pg_wire.h"

#include <libpq-fe.h>
#include <postgres_ext.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct pg *
pg_new(const struct pg_options *options)
{
	struct pg *const pg = calloc(1, sizeof(*pg));

	if (pg == NULL)
		abort();
	pg->options = *options;
	return pg;
}

void
pg_free(struct pg *pg)
{
	if (pg == NULL)
		return;
	pg_wire_close(pg);
	free(pg);
}

static const char *
sqlstate_of(const PGresult *result)
{
	const char *const state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	return state == NULL ? "" : state;
}

static bool
in_class(const char *sqlstate, const char *class)
{
	return strncmp(sqlstate, class, strlen(class)) == 0;
}

/*
 * What a failed result means.  Without a SQLSTATE the connection is gone.
 * Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
static enum err
err_of(const char *sqlstate)
{
	static const char *const later[] = { "08", "40", "53", "55", "57", "58",
		"25006", "25P02", "26000" };

	if (*sqlstate == '\0')
		return ERR_BUSY;
	for (size_t i = 0; i < ARRAY_LEN(later); i++) {
		if (in_class(sqlstate, later[i]))
			return ERR_BUSY;
	}
	if (in_class(sqlstate, "22"))
		return ERR_INPUT;
	return in_class(sqlstate, "23") ? ERR_CONFLICT : ERR_DB;
}

/*
 * After these the connection is of no more use: gone, read-only since a
 * failover (25006), or a pooler's with other prepared statements than ours
 * (26000).
 */
static bool
breaks_connection(const char *sqlstate)
{
	return *sqlstate == '\0' || in_class(sqlstate, "08") ||
	    in_class(sqlstate, "57P") || in_class(sqlstate, "25006") ||
	    in_class(sqlstate, "26000");
}

static void
copy_rows(struct arena *arena, PGresult *result, struct pg_rows *out)
{
	const int rows = PQntuples(result);
	const int columns = PQnfields(result);

	out->n = (size_t)rows;
	out->columns = (size_t)columns;
	out->affected = strtoul(PQcmdTuples(result), NULL, 10);
	out->values = ARENA_ARRAY(arena, out->n * out->columns, struct str);
	for (int r = 0; r < rows; r++) {
		for (int c = 0; c < columns; c++) {
			if (PQgetisnull(result, r, c))
				continue;
			out->values[(size_t)r * out->columns + (size_t)c] =
			    str_copy(arena,
				(struct str){ PQgetvalue(result, r, c),
				    (size_t)PQgetlength(result, r, c) });
		}
	}
}

/* The message's first line: the second one would repeat values. */
static struct str
first_line(struct arena *arena, const PGresult *result)
{
	const struct str words = str_of(PQresultErrorMessage(result));

	return str_copy(arena, str_slice(words, 0, str_find(words, '\n')));
}

/* Takes a result apart and frees it. */
static enum err
pg_take(
    struct pg *pg, struct arena *arena, PGresult *result, struct pg_rows *out)
{
	const char *sqlstate;
	struct str words;
	enum err e;

	if (result == NULL)
		return pg_wire_failed(pg, "no answer");
	if (!pg_wire_is_failure(result)) {
		copy_rows(arena, result, out);
		PQclear(result);
		return ERR_OK;
	}
	sqlstate = sqlstate_of(result);
	e = err_of(sqlstate);
	words = first_line(arena, result);
	/* At a terminal the command itself says what is there already. */
	if (e != ERR_CONFLICT || !pg->options.log->plain)
		log_event(pg->options.log, LOG_DB_ERROR, e, "%s %.*s",
		    *sqlstate == '\0' ? "-----" : sqlstate, STR_ARG(words));
	if (breaks_connection(sqlstate))
		(void)pg_wire_failed(pg, "connection lost");
	PQclear(result);
	return e;
}

static enum err
pg_send(struct pg *pg, struct arena *arena, const struct pg_query *query)
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
	if (st->name == NULL)
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
	if (st->name == NULL)
		return true;
	for (size_t i = 0; i < pg->n_prepared; i++) {
		if (pg->prepared[i] == st)
			return true;
	}
	return false;
}

static enum err
pg_prepare(struct pg *pg, struct arena *arena, const struct pg_query *query)
{
	const struct pg_statement *const st = query->statement;
	struct pg_rows none;
	enum err e;

	if (is_prepared(pg, st))
		return ERR_OK;
	if (pg->n_prepared == PG_MAX_STATEMENTS)
		return ERR_BUG;
	if (PQsendPrepare(pg->conn, st->name, st->sql, st->n_params, NULL) != 1)
		return pg_wire_failed(pg, "cannot send");
	e = pg_take(pg, arena, pg_wire_result(pg, query->deadline_ms), &none);
	if (e == ERR_OK)
		pg->prepared[pg->n_prepared++] = st;
	return e;
}

void
pg_pin(struct pg *pg)
{
	pg->pinned = true;
	pg->lost = false;
}

void
pg_unpin(struct pg *pg)
{
	pg->pinned = false;
	if (pg->conn != NULL && PQtransactionStatus(pg->conn) != PQTRANS_IDLE)
		pg_wire_close(pg);
}

/* Connects if there is need, and runs what every new connection begins with. */
static enum err
pg_ready(struct pg *pg, struct arena *arena, int64_t deadline_ms)
{
	const struct pg_query hello = {
		.statement = pg->options.on_connect,
		.deadline_ms = deadline_ms,
	};
	struct pg_rows none;
	enum err e;

	if (pg->conn != NULL)
		return ERR_OK;
	if (pg->pinned && pg->lost)
		return ERR_BUSY;
	if ((e = pg_wire_open(pg, deadline_ms)) != ERR_OK)
		return e;
	if (hello.statement != NULL) {
		if ((e = pg_send(pg, arena, &hello)) != ERR_OK ||
		    (e = pg_take(pg, arena, pg_wire_result(pg, deadline_ms),
			 &none)) != ERR_OK) {
			pg_wire_close(pg);
			return e;
		}
	}
	if (pg->down)
		log_event(pg->options.log, LOG_DB_UP, ERR_OK, NULL);
	pg->down = false;
	return ERR_OK;
}

/* One attempt. */
static enum err
pg_try(struct pg *pg, struct arena *arena, const struct pg_query *query,
    struct pg_rows *out)
{
	enum err e;

	if ((e = pg_ready(pg, arena, query->deadline_ms)) != ERR_OK ||
	    (e = pg_prepare(pg, arena, query)) != ERR_OK ||
	    (e = pg_send(pg, arena, query)) != ERR_OK)
		return e;
	return pg_take(pg, arena, pg_wire_result(pg, query->deadline_ms), out);
}

enum err
pg_run(struct pg *pg, struct arena *arena, const struct pg_query *query,
    struct pg_rows *out)
{
	const bool was_connected = pg->conn != NULL;
	enum err e;

	*out = (struct pg_rows){ 0 };
	e = pg_try(pg, arena, query, out);
	/*
	 * A connection that was there may have been cut since it was last used:
	 * once more over a new one, if there is time.
	 */
	if (e == ERR_BUSY && was_connected && pg->conn == NULL && !pg->pinned &&
	    clock_left_ms(query->deadline_ms) > 0) {
		pg->retry_ms = 0;
		e = pg_try(pg, arena, query, out);
	}
	return e;
}

enum err
pg_script(struct pg *pg, struct arena *arena, const char *sql,
    int64_t deadline_ms, struct str *detail)
{
	PGresult *result;
	struct pg_rows rows;
	enum err e = pg_ready(pg, arena, deadline_ms);

	*detail = STR_ABSENT;
	if (e != ERR_OK)
		return e;
	if (PQsendQuery(pg->conn, sql) != 1)
		return pg_wire_failed(pg, "cannot send");
	result = pg_wire_result(pg, deadline_ms);
	if (result != NULL && pg_wire_is_failure(result))
		*detail = first_line(arena, result);
	return pg_take(pg, arena, result, &rows);
}
