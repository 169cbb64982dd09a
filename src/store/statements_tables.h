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
extern const struct pg_statement statements_marks[STMT__MAX];
extern const struct pg_statement statements_blocks[STMT__MAX];
extern const struct pg_statement statements_live[STMT__MAX];
extern const struct pg_statement statements_feed[STMT__MAX];
extern const struct pg_statement statements_stats[STMT__MAX];
extern const struct pg_statement statements_feed_links[STMT__MAX];
extern const struct pg_statement statements_checkup[STMT__MAX];
extern const struct pg_statement statements_backup[STMT__MAX];

/* clang-format off */

/* Microseconds since 1970 of a timestamptz, or NULL. */
#define US(time) "(extract(epoch FROM " time ") * 1000000)::bigint"

#define TODAY "(now() AT TIME ZONE 'UTC')::date"

/* Notes, once a day, that the token of "t" was used. */
#define TOKEN_USED \
	"used AS (UPDATE api_tokens SET last_used_on = " TODAY " WHERE id = " \
	" (SELECT id FROM t WHERE last_used_on IS DISTINCT FROM " TODAY ")) "
/* Of a row `c`: a call as the API shows it, in the order of enum call_column. */
#define CALL_COLUMNS \
	"c.sid, c.line, c.from_number, c.to_number, c.caller_name, " \
	"c.caller_city, c.caller_region, c.caller_country, c.verstat, " \
	"c.status, c.outcome, c.reason, (c.menu_key).word, (c.forwarded).word, " \
	US("coalesce(c.started_rest, c.started_callback, c.first_received_at)") ", " \
	US("coalesce(c.ended_rest, c.ended_callback)") ", " \
	"coalesce(c.duration_rest_s, c.duration_callback_s), c.talk_s, " \
	"(c.recording).sid, CASE WHEN (c.length).sid = (c.recording).sid " \
	" THEN (c.length).duration_s END, " \
	"recording_status_word((c.recording).status), (c.recording).message, " \
	"c.transcript, " US("c.heard_at") ", c.note, " US("c.done_at") ", " \
	"(SELECT l.sid FROM calls l WHERE l.from_number = c.from_number " \
	" AND l.first_seen_at > c.first_seen_at AND l.outcome = 'answered' " \
	" AND c.outcome <> 'answered' AND caller_is_known(c.from_number) " \
	" ORDER BY l.first_seen_at LIMIT 1), " \
	"coalesce(c.version_url, c.version_entry), " US("c.updated_at") ", " \
	US("c.first_seen_at") ", " US("c.reconciled_at")

/* A number as SQL has it. */
#define DIGITS_OF(n) #n
#define DIGITS(n) DIGITS_OF(n)

/* As the index calls_shelf has it, word by word. */
#define SHELF \
	"call_shelf(c.outcome, (c.recording).message, c.heard_at IS NOT NULL, " \
	" c.done_at IS NOT NULL OR c.settled)"

/* Somebody should get back to the caller. */
#define TO_DO \
	"(c.outcome IN ('missed', 'abandoned') AND c.done_at IS NULL " \
	" AND (caller_is_known(c.from_number) AND EXISTS " ANSWERED_LATER \
	" ) IS NOT TRUE) IS TRUE"
#define ANSWERED_LATER \
	"(SELECT FROM calls l WHERE l.from_number = c.from_number " \
	" AND l.first_seen_at > c.first_seen_at AND l.outcome = 'answered')"

/* The line that is asked for, or each, found by leaps through the key. */
#define LINES_FROM(asked) \
	"RECURSIVE lines(line) AS (" \
	" SELECT coalesce(" asked ", (SELECT line FROM calls ORDER BY line LIMIT 1)) " \
	" UNION ALL SELECT " \
	"  (SELECT c.line FROM calls c WHERE c.line > l.line ORDER BY c.line LIMIT 1) " \
	" FROM lines l WHERE " asked " IS NULL AND l.line IS NOT NULL)"

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
