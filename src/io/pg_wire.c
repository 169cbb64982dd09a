/* pg_wire: a connection begun, and given up.  Floor: io. */
#include "pg_wire.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "io/entropy.h"
#include "pg_hosts.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#define BACKOFF_FIRST_MS 20
#define BACKOFF_MAX_MS 500

/*
 * Of several hosts each has so long to take a connection, and twice that after
 * every round in vain: the whole of the caller's time in the end.
 */
#define HOST_MS 600
#define HOST_DOUBLINGS 3

void
pg_wire_close(struct pg *pg)
{
	PQclear(pg->kept);
	pg->kept = NULL;
	PQfinish(pg->conn);
	pg->conn = NULL;
	pg->n_prepared = 0;
	pg->is_pooled = false;
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

/* False: it has failed already. */
static bool
begin(struct pg *pg, struct arena *arena)
{
	/*
	 * What the connection string says of the first ones wins; of the hosts
	 * that it names one is picked.
	 */
	const char *const keys[] = { "fallback_application_name",
		"client_encoding", "target_session_attrs", "tcp_user_timeout",
		"keepalives_idle", "keepalives_interval", "keepalives_count",
		"dbname", "host", "hostaddr", "port", NULL };
	const struct pg_host one =
	    pg_hosts_pick(arena, pg->options.conninfo, pg->host);
	const char *const values[] = { "mainline", "UTF8", "read-write", "3000",
		"10", "3", "3", pg->options.conninfo, one.host, one.hostaddr,
		one.port, NULL };

	pg->conn = PQconnectStartParams(keys, values, 1);
	if (pg->conn == NULL)
		abort();
	(void)PQsetNoticeProcessor(pg->conn, ignore_notice, NULL);
	pg->stage = PG_CONNECTING;
	pg->events = POLLOUT;
	pg->host_ms = pg->n_hosts == 1
	    ? INT64_MAX
	    : clock_mono_ms() + (HOST_MS << pg->rounds);
	return PQstatus(pg->conn) != CONNECTION_BAD;
}

enum err
pg_wire_start(struct pg *pg, struct arena *arena)
{
	if (clock_mono_ms() < pg->retry_ms)
		return ERR_BUSY;
	pg->asked = 0;
	return begin(pg, arena) ? ERR_OK : pg_wire_next(pg, arena);
}

enum err
pg_wire_next(struct pg *pg, struct arena *arena)
{
	for (;;) {
		pg->host = (pg->host + 1) % pg->n_hosts;
		pg->asked++;
		if (pg->asked == pg->n_hosts)
			break;
		pg_wire_close(pg);
		if (begin(pg, arena))
			return ERR_OK;
	}
	if (pg->rounds < HOST_DOUBLINGS)
		pg->rounds++;
	return pg_wire_failed(pg, "cannot connect");
}
