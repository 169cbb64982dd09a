/*
 * pg: one connection to PostgreSQL, with a deadline on every step.
 * Floor: io.
 *
 * Never trust PQstatus(): it says OK long after the server has gone.  What a
 * result says counts, and after a deadline the connection is closed, so that a
 * late answer is never taken for the next one's.
 */
#include "io/pg.h"

#include "base/clock.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define BACKOFF_FIRST_MS 20
#define BACKOFF_MAX_MS 500

struct pg {
	struct pg_options options;
	PGconn *conn; /* NULL: not connected */
	const struct pg_statement *prepared[PG_MAX_STATEMENTS];
	size_t n_prepared;
	int64_t retry_ms; /* before this no attempt to connect is made */
	int backoff_ms;
	bool down; /* said so in the log; said again when it is up */
};

struct pg *
pg_new(const struct pg_options *options)
{
	struct pg *const pg = calloc(1, sizeof(*pg));

	if (pg == NULL)
		abort();
	pg->options = *options;
	return pg;
}

static void
pg_close(struct pg *pg)
{
	PQfinish(pg->conn);
	pg->conn = NULL;
	pg->n_prepared = 0;
}

void
pg_free(struct pg *pg)
{
	if (pg == NULL)
		return;
	pg_close(pg);
	free(pg);
}

/* The server is out of reach: says so once, and waits a little longer. */
static enum err
pg_failed(struct pg *pg, const char *what)
{
	const char *const words =
	    pg->conn == NULL ? "" : PQerrorMessage(pg->conn);

	if (!pg->down)
		log_event(pg->options.log, LOG_DB_DOWN, ERR_BUSY, "%s%s%s",
		    what, *words == '\0' ? "" : ": ", words);
	pg->down = true;
	pg_close(pg);
	pg->backoff_ms =
	    pg->backoff_ms == 0 ? BACKOFF_FIRST_MS : 2 * pg->backoff_ms;
	if (pg->backoff_ms > BACKOFF_MAX_MS)
		pg->backoff_ms = BACKOFF_MAX_MS;
	/* Jitter, so that a pool of workers does not come back in step. */
	pg->retry_ms = clock_mono_ms() + pg->backoff_ms / 2 +
	    clock_wall_us() % (pg->backoff_ms / 2 + 1);
	return ERR_BUSY;
}

/* Waits for the connection's socket; false when the deadline has passed. */
static bool
pg_wait(const struct pg *pg, short events, int64_t deadline_ms)
{
	struct pollfd fd = { .fd = PQsocket(pg->conn), .events = events };

	if (fd.fd < 0)
		return false;
	for (;;) {
		const int left = clock_left_ms(deadline_ms);
		const int n = poll(&fd, 1, left);

		if (n > 0)
			return true;
		if (n == 0 && left == 0)
			return false;
	}
}

static enum err
pg_connect(struct pg *pg, int64_t deadline_ms)
{
	const char *const keys[] = { "dbname", "fallback_application_name",
		"client_encoding", "target_session_attrs", "tcp_user_timeout",
		"keepalives_idle", "keepalives_interval", "keepalives_count",
		NULL };
	const char *const values[] = { pg->options.conninfo, "mainline", "UTF8",
		"read-write", "3000", "10", "3", "3", NULL };
	PostgresPollingStatusType status = PGRES_POLLING_WRITING;

	if (clock_mono_ms() < pg->retry_ms)
		return ERR_BUSY;
	pg->conn = PQconnectStartParams(keys, values, 1);
	if (pg->conn == NULL)
		abort();
	if (PQstatus(pg->conn) == CONNECTION_BAD)
		return pg_failed(pg, "cannot connect");
	while (status != PGRES_POLLING_OK) {
		const short events =
		    status == PGRES_POLLING_READING ? POLLIN : POLLOUT;

		if (!pg_wait(pg, events, deadline_ms))
			return pg_failed(pg, "connecting took too long");
		status = PQconnectPoll(pg->conn);
		if (status == PGRES_POLLING_FAILED)
			return pg_failed(pg, "cannot connect");
	}
	if (PQsetnonblocking(pg->conn, 1) != 0)
		return pg_failed(pg, "cannot connect");
	pg->backoff_ms = 0;
	return ERR_OK;
}

/* Sends all that libpq holds, reading what comes meanwhile. */
static bool
pg_flush(struct pg *pg, int64_t deadline_ms)
{
	int left = PQflush(pg->conn);

	while (left == 1) {
		if (!pg_wait(pg, POLLIN | POLLOUT, deadline_ms) ||
		    PQconsumeInput(pg->conn) == 0)
			return false;
		left = PQflush(pg->conn);
	}
	return left == 0;
}

static bool
is_failure(const PGresult *result)
{
	const ExecStatusType status = PQresultStatus(result);

	return status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK &&
	    status != PGRES_EMPTY_QUERY;
}

/*
 * Waits for the end of what was sent: the last result, or the first one that
 * failed; NULL when the deadline passed or the connection broke.  The caller
 * clears it.
 */
static PGresult *
pg_result(struct pg *pg, int64_t deadline_ms)
{
	PGresult *kept = NULL;

	if (!pg_flush(pg, deadline_ms))
		return NULL;
	for (;;) {
		PGresult *next;

		while (PQisBusy(pg->conn)) {
			if (!pg_wait(pg, POLLIN, deadline_ms) ||
			    PQconsumeInput(pg->conn) == 0) {
				PQclear(kept);
				return NULL;
			}
		}
		next = PQgetResult(pg->conn);
		if (next == NULL)
			return kept;
		if (kept != NULL && is_failure(kept)) {
			PQclear(next);
		} else {
			PQclear(kept);
			kept = next;
		}
	}
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
 * After these the connection is of no more use: gone, read-only since a failover
 * (25006), or a pooler's with other prepared statements than ours (26000).
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
	enum err e;

	if (result == NULL)
		return pg_failed(pg, "no answer");
	if (!is_failure(result)) {
		copy_rows(arena, result, out);
		PQclear(result);
		return ERR_OK;
	}
	sqlstate = sqlstate_of(result);
	e = err_of(sqlstate);
	log_event(pg->options.log, LOG_DB_ERROR, e, "%s %.*s",
	    *sqlstate == '\0' ? "-----" : sqlstate,
	    STR_ARG(first_line(arena, result)));
	if (breaks_connection(sqlstate))
		(void)pg_failed(pg, "connection lost");
	PQclear(result);
	return e;
}

static enum err
pg_send(struct pg *pg, struct arena *arena, const struct pg_query *query)
{
	const struct pg_statement *const st = query->statement;
	const size_t n = (size_t)st->n_params;
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
	return sent == 1 ? ERR_OK : pg_failed(pg, "cannot send");
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
		return pg_failed(pg, "cannot send");
	e = pg_take(pg, arena, pg_result(pg, query->deadline_ms), &none);
	if (e == ERR_OK)
		pg->prepared[pg->n_prepared++] = st;
	return e;
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
	if ((e = pg_connect(pg, deadline_ms)) != ERR_OK)
		return e;
	if (hello.statement != NULL) {
		if ((e = pg_send(pg, arena, &hello)) != ERR_OK ||
		    (e = pg_take(pg, arena, pg_result(pg, deadline_ms),
			 &none)) != ERR_OK) {
			pg_close(pg);
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
	return pg_take(pg, arena, pg_result(pg, query->deadline_ms), out);
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
	if (e == ERR_BUSY && was_connected && pg->conn == NULL &&
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
		return pg_failed(pg, "cannot send");
	result = pg_result(pg, deadline_ms);
	if (result != NULL && is_failure(result))
		*detail = first_line(arena, result);
	return pg_take(pg, arena, result, &rows);
}

struct str
pg_conninfo_masked(struct arena *arena, const char *conninfo)
{
	PQconninfoOption *const options = PQconninfoParse(conninfo, NULL);
	struct str out = STR("");

	if (options == NULL)
		return STR("(not a libpq connection string)");
	for (const PQconninfoOption *o = options; o->keyword != NULL; o++) {
		if (o->val == NULL)
			continue;
		out = str_format(arena, "%.*s%s%s=%s", STR_ARG(out),
		    out.n == 0 ? "" : " ", o->keyword,
		    strcmp(o->keyword, "password") == 0 ? "****" : o->val);
	}
	PQconninfoFree(options);
	return out;
}

enum err
pg_conninfo_check(struct arena *arena, const char *conninfo, struct str *why)
{
	char *words = NULL;
	PQconninfoOption *const options = PQconninfoParse(conninfo, &words);
	const enum err e = options == NULL ? ERR_INPUT : ERR_OK;
	const struct str reason = str_of(words);

	*why = str_copy(arena, str_slice(reason, 0, str_find(reason, '\n')));
	PQfreemem(words);
	PQconninfoFree(options);
	return e;
}
