/*
 * pg: one connection to PostgreSQL, with a deadline on every step.
 * Floor: io.
 */
#include "io/pg.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "pg_hosts.h"
#include "pg_wire.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>

struct pg *
pg_new(const struct pg_options *options)
{
	struct pg *const pg = calloc(1, sizeof(*pg));

	if (pg == NULL)
		abort();
	pg->options = *options;
	pg->n_hosts = pg_hosts_count(options->conninfo);
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

/* Steps, and waits in between; what takes too long is given up. */
static enum err
drive(struct pg *pg, struct arena *arena, int64_t deadline_ms,
    struct pg_rows *out)
{
	enum err e;

	while (!pg_step(pg, arena, out, &e)) {
		struct pollfd fd;
		const int left = clock_left_ms(deadline_ms);
		const int turn = clock_left_ms(pg_until_ms(pg));

		fd.fd = pg_fd(pg, &fd.events);
		if (poll(&fd, 1, turn < left ? turn : left) == 0 && left == 0) {
			pg_give_up(pg);
			return ERR_BUSY;
		}
	}
	return e;
}

enum err
pg_run(struct pg *pg, struct arena *arena, const struct pg_query *query,
    struct pg_rows *out)
{
	pg_begin(pg, query);
	return drive(pg, arena, query->deadline_ms, out);
}

enum err
pg_script(struct pg *pg, struct arena *arena, const char *sql,
    int64_t deadline_ms, struct str *detail)
{
	const struct pg_query none = { .deadline_ms = deadline_ms };
	struct pg_rows rows;
	enum err e;

	pg_begin(pg, &none);
	pg->script = sql;
	pg->retriable = false;
	pg->detail = STR_ABSENT;
	e = drive(pg, arena, deadline_ms, &rows);
	*detail = e == ERR_OK ? STR_ABSENT : pg->detail;
	return e;
}
