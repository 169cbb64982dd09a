/* statements: the inbox of events and their merge into calls.  Floor: store. */
#include "statements_tables.h"

#include "io/pg.h"
#include "store/statements.h"

#include <stddef.h>

/* clang-format off */

/*
 * The facts that events and calls have in common, in the columns' order: V for
 * a value, F for a flag, C for a composite value.  A call's fact is the
 * greatest of its events'; migrations/0001_calls.sql says why.
 */
#define FACTS(V, F, C) \
	V(version_entry) V(version_url) V(status_rank) \
	V(duration_callback_s) V(duration_rest_s) \
	V(started_callback) V(started_rest) V(ended_callback) V(ended_rest) \
	V(from_number) V(to_number) V(caller_name) V(caller_city) \
	V(caller_region) V(caller_country) V(verstat) \
	C(place) C(why) C(menu_key) C(forwarded) \
	F(bridged) F(accepted) V(talk_s) \
	C(recording) C(length) V(transcript) V(error_code) \
	V(reconciled_at)

#define NAME(fact) ", " #fact
#define GREATER(fact) ", " #fact " = GREATEST(c." #fact ", EXCLUDED." #fact ")"
#define REPLACED(fact) ", " #fact " = EXCLUDED." #fact
#define MAX(fact) ", max(" #fact ")"
#define ANY(fact) ", bool_or(" #fact ")"
#define FIRST(fact) ", (array_agg(" #fact " ORDER BY " #fact " DESC NULLS LAST))[1]"

#define FACT_NAMES FACTS(NAME, NAME, NAME)
#define GREATER_FACTS FACTS(GREATER, GREATER, GREATER)
#define REPLACED_FACTS FACTS(REPLACED, REPLACED, REPLACED)
#define AGGREGATED_FACTS FACTS(MAX, ANY, FIRST)

/* A step_word of three columns: NULL unless there is a word. */
#define WORD(n, rank, word) \
	"CASE WHEN " word " IS NOT NULL THEN " \
	"ROW(" n ", " rank ", " word ")::step_word END"

const struct pg_statement statements_events[STMT__MAX] = {
	/*
	 * A batch of one line's events, no two of one call: an array for each
	 * column, in the order of enum row_field.  Each event looks for its own
	 * tombstone in the index: as a join all of the line's would be read.
	 */
	[STMT_EVENTS_ADD] = { "events_add", 52,
	"WITH t AS (SELECT t.* FROM unnest("
	"  $2::text[], $3::bytea[], $4::text[], $5::timestamptz[], "
	"  $6::text[], $7::bytea[], $8::text[], $9::text[], $10::text[], "
	"  $11::text[], $12::text[], $13::integer[], $14::integer[], "
	"  $15::integer[], $16::timestamptz[], $17::integer[], $18::text[], "
	"  $19::integer[], $20::integer[], $21::smallint[], $22::integer[], "
	"  $23::integer[], $24::timestamptz[], $25::timestamptz[], "
	"  $26::timestamptz[], $27::timestamptz[], $28::text[], $29::text[], "
	"  $30::text[], $31::text[], $32::text[], $33::text[], $34::text[], "
	"  $35::bigint[], $36::text[], $37::text[], $38::text[], "
	"  $39::integer[], $40::bigint[], $41::text[], $42::boolean[], "
	"  $43::boolean[], $44::integer[], $45::text[], $46::smallint[], "
	"  $47::smallint[], $48::boolean[], $49::integer[], $50::text[], "
	"  $51::integer[], $52::timestamptz[]"
	" ) AS t("
	"  call_sid, event_key, kind, received_at, uri, body, twiml, "
	"  leg_sid, leg_phone, leg_to, leg_status, leg_duration_s, sequence, "
	"  sip_code, occurred_at, n, step, version_entry, version_url, "
	"  status_rank, duration_callback_s, duration_rest_s, "
	"  started_callback, started_rest, ended_callback, ended_rest, "
	"  from_number, to_number, caller_name, caller_city, caller_region, "
	"  caller_country, verstat, course_rank, place, why, menu_key, "
	"  forwarded_n, forwarded_rank, forwarded_to, bridged, accepted, "
	"  talk_s, recording_sid, recording_source, recording_status, "
	"  recording_message, length_s, transcript, error_code, reconciled_at"
	" ) WHERE (SELECT x.tombstone FROM erased x WHERE x.line = $1 "
	"  AND x.tombstone = " TOMBSTONE("t.call_sid") ") IS NULL), "
	"e AS ("
	" INSERT INTO events (line, call_sid, event_key, kind, received_at, uri, "
	"  body, twiml, leg_sid, leg_phone, leg_to, leg_status, leg_duration_s, "
	"  sequence, sip_code, occurred_at, n, step" FACT_NAMES ") "
	" SELECT $1, call_sid, event_key, kind, received_at, uri, "
	"  body, twiml, leg_sid, leg_phone, leg_to, leg_status, leg_duration_s, "
	"  sequence, sip_code, occurred_at, n, step, "
	"  version_entry, version_url, status_rank, duration_callback_s, "
	"  duration_rest_s, started_callback, started_rest, ended_callback, "
	"  ended_rest, from_number, to_number, caller_name, caller_city, "
	"  caller_region, caller_country, verstat, "
	   WORD("n", "course_rank", "place") ", "
	   WORD("n", "course_rank", "why") ", "
	   WORD("n", "course_rank", "menu_key") ", "
	   WORD("forwarded_n", "forwarded_rank", "forwarded_to") ", "
	"  bridged, accepted, talk_s, "
	"  CASE WHEN recording_sid IS NOT NULL THEN ROW(recording_sid, "
	"   recording_source, recording_status, recording_message)::recording_fact "
	"  END, "
	"  CASE WHEN recording_sid IS NOT NULL AND length_s IS NOT NULL THEN "
	"   ROW(recording_sid, recording_source, length_s)::recording_length END, "
	"  transcript, error_code, reconciled_at FROM t "
	" ON CONFLICT DO NOTHING RETURNING *), "
	"m AS ("
	" INSERT INTO calls AS c "
	"  (line, sid, first_seen_at, first_received_at, updated_at" FACT_NAMES ") "
	" SELECT line, call_sid, received_at, received_at, received_at" FACT_NAMES
	" FROM e "
	" ON CONFLICT (line, sid) DO UPDATE SET "
	"  first_received_at = LEAST(c.first_received_at, EXCLUDED.first_received_at), "
	"  updated_at = GREATEST(c.updated_at, EXCLUDED.updated_at)" GREATER_FACTS
	" RETURNING line, sid, outcome, recording, updated_at, ended_rest, "
	"  ended_callback, reconciled_at), "
	NOTE_CHANGES("m") ", "
	"a AS ("
	" INSERT INTO jobs (line, call_sid, kind, channel, due_at) "
	" SELECT line, call_sid, 'archive', (recording).sid, received_at FROM e "
	" WHERE (recording).status = 5 AND (recording).source >= 2 "
	" ON CONFLICT DO NOTHING) "
	"INSERT INTO jobs AS j (line, call_sid, kind, channel, due_at) "
	"SELECT line, sid, 'notify', channel, "
	" call_notice_due(outcome, recording, updated_at, "
	"  coalesce(ended_rest, ended_callback), reconciled_at) "
	"FROM m CROSS JOIN (VALUES ('email'), ('webhook')) n(channel) "
	"WHERE outcome IN ('voicemail', 'missed') "
	"ON CONFLICT (line, call_sid, kind, channel) DO UPDATE "
	" SET due_at = EXCLUDED.due_at "
	" WHERE j.attempts = 0 AND EXCLUDED.due_at < j.due_at" },

	/* $7 and $8: its line and call, where it names them. */
	[STMT_EVENT_ASIDE] = { "event_aside", 8,
	"INSERT INTO events_aside (event_key, received_at, kind, uri, body, why) "
	"SELECT $1::bytea, $2::timestamptz, $3::text, $4::text, $5::bytea, "
	" $6::text "
	"WHERE NOT EXISTS (SELECT FROM erased x "
	" WHERE x.line = $7 AND x.tombstone = " TOMBSTONE("$8") ") "
	"ON CONFLICT DO NOTHING" },

	/* The calls behind ($1, $2), in the key's order. */
	[STMT_CALLS_KEYS] = { "calls_keys", 2,
	"SELECT DISTINCT line, call_sid FROM events "
	"WHERE (line, call_sid) > ($1, $2) ORDER BY line, call_sid LIMIT 500" },

	[STMT_CALL_LOCK] = { "call_lock", 2,
	"SELECT 1 FROM calls WHERE line = $1 AND sid = $2 FOR UPDATE" },

	/*
	 * first_seen_at is kept where the row is there: it never changes.  What
	 * some events are gone of would become poorer.  Who was answered later may
	 * be another one now: the background work finds out anew.  Open pages are
	 * told of what is not as it was.
	 */
	[STMT_CALL_REBUILD] = { "call_rebuild", 2,
	"WITH m AS (INSERT INTO calls AS c "
	" (line, sid, first_seen_at, first_received_at, updated_at" FACT_NAMES ") "
	"SELECT line, call_sid, (array_agg(received_at ORDER BY id))[1], "
	" min(received_at), max(received_at)" AGGREGATED_FACTS
	" FROM events WHERE line = $1 AND call_sid = $2 "
	"  AND NOT EXISTS (SELECT FROM calls k WHERE k.line = $1 AND k.sid = $2 "
	"   AND k.events_removed_at IS NOT NULL) "
	" GROUP BY line, call_sid "
	"ON CONFLICT (line, sid) DO UPDATE SET settled = false, "
	" first_received_at = EXCLUDED.first_received_at, "
	" updated_at = GREATEST(c.updated_at, EXCLUDED.updated_at)" REPLACED_FACTS
	" RETURNING *), "
	"d AS (SELECT line, sid FROM m WHERE to_jsonb(m) - 'settled' "
	"  IS DISTINCT FROM (SELECT to_jsonb(o) - 'settled' FROM calls o "
	"   WHERE o.line = $1 AND o.sid = $2)), "
	NOTE_CHANGES("d") " SELECT line, sid FROM d" },
};
