/*
 * pg: one connection to PostgreSQL, with a deadline on every step.
 * Floor: io.
 *
 * libpq's asynchronous calls and poll(2) only: statement_timeout does not bound
 * a client whose server froze.  A connection is made when it is first needed,
 * and never before a fork.  Rows are copied into the caller's arena; no
 * PGresult leaves pg.c.
 */
#ifndef MAINLINE_IO_PG_H
#define MAINLINE_IO_PG_H

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define PG_MAX_STATEMENTS 160
#define PG_MAX_PARAMS 64

/* A statement of the program; its address is its identity. */
struct pg_statement {
	const char *name; /* of the prepared statement; NULL: never prepared */
	int n_params;
	const char *sql;
};

struct pg_param {
	struct str value; /* text, or bytes; absent: NULL */
	bool binary;      /* bytes of a bytea */
};

struct pg_query {
	const struct pg_statement *statement;
	const struct pg_param *params; /* statement->n_params of them */
	int64_t deadline_ms; /* monotonic, for all of it: connecting too */
};

/* Rows as text; a NULL is an absent string. */
struct pg_rows {
	size_t n;
	size_t columns;
	size_t affected; /* rows that the statement changed */
	struct str *values;
};

struct pg_options {
	const char *conninfo; /* libpq's; of several hosts see pg_run() */
	/*
	 * Run first; NULL: none.  Its one parameter is the server's process as
	 * the connection was told it.  Another one behind it is a pooler's:
	 * then the first column must be true, and what it sets hold for its
	 * transaction alone, for it is sent before each statement.
	 */
	const struct pg_statement *on_connect;
	const struct log *log; /* borrowed */
};

struct pg;

/* All is borrowed and must outlive the connection.  Freed with pg_free(). */
struct pg *pg_new(const struct pg_options *options);
void pg_free(struct pg *pg);

/*
 * Runs one statement and gives its rows, which live in `arena`.
 *
 * Of several hosts one after the other is tried within that deadline, beginning
 * with the last one that was reached; each has a little time, so that one that
 * swallows packets does not keep us from the next.  A name is resolved without
 * a deadline: give addresses (hostaddr) where that matters.
 *
 * Through a pooler that hands its connections out by the transaction
 * (pgbouncer) nothing is prepared and no setting outlives its statement; see
 * on_connect.
 *
 * Preparing, connecting and, once, connecting anew when the old connection
 * turns out to be dead are part of it: so a statement may be sent twice, and
 * every writing one must bear that.
 *
 * ERR_OK
 * ERR_BUSY     no answer before the deadline, no connection, or the server said
 *              "not now" (SQLSTATE 08, 40, 53, 55, 57, 58, 25006)
 * ERR_INPUT    a value that the server cannot take (class 22, 54)
 * ERR_CONFLICT a constraint was violated (class 23)
 * ERR_DB       anything else: what we sent is wrong
 * The server's words are logged.
 */
MUST_USE enum err pg_run(struct pg *pg, struct arena *arena,
    const struct pg_query *query, struct pg_rows *out);

/*
 * The same without waiting, for a loop that has others to serve.  pg_begin()
 * takes the statement down; what it borrows must live until it is over.  Then
 * pg_step() is called whenever the descriptor of pg_fd() is ready, and gives
 * true when it is over, with the result as of pg_run(): what it allocates must
 * be from one arena all the time.  One statement at a time; its deadline is
 * the caller's to keep: pg_give_up() closes the connection of a statement that
 * takes too long.
 */
void pg_begin(struct pg *pg, const struct pg_query *query);
MUST_USE bool pg_step(
    struct pg *pg, struct arena *arena, struct pg_rows *out, enum err *out_e);
void pg_give_up(struct pg *pg);

/* The descriptor to wait for, and the events of poll(2); -1: none. */
int pg_fd(const struct pg *pg, short *events);

/* Monotonic: then pg_step() is to be called all the same; INT64_MAX: never. */
int64_t pg_until_ms(const struct pg *pg);

/*
 * While pinned, a connection that breaks is not replaced: every further
 * statement fails with ERR_BUSY.  For what a connection holds: a transaction, a
 * lock. Unpinning takes an open transaction back, by closing the connection if
 * there is one.
 */
void pg_pin(struct pg *pg);
void pg_unpin(struct pg *pg);

/*
 * Runs a script of several statements as one transaction; for migrations.  The
 * last statement's rows are given.  Errors as pg_run(); never sent twice.
 * `*detail` is the server's message when it refused, else absent.
 */
MUST_USE enum err pg_script(struct pg *pg, struct arena *arena, const char *sql,
    int64_t deadline_ms, struct str *detail);

struct str pg_str(const struct pg_rows *rows, size_t row, size_t column);

/* A whole number; `otherwise` for NULL. */
int64_t pg_int(
    const struct pg_rows *rows, size_t row, size_t column, int64_t otherwise);

/* "t" is true; NULL and "f" are false. */
bool pg_bool(const struct pg_rows *rows, size_t row, size_t column);

/*
 * The bytes behind "\x" and hexadecimal digits, which is how statements give a
 * bytea whatever the session's bytea_output; absent for all else.
 */
struct str pg_bytes(
    struct arena *arena, const struct pg_rows *rows, size_t row, size_t column);

/* Parameters; numbers as text in `arena`. */
struct pg_param pg_text(struct str value);
struct pg_param pg_bytea(struct str value);
struct pg_param pg_number(struct arena *arena, int64_t value);

/* NULL for `none`. */
struct pg_param pg_number_or_null(
    struct arena *arena, int64_t value, int64_t none);

/* A timestamptz of microseconds since 1970; NULL when below 0. */
struct pg_param pg_time(struct arena *arena, int64_t us);

/* A text[] of `n` elements in `arena`, whatever is in them; an absent one is
 * NULL. */
struct pg_param pg_texts(
    struct arena *arena, const struct str *elements, size_t n);

/* True or NULL: a fact that is only ever told when it holds. */
struct pg_param pg_flag(bool value);

/*
 * `conninfo` without its password, for logs and `mainline config`; also when it
 * cannot be parsed.
 */
struct str pg_conninfo_masked(struct arena *arena, const char *conninfo);

/*
 * `conninfo` without its password, which is `*password` (absent: none), for a
 * program of PostgreSQL's: what stands in its arguments everybody on this
 * machine can read.  A client key's (sslpassword) stays, for libpq takes it in
 * no other way.  `conninfo` has been checked.
 */
struct str pg_conninfo_open(
    struct arena *arena, const char *conninfo, struct str *password);

/* ERR_INPUT, and libpq's reason in `*why`, when it cannot be parsed. */
MUST_USE enum err pg_conninfo_check(
    struct arena *arena, const char *conninfo, struct str *why);

/* libpq's, as 150018 for 15.18. */
int pg_library_version(void);

#endif
