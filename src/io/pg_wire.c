/*
 * pg_wire: libpq's asynchronous calls, with poll(2) and a deadline.
 * Floor: io.
 *
 * Never trust PQstatus(): it says OK long after the server has gone.  What a
 * result says counts, and after a deadline the connection is closed, so that a
 * late answer is never taken for the next one's.
 */
#include "pg_wire.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "io/entropy.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>

#define BACKOFF_FIRST_MS 20
#define BACKOFF_MAX_MS 500

void
pg_wire_close(struct pg *pg)
{
	PQfinish(pg->conn);
	pg->conn = NULL;
	pg->n_prepared = 0;
}

/* The server is out of reach: says so once, and waits a little longer. */
enum err
pg_wire_failed(struct pg *pg, const char *what)
{
	const char *const words =
	    pg->conn == NULL ? "" : PQerrorMessage(pg->conn);

	if (!pg->down)
		log_event(pg->options.log, LOG_DB_DOWN, ERR_BUSY, "%s%s%s",
		    what, *words == '\0' ? "" : ": ", words);
	pg->down = true;
	pg->lost = true;
	pg_wire_close(pg);
	pg->backoff_ms =
	    pg->backoff_ms == 0 ? BACKOFF_FIRST_MS : 2 * pg->backoff_ms;
	if (pg->backoff_ms > BACKOFF_MAX_MS)
		pg->backoff_ms = BACKOFF_MAX_MS;
	/* Jitter, so that a pool of workers does not come back in step. */
	pg->retry_ms = clock_mono_ms() + pg->backoff_ms / 2 +
	    entropy_below((uint32_t)pg->backoff_ms / 2 + 1);
	return ERR_BUSY;
}

/* Waits for the connection's socket; false when the deadline has passed. */
static bool
wait_for(const struct pg *pg, short events, int64_t deadline_ms)
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

/* What the server only remarks is nobody's business here. */
static void
ignore_notice(void *data, const char *message)
{
	(void)data;
	(void)message;
}

enum err
pg_wire_open(struct pg *pg, int64_t deadline_ms)
{
	/* The connection string comes last: what it says of these wins. */
	const char *const keys[] = { "fallback_application_name",
		"client_encoding", "target_session_attrs", "tcp_user_timeout",
		"keepalives_idle", "keepalives_interval", "keepalives_count",
		"dbname", NULL };
	const char *const values[] = { "mainline", "UTF8", "read-write", "3000",
		"10", "3", "3", pg->options.conninfo, NULL };
	PostgresPollingStatusType status = PGRES_POLLING_WRITING;

	if (clock_mono_ms() < pg->retry_ms)
		return ERR_BUSY;
	pg->conn = PQconnectStartParams(keys, values, 1);
	if (pg->conn == NULL)
		abort();
	(void)PQsetNoticeProcessor(pg->conn, ignore_notice, NULL);
	if (PQstatus(pg->conn) == CONNECTION_BAD)
		return pg_wire_failed(pg, "cannot connect");
	while (status != PGRES_POLLING_OK) {
		const short events =
		    status == PGRES_POLLING_READING ? POLLIN : POLLOUT;

		if (!wait_for(pg, events, deadline_ms))
			return pg_wire_failed(pg, "connecting took too long");
		status = PQconnectPoll(pg->conn);
		if (status == PGRES_POLLING_FAILED)
			return pg_wire_failed(pg, "cannot connect");
	}
	if (PQsetnonblocking(pg->conn, 1) != 0)
		return pg_wire_failed(pg, "cannot connect");
	pg->backoff_ms = 0;
	return ERR_OK;
}

/* Sends all that libpq holds, reading what comes meanwhile. */
static bool
flush(struct pg *pg, int64_t deadline_ms)
{
	int left = PQflush(pg->conn);

	while (left == 1) {
		if (!wait_for(pg, POLLIN | POLLOUT, deadline_ms) ||
		    PQconsumeInput(pg->conn) == 0)
			return false;
		left = PQflush(pg->conn);
	}
	return left == 0;
}

bool
pg_wire_is_failure(const PGresult *result)
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
PGresult *
pg_wire_result(struct pg *pg, int64_t deadline_ms)
{
	PGresult *kept = NULL;

	if (!flush(pg, deadline_ms))
		return NULL;
	for (;;) {
		PGresult *next;

		while (PQisBusy(pg->conn)) {
			if (!wait_for(pg, POLLIN, deadline_ms) ||
			    PQconsumeInput(pg->conn) == 0) {
				PQclear(kept);
				return NULL;
			}
		}
		next = PQgetResult(pg->conn);
		if (next == NULL)
			return kept;
		if (kept != NULL && pg_wire_is_failure(kept)) {
			PQclear(next);
		} else {
			PQclear(kept);
			kept = next;
		}
	}
}
