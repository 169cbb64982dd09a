/*
 * pg_wire: libpq's asynchronous calls, with poll(2) and a deadline.  Private to
 * the io floor.
 */
#ifndef MAINLINE_IO_PG_WIRE_H
#define MAINLINE_IO_PG_WIRE_H

#include "io/pg.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

struct pg {
	struct pg_options options;
	PGconn *conn; /* NULL: not connected */
	const struct pg_statement *prepared[PG_MAX_STATEMENTS];
	size_t n_prepared;
	int64_t retry_ms; /* before this no attempt to connect is made */
	int backoff_ms;
	bool pinned; /* see pg_pin() */
	bool lost;   /* and the pinned connection is gone */
	bool down;   /* said so in the log; said again when it is up */
};

/*
 * Connects.  ERR_BUSY: could not, before the deadline, or the last failure was
 * only just now.
 */
MUST_USE enum err pg_wire_open(struct pg *pg, int64_t deadline_ms);

void pg_wire_close(struct pg *pg);

/*
 * The server is out of reach: says so, once, and closes the connection; the
 * next attempt waits a little longer.  Gives ERR_BUSY.
 */
enum err pg_wire_failed(struct pg *pg, const char *what);

/*
 * Sends what libpq holds and waits for the end of the answer: the last result,
 * or the first one that failed; NULL when the deadline passed or the connection
 * broke.  The caller clears it.
 */
MUST_USE PGresult *pg_wire_result(struct pg *pg, int64_t deadline_ms);

bool pg_wire_is_failure(const PGresult *result);

#endif
