/* pg_result: what the server answered.  Floor: io. */
#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "io/pg.h"
#include "pg_wire.h"

#include <libpq-fe.h>
#include <postgres_ext.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

bool
pg_result_is_failure(const PGresult *result)
{
	const ExecStatusType status = PQresultStatus(result);

	return status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK &&
	    status != PGRES_EMPTY_QUERY;
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
	/* 54: too large for an index, too many of something. */
	if (in_class(sqlstate, "22") || in_class(sqlstate, "54"))
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

enum err
pg_result_take(
    struct pg *pg, struct arena *arena, PGresult *result, struct pg_rows *out)
{
	const char *sqlstate;
	struct str words;
	enum err e;

	if (result == NULL)
		return pg_wire_failed(pg, "no answer");
	if (!pg_result_is_failure(result)) {
		copy_rows(arena, result, out);
		PQclear(result);
		return ERR_OK;
	}
	sqlstate = sqlstate_of(result);
	e = err_of(sqlstate);
	words = first_line(arena, result);
	pg->detail = words;
	/* At a terminal the command itself says what is there already. */
	if (e != ERR_CONFLICT || !pg->options.log->plain)
		log_event(pg->options.log, LOG_DB_ERROR, e, "%s %.*s",
		    *sqlstate == '\0' ? "-----" : sqlstate, STR_ARG(words));
	/* A standby by now: another one writes. */
	if (in_class(sqlstate, "25006"))
		pg->host = (pg->host + 1) % pg->n_hosts;
	if (breaks_connection(sqlstate))
		(void)pg_wire_failed(pg, "connection lost");
	PQclear(result);
	return e;
}
