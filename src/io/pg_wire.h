/*
 * pg_wire: what the parts of pg share: the connection, and its results.
 * Private to the io floor.
 */
#ifndef MAINLINE_IO_PG_WIRE_H
#define MAINLINE_IO_PG_WIRE_H

#include "io/pg.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How far a statement has come. */
enum pg_stage {
	PG_IDLE,
	PG_CONNECTING,
	PG_GREETING,  /* runs what every new connection begins with */
	PG_PREPARING, /* the statement, on this connection */
	PG_ASKING
};

struct pg {
	struct pg_options options;
	PGconn *conn; /* NULL: not connected */
	const struct pg_statement *prepared[PG_MAX_STATEMENTS];
	size_t n_prepared;
	int64_t retry_ms; /* before this no attempt to connect is made */
	int backoff_ms;
	size_t n_hosts;  /* that the connection string names, at least 1 */
	size_t host;     /* which of them is asked next, or was reached */
	size_t asked;    /* how many have been in this turn */
	int rounds;      /* how often all were asked in vain */
	int64_t host_ms; /* monotonic: so long the present one has to answer */
	bool is_pooled;  /* see pg_options.on_connect */
	bool pinned;     /* see pg_pin() */
	bool lost;       /* and the pinned connection is gone */
	bool down;       /* said so in the log; said again when it is up */

	/* Of the statement under way: */
	enum pg_stage stage;
	struct pg_query query;
	const char *script; /* in the place of `query`; NULL: none */
	struct str detail;  /* of a script that was refused */
	short events;       /* of poll(2), to be waited for */
	PGresult *kept; /* the last result so far, or the first failed one */
	bool is_gap;    /* a result has ended, and its successor not begun */
	bool retriable; /* over a connection that may have been dead */
	enum err e;     /* how it ended */
};

/*
 * Begins to connect, to the first host of a turn.  ERR_BUSY: not now, or it has
 * failed already, with all of them.
 */
MUST_USE enum err pg_wire_start(struct pg *pg, struct arena *arena);

/* The present host cannot be had: begins with the next.  ERR_BUSY: no more. */
MUST_USE enum err pg_wire_next(struct pg *pg, struct arena *arena);

void pg_wire_close(struct pg *pg);

/*
 * The server is out of reach: says so, once, and closes the connection; the
 * next attempt waits a little longer.  Gives ERR_BUSY.
 */
enum err pg_wire_failed(struct pg *pg, const char *what);

bool pg_result_is_failure(const PGresult *result);

/*
 * Takes a result apart and frees it: its rows, or what its failure means.  What
 * is NULL is a connection that is gone.
 */
MUST_USE enum err pg_result_take(
    struct pg *pg, struct arena *arena, PGresult *result, struct pg_rows *out);

#endif
