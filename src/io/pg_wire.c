/* pg_wire: a connection begun, and given up.  Floor: io. */
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
	PQclear(pg->kept);
	pg->kept = NULL;
	PQfinish(pg->conn);
	pg->conn = NULL;
	pg->n_prepared = 0;
	pg->stage = PG_IDLE;
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

/* What the server only remarks is nobody's business here. */
static void
ignore_notice(void *data, const char *message)
{
	(void)data;
	(void)message;
}

enum err
pg_wire_start(struct pg *pg)
{
	/* The connection string comes last: what it says of these wins. */
	const char *const keys[] = { "fallback_application_name",
		"client_encoding", "target_session_attrs", "tcp_user_timeout",
		"keepalives_idle", "keepalives_interval", "keepalives_count",
		"dbname", NULL };
	const char *const values[] = { "mainline", "UTF8", "read-write", "3000",
		"10", "3", "3", pg->options.conninfo, NULL };

	if (clock_mono_ms() < pg->retry_ms)
		return ERR_BUSY;
	pg->conn = PQconnectStartParams(keys, values, 1);
	if (pg->conn == NULL)
		abort();
	(void)PQsetNoticeProcessor(pg->conn, ignore_notice, NULL);
	if (PQstatus(pg->conn) == CONNECTION_BAD)
		return pg_wire_failed(pg, "cannot connect");
	pg->stage = PG_CONNECTING;
	pg->events = POLLOUT;
	return ERR_OK;
}
