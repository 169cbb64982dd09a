/*
 * flows: the published versions in PostgreSQL, and their snapshot on disk, from
 * which workers decide without a database.
 * Floor: store.
 */
#ifndef MAINLINE_STORE_FLOWS_H
#define MAINLINE_STORE_FLOWS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "flow/flow_set.h"
#include "io/pg.h"

#include <stdbool.h>
#include <stdint.h>

#define FLOWS_SNAPSHOT_NAME "flows.json" /* in the data folder */

struct flows_published {
	int version;
	bool fresh; /* false: the last version holds the same document */
	bool first; /* of all; it is in force at once */
};

/*
 * Adds a document, which flow_parse() has accepted, as the next version, unless
 * it is the last one's to the byte.
 */
MUST_USE enum err flows_publish(struct pg *pg, struct arena *arena,
    struct str document, struct str by, struct flows_published *out);

/* A version's document; `version` below 1: the last one's.  ERR_NOT_FOUND. */
MUST_USE enum err flows_get(
    struct pg *pg, struct arena *arena, int version, struct flow_version *out);

struct flows_row {
	int version;
	int64_t published_us;
	struct str published_by;
	int64_t bytes;
};

/* All versions, the last one first. */
MUST_USE enum err flows_list(
    struct pg *pg, struct arena *arena, struct flows_row **out, size_t *n);

/* The snapshot's path, in `arena`. */
const char *flows_snapshot_path(struct arena *arena, const char *data);

/*
 * Writes the versions of the last week and the blocks to the snapshot, by
 * atomic rename, unless it holds just that; of several at a time the one that
 * read last writes last.  ERR_UPSTREAM: the file
 * cannot be written (errno); errors of the database as pg_run().
 */
MUST_USE enum err flows_snapshot_write(
    struct pg *pg, struct arena *arena, const char *path);

/*
 * Does the snapshot hold just what it would be written with?  ERR_NOT_FOUND:
 * there is no file.  ERR_UPSTREAM: it cannot be read (errno).
 */
MUST_USE enum err flows_snapshot_compare(
    struct pg *pg, struct arena *arena, const char *path, bool *is_same);

/*
 * Reads the snapshot into `set`.  No file is no error: `set` stays as it is.
 * ERR_INPUT: it cannot be used, `*why` says why and `set` is left alone.
 */
MUST_USE enum err flows_snapshot_read(struct arena *arena, const char *path,
    struct flow_set *set, struct str *why);

#endif
