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
extern const struct pg_statement statements_users[STMT__MAX];
extern const struct pg_statement statements_feeds[STMT__MAX];

/* clang-format off */

/* Microseconds since 1970 of a timestamptz, or NULL. */
#define US(time) "(extract(epoch FROM " time ") * 1000000)::bigint"

#define TODAY "(now() AT TIME ZONE 'UTC')::date"

/* Notes, once a day, that the token of "t" was used. */
#define TOKEN_USED \
	"used AS (UPDATE api_tokens SET last_used_on = " TODAY " WHERE id = " \
	" (SELECT id FROM t WHERE last_used_on IS DISTINCT FROM " TODAY ")) "

/*
 * What is left of an erased call: `erased.tombstone`.  Without the key NULL, so
 * that no call is taken for erased.
 */
#define TOMBSTONE(sid) \
	"sha256((SELECT key FROM erasure_key) || convert_to(" sid ", 'UTF8'))"

/* clang-format on */

#endif
