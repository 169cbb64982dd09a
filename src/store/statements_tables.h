/*
 * statements_tables: the statements by subject, and what several share.
 * Floor: store.
 *
 * Each table is indexed by enum stmt and holds its own alone.
 * clang-format is off in them: a statement is laid out as SQL.
 */
#ifndef MAINLINE_STORE_STATEMENTS_TABLES_H
#define MAINLINE_STORE_STATEMENTS_TABLES_H

#include "io/pg.h"
#include "store/statements.h"

extern const struct pg_statement statements_events[STMT__MAX];
extern const struct pg_statement statements_calls[STMT__MAX];
extern const struct pg_statement statements_jobs[STMT__MAX];
extern const struct pg_statement statements_erasure[STMT__MAX];
extern const struct pg_statement statements_retention[STMT__MAX];
extern const struct pg_statement statements_reconcile[STMT__MAX];
extern const struct pg_statement statements_recordings[STMT__MAX];
extern const struct pg_statement statements_live[STMT__MAX];

/* clang-format off */

/* Microseconds since 1970 of a timestamptz, or NULL. */
#define US(time) "(extract(epoch FROM " time ") * 1000000)::bigint"

/*
 * What is left of an erased call: `erased.tombstone`.  Without the key NULL, so
 * that no call is taken for erased.
 */
#define TOMBSTONE(sid) \
	"sha256((SELECT key FROM erasure_key) || convert_to(" sid ", 'UTF8'))"

/*
 * A part of WITH that tells open pages of calls: `rows` is another part, which
 * changes or removes calls and gives back at least their line and sid, as
 * "m AS (UPDATE calls ... RETURNING line, sid), " NOTE_CHANGES("m") " SELECT 1".
 */
#define NOTE_CHANGES(rows) \
	"noted AS (INSERT INTO changes (line, call_sid) " \
	" SELECT line, sid FROM " rows ")"

/* clang-format on */

#endif
