/*
 * migrate: brings the database's schema up to this program's.
 * Floor: store.
 *
 * Migrations are the files of migrations/, compiled in; forward only.  What was
 * applied is kept with its checksum: a file that was changed afterwards, or a
 * database that is newer than the program, is refused.
 */
#ifndef MAINLINE_STORE_MIGRATE_H
#define MAINLINE_STORE_MIGRATE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A file of migrations/: "0001_calls.sql" is version 1. */
struct migration {
	int version;
	const char *name;
	const char *sql; /* NUL-ended, the whole file */
};

/* In ascending order, without gaps; made by cmake/embed.cmake. */
extern const struct migration migrations[];
extern const size_t n_migrations;

struct migrate_report {
	int from;         /* version before; 0: an empty database */
	int to;           /* version now */
	struct str error; /* what went wrong and how to mend it */
};

/*
 * Applies what is missing, each file in a transaction of its own, under an
 * advisory lock, so that several may be started at once.
 *
 * ERR_OK; ERR_CONFLICT: checksums or versions do not fit; ERR_INPUT: the
 * server's settings would lose calls (fsync is off); else as pg_run().  On an
 * error `report->error` is set, and what was applied before it stays.
 */
MUST_USE enum err migrate_run(struct pg *pg, struct arena *arena,
    const struct migration *list, size_t n, struct migrate_report *report);

/* What a look finds; `error` as in struct migrate_report. */
struct migrate_state {
	int version;     /* of the database; 0: it is empty */
	bool is_changed; /* a file is another one than was applied: `error` */
	struct str error;
};

/* Compares what was applied with this program's, and changes nothing. */
MUST_USE enum err migrate_look(struct pg *pg, struct arena *arena,
    int64_t deadline_ms, struct migrate_state *out);

/*
 * Is the schema at least this program's?  ERR_OK, ERR_CONFLICT (run `mainline
 * migrate`), or as pg_run().
 */
MUST_USE enum err migrate_check(
    struct pg *pg, struct arena *arena, int64_t deadline_ms);

#endif
