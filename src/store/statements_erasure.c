/* statements: erasing calls, and what is kept for a time.  Floor: store. */
#include "statements_tables.h"

#include "io/pg.h"
#include "store/statements.h"

#include <stddef.h>

/* clang-format off */

/*
 * Does the number stand in a text?  $1 is its digits, and neither more nor
 * fewer of them; "+" and a blank may be written as %2B and %20.
 */
#define HAS_NUMBER(text) \
	text " ~ ('(^|[^0-9]|%2[0bB])' || $1 || '([^0-9]|$)')"

/* Is it the caller's, in a form body or a query?  Also in a SIP address. */
#define IS_CALLER(text) \
	text " ~ ('(^|[?&])(From|Caller|caller)=([^&]*([^0-9&]|%2[0bB]))?' " \
	" || $1 || '([^0-9&][^&]*)?(&|$)')"

#define AS_TEXT(bytes) "encode(" bytes ", 'escape')"

#define OF_CALL "line = $1 AND call_sid = $2"

/*
 * Where the audio lies must be known when its row is gone: the channel of the
 * job that removes it is RecordingSid@bucket then.
 */
#define AT_BUCKET(sid) \
	"CASE WHEN EXISTS (SELECT FROM recordings r WHERE r.line = $1 " \
	" AND r.sid = " sid " AND r.place = 'bucket' AND r.removed_at IS NULL) " \
	"THEN '@bucket' ELSE '' END"
#define SID_OF_CHANNEL "split_part(channel, '@', 1)"

/* The SIDs that belong to a call: while it is being erased its jobs name them. */
#define SIDS_OF_CALL \
	"(SELECT $2 UNION SELECT " SID_OF_CHANNEL " FROM jobs WHERE " OF_CALL \
	" AND kind = 'erase' AND channel <> '') s(sid)"

/*
 * When the call answered somebody: who that was, and what of them was taken off
 * the list of what is to do for it.  It may be another call that answers them:
 * the background work finds out anew.
 */
#define ANSWERED(rows) \
	"SELECT from_number, first_seen_at FROM " rows " " \
	"WHERE outcome = 'answered' AND caller_is_known(from_number)"
#define SETTLED_BY(answered) \
	"s.settled AND s.outcome IS NOT NULL " \
	"AND s.from_number = (SELECT from_number FROM " answered ") " \
	"AND s.first_seen_at < (SELECT first_seen_at FROM " answered ")"

const struct pg_statement statements_erasure[STMT__MAX] = {
	[STMT_ERASURE_LINES] = { NULL, 1,
	"SELECT line, sid, false, " US("first_seen_at") ", outcome "
	"FROM calls WHERE sid = $1" },

	/* strpos() first: it is cheap, and true for few. */
	[STMT_ERASURE_FIND] = { NULL, 1,
	"WITH e AS (SELECT line, call_sid, from_number, uri, "
	"  " AS_TEXT("body") " AS body, twiml, leg_to, transcript FROM events "
	" WHERE position(convert_to($1, 'UTF8') IN body) > 0 "
	"  OR strpos(concat_ws(' ', uri, from_number, leg_to, transcript, twiml), "
	"   $1) > 0) "
	"SELECT line, sid, t.theirs, " US("c.first_seen_at") ", c.outcome FROM ("
	" SELECT line, sid, bool_or(theirs) AS theirs FROM ("
	" SELECT line, call_sid AS sid, "
	"  coalesce(" HAS_NUMBER("from_number") ", false) "
	"   OR " IS_CALLER("uri") " OR " IS_CALLER("body") " AS theirs "
	" FROM e WHERE " HAS_NUMBER("concat_ws(' ', uri, body, from_number, "
	"  leg_to, transcript, twiml)")
	" UNION ALL "
	" SELECT line, sid, coalesce(" HAS_NUMBER("from_number") ", false) "
	" FROM calls WHERE " HAS_NUMBER("concat_ws(' ', from_number, "
	"  caller_name, transcript, note)")
	" ) f GROUP BY line, sid) t LEFT JOIN calls c USING (line, sid) "
	"ORDER BY c.first_seen_at, line, sid" },

	[STMT_ERASURE_FLOW] = { NULL, 1,
	"SELECT max(version) FROM flows WHERE " HAS_NUMBER("document") },

	/* In the order in which events_add locks calls. */
	[STMT_ERASURE_LOCK] = { "erasure_lock", 2,
	"WITH a AS MATERIALIZED (" ANSWERED("calls") " AND line = $1 AND sid = $2) "
	"SELECT 1 FROM (SELECT $1::text AS line, $2::text AS sid UNION "
	"  SELECT s.line, s.sid FROM calls s WHERE " SETTLED_BY("a") ") k "
	"JOIN calls c ON c.line = k.line AND c.sid = k.sid "
	"ORDER BY c.line COLLATE \"C\", c.sid COLLATE \"C\" FOR UPDATE OF c" },

	/* With a new key where somebody has emptied the table. */
	[STMT_ERASURE_STONE] = { NULL, 2,
	"WITH k AS (INSERT INTO erasure_key (one) SELECT true "
	"  WHERE NOT EXISTS (SELECT FROM erasure_key) RETURNING key) "
	"INSERT INTO erased (line, tombstone) "
	"SELECT $1, sha256(key || convert_to($2, 'UTF8')) "
	"FROM (SELECT key FROM k UNION ALL SELECT key FROM erasure_key) a "
	"ON CONFLICT DO NOTHING" },

	/*
	 * $3: in how many seconds, and not while somebody works on the call: what
	 * an archive job had begun to write is there only when it is over.
	 */
	[STMT_ERASURE_ASK] = { NULL, 3,
	"INSERT INTO jobs (line, call_sid, kind, channel, due_at) "
	"SELECT $1, $2, 'erase', channel || " AT_BUCKET("channel") ", GREATEST("
	" now() + make_interval(secs => $3), "
	" (SELECT max(leased_until) FROM jobs WHERE " OF_CALL
	"   AND kind <> 'erase')) "
	"FROM (SELECT '' "
	" UNION SELECT leg_sid FROM events WHERE " OF_CALL
	"  AND leg_sid <> call_sid "
	" UNION SELECT (recording).sid FROM events WHERE " OF_CALL
	" UNION SELECT (recording).sid FROM calls WHERE line = $1 AND sid = $2 "
	" UNION SELECT sid FROM recordings WHERE " OF_CALL
	" UNION SELECT channel FROM jobs WHERE " OF_CALL
	"  AND kind = 'archive') c(channel) WHERE channel IS NOT NULL "
	"ON CONFLICT DO NOTHING" },

	/* The rows of a call but what was set aside, which is seldom anything. */
	[STMT_ERASURE_ROWS] = { NULL, 2,
	"WITH r AS (DELETE FROM recordings WHERE " OF_CALL " RETURNING 1), "
	"l AS (DELETE FROM listens WHERE line = $1 AND recording_sid IN "
	"  (SELECT sid FROM recordings WHERE " OF_CALL
	"   UNION SELECT sid FROM " SIDS_OF_CALL ") RETURNING 1), "
	"e AS (DELETE FROM events WHERE " OF_CALL " RETURNING 1), "
	"j AS (DELETE FROM jobs WHERE " OF_CALL " AND kind <> 'erase' RETURNING 1), "
	"c AS (DELETE FROM calls WHERE line = $1 AND sid = $2 RETURNING *), "
	"a AS MATERIALIZED (" ANSWERED("c") "), "
	"u AS (UPDATE calls s SET settled = false WHERE " SETTLED_BY("a")
	"  RETURNING line, sid), "
	"t AS (SELECT line, sid FROM c UNION ALL SELECT line, sid FROM u), "
	NOTE_CHANGES("t") " "
	"SELECT (SELECT count(*) FROM c), (SELECT count(*) FROM e), "
	" (SELECT count(*) FROM r), (SELECT count(*) FROM l), "
	" (SELECT count(*) FROM j)" },

	[STMT_ERASURE_ASIDE_OF_CALL] = { NULL, 2,
	"DELETE FROM events_aside WHERE EXISTS (SELECT FROM " SIDS_OF_CALL
	" WHERE strpos(uri, s.sid) > 0 "
	"  OR position(convert_to(s.sid, 'UTF8') IN body) > 0)" },

	[STMT_ERASURE_ASIDE] = { NULL, 1,
	"DELETE FROM events_aside WHERE " HAS_NUMBER("uri")
	" OR " HAS_NUMBER(AS_TEXT("body")) },

	[STMT_ERASURE_ASIDE_COUNT] = { NULL, 1,
	"SELECT count(*) FROM events_aside WHERE " HAS_NUMBER("uri")
	" OR " HAS_NUMBER(AS_TEXT("body")) },

	[STMT_ERASURE_COUNT] = { NULL, 2,
	"SELECT (SELECT count(*) FROM calls WHERE line = $1 AND sid = $2), "
	" (SELECT count(*) FROM events WHERE " OF_CALL "), "
	" (SELECT count(*) FROM recordings WHERE " OF_CALL "), "
	" (SELECT count(*) FROM listens WHERE line = $1 AND recording_sid IN "
	"  (SELECT sid FROM recordings WHERE " OF_CALL ")), "
	" (SELECT count(*) FROM jobs WHERE " OF_CALL " AND kind <> 'erase')" },

	[STMT_ERASURE_RECORDINGS] = { NULL, 2,
	"SELECT DISTINCT " SID_OF_CHANNEL " FROM jobs WHERE " OF_CALL
	" AND kind = 'erase' AND channel LIKE 'RE%' ORDER BY 1" },

	[STMT_ERASURE_RECORDING] = { NULL, 2,
	"WITH l AS (DELETE FROM listens WHERE line = $1 AND recording_sid = $2) "
	"DELETE FROM recordings WHERE line = $1 AND sid = $2" },

	[STMT_ERASURE_FORGET_JOB] = { NULL, 3,
	"DELETE FROM jobs WHERE " OF_CALL " AND kind = 'erase' AND channel = $3" },

	/* Who may not is warned, and what it may not is left out. */
	[STMT_ERASURE_VACUUM] = { NULL, 0,
	"VACUUM calls, events, events_aside, recordings, listens, jobs, blocks" },
};
