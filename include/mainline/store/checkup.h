/*
 * checkup: what the doctor asks the database, and where its last report lies.
 * Floor: store.
 */
#ifndef MAINLINE_STORE_CHECKUP_H
#define MAINLINE_STORE_CHECKUP_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"

#include <stdbool.h>
#include <stdint.h>

struct checkup_database {
	bool is_read_only;
	bool has_fsync;
	bool has_trgm; /* the extension is there, in this database */
	int version;   /* as 150018 for 15.18 */
	int64_t now_us;
	struct str role;   /* who we are */
	struct str denied; /* tables that it may not write; empty: none */
};

/* Asks without any table of ours.  Errors as pg_run(). */
MUST_USE enum err checkup_database(struct pg *pg, struct arena *arena,
    int64_t deadline_ms, struct checkup_database *out);

/* Times in microseconds, -1: never; numbers of jobs. */
struct checkup_jobs {
	int64_t now_us;      /* the database's */
	int64_t snapshot_us; /* when any host wrote its snapshot last */
	int64_t sweep_us;    /* when Twilio's list was read last */
	int64_t oldest_us;   /* since when the first one is due */
	int64_t dead;
	struct str dead_kinds; /* "archive, notify" */
};

MUST_USE enum err checkup_jobs(struct pg *pg, struct arena *arena,
    int64_t deadline_ms, struct checkup_jobs *out);

struct checkup {
	struct str host;
	int64_t checked_us;
	struct str findings; /* JSON */
};

/* Puts a report in the place of the last one. */
MUST_USE enum err checkup_keep(
    struct pg *pg, struct arena *arena, const struct checkup *checkup);

/* The last one; ERR_NOT_FOUND: there is none yet. */
MUST_USE enum err checkup_last(struct pg *pg, struct arena *arena,
    int64_t deadline_ms, struct checkup *out);

/*
 * Has the look done at once; one that is under way will do.  `*asked` false:
 * there is none to hasten, since `mainline jobs` never ran.
 */
MUST_USE enum err checkup_hasten(
    struct pg *pg, struct arena *arena, int64_t deadline_ms, bool *asked);

/* Is one due, or under way? */
MUST_USE enum err checkup_pending(
    struct pg *pg, struct arena *arena, int64_t deadline_ms, bool *out);

#endif
