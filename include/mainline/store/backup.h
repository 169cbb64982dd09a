/*
 * backup: the database at one moment, and an empty one to be filled.
 * Floor: store.
 *
 * The rows themselves are PostgreSQL's business (pg_dump, pg_restore); here is
 * what tells them which moment, and what they leave to us.
 */
#ifndef MAINLINE_STORE_BACKUP_H
#define MAINLINE_STORE_BACKUP_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "store/erasure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The table of who was erased in a database that a restore has removed: there
 * until that restore has gone through, and no matter of a backup's.
 */
#define BACKUP_ERASED_BEFORE "erased_before_restore"

/* Rows. */
struct backup_counts {
	int64_t calls, events, recordings;
	int64_t in_bucket; /* of the recordings: their audio lies in one */
	int64_t erased;    /* calls of which a tombstone is left */
};

struct backup_view {
	struct str snapshot; /* for pg_dump --snapshot */
	int server;          /* major version of PostgreSQL */
	int schema;          /* the last migration's number */
	struct backup_counts counts;
};

/*
 * Holds the database as it is now, on a connection that is pinned, until
 * backup_end().  Counting takes a minute for many millions of events.  Errors
 * as pg_run(): then nothing is held.
 */
MUST_USE enum err backup_begin(
    struct pg *pg, struct arena *arena, struct backup_view *out);
void backup_end(struct pg *pg);

/* A recording whose audio lies in the folder. */
struct backup_audio {
	struct str line, sid;
	struct str
	    sha256[2]; /* of the MP3 and the WAV; absent: there is none */
};

/*
 * The next page of them, of the moment that is held: behind `*after`, or the
 * first (both empty).  `*n` is 0 when that was all.
 */
MUST_USE enum err backup_audio(struct pg *pg, struct arena *arena,
    const struct backup_audio *after, struct backup_audio **out, size_t *n);

/* Is it still to be kept, now? */
MUST_USE enum err backup_is_wanted(struct pg *pg, struct arena *arena,
    const struct backup_audio *audio, bool *out);

/* How many recordings were asked for before, and are not here yet. */
MUST_USE enum err backup_unarchived(
    struct pg *pg, struct arena *arena, int64_t before_us, int64_t *out);

/* Where a backup is to go. */
struct restore_target {
	int server;      /* major version of PostgreSQL */
	bool has_schema; /* ours, of whatever version */
	bool has_others; /* tables that we know nothing of */
	bool has_data;   /* calls, or a flow */
};

MUST_USE enum err restore_look(
    struct pg *pg, struct arena *arena, struct restore_target *out);

/*
 * Removes all tables, functions and types of the schema.  Which calls were
 * erased in it is noted in a table of its own, until restore_end().
 */
MUST_USE enum err restore_clear(struct pg *pg, struct arena *arena);

MUST_USE enum err restore_counts(
    struct pg *pg, struct arena *arena, struct backup_counts *out);

/*
 * The calls that are here and were erased in what restore_clear() has removed,
 * now or before a restore that broke off: to be erased once more.  What of them
 * arrives from now on is held off already, where the key is the same.
 */
MUST_USE enum err restore_erased(
    struct pg *pg, struct arena *arena, struct erasure_call **out, size_t *n);

/* All is there, and they are erased: what was noted is removed. */
MUST_USE enum err restore_end(struct pg *pg, struct arena *arena);

#endif
