/* statements: what is missing in the record.  Floor: store. */
#include "statements_tables.h"

#include "io/pg.h"
#include "store/statements.h"

#include <stddef.h>

/* clang-format off */

/* Has nobody been told of it yet, nor asked? */
#define NOT_ASKED(channel) \
	"NOT EXISTS (SELECT FROM jobs j WHERE j.line = c.line " \
	" AND j.call_sid = c.sid AND j.kind = 'reconcile' " \
	" AND j.channel = '" channel "')"

/* The callback or the REST API has said what became of a recording. */
#define SETTLED(recording) \
	"((" recording ").source >= 2 AND (" recording ").status >= 3)"

/* The status callback or the REST API has said how the call ended. */
#define ENDED(call) "(" call ".status_rank >= 120)"

#define WAS_ERASED(sid) \
	"EXISTS (SELECT FROM erased x WHERE x.tombstone = " TOMBSTONE(sid) ")"

const struct pg_statement statements_reconcile[STMT__MAX] = {
	/*
	 * Those that are not over, and since $1 those whose end is known from
	 * an action alone: it tells neither when it was nor how long it took.
	 */
	[STMT_RECONCILE_OPEN_CALLS] = { NULL, 1,
	"INSERT INTO jobs (line, call_sid, kind, channel, due_at) "
	"SELECT c.line, c.sid, 'reconcile', 'call', now() FROM ("
	" SELECT line, sid, first_seen_at FROM calls WHERE outcome IS NULL "
	" UNION SELECT line, sid, first_seen_at FROM calls "
	"  WHERE first_seen_at >= $1 AND outcome IS NOT NULL "
	"   AND NOT " ENDED("calls") ") c "
	"WHERE c.first_seen_at < now() - interval '5 minutes' "
	" AND " NOT_ASKED("call") " ORDER BY c.first_seen_at LIMIT 1000 "
	"ON CONFLICT DO NOTHING" },

	/* Of calls since $1 that came to where a message is left. */
	[STMT_RECONCILE_OPEN_RECORDINGS] = { NULL, 1,
	"INSERT INTO jobs (line, call_sid, kind, channel, due_at) "
	"SELECT c.line, c.sid, 'reconcile', 'recording', now() FROM calls c "
	"WHERE c.first_seen_at >= $1 "
	" AND c.updated_at < now() - interval '2 minutes' "
	" AND CASE WHEN (c.recording).sid IS NULL "
	"  THEN (c.place).word IN ('voicemail', 'recorded') "
	"  ELSE NOT " SETTLED("c.recording") " END "
	" AND " NOT_ASKED("recording") " ORDER BY c.first_seen_at LIMIT 1000 "
	"ON CONFLICT DO NOTHING" },

	/* Of calls since $1, what an older program was told of: it asks for none. */
	[STMT_RECONCILE_OPEN_AUDIO] = { NULL, 1,
	"INSERT INTO jobs (line, call_sid, kind, channel, due_at) "
	"SELECT c.line, c.sid, 'archive', (c.recording).sid, now() FROM calls c "
	"WHERE c.first_seen_at >= $1 "
	" AND (c.recording).status = 5 AND (c.recording).source >= 2 "
	" AND NOT EXISTS (SELECT FROM jobs j WHERE j.line = c.line "
	"  AND j.call_sid = c.sid AND j.kind = 'archive' "
	"  AND j.channel = (c.recording).sid) "
	"ORDER BY c.first_seen_at LIMIT 1000 ON CONFLICT DO NOTHING" },

	/* Once more, if it is over: something is still missing. */
	[STMT_RECONCILE_ASK] = { NULL, 3,
	"INSERT INTO jobs AS j (line, call_sid, kind, channel, due_at) "
	"VALUES ($1, $2, 'reconcile', $3, now()) "
	"ON CONFLICT (line, call_sid, kind, channel) DO UPDATE SET "
	" state = 'due', due_at = now(), created_at = now(), attempts = 0, "
	" leased_until = NULL "
	"WHERE j.state <> 'due' AND j.line <> '' "
	" AND j.finished_at < now() - interval '5 minutes'" },

	/* Its line, its flow's version, and where it came to the voicemail. */
	[STMT_RECONCILE_CALL] = { NULL, 1,
	"SELECT c.line, coalesce(c.version_url, c.version_entry), "
	" (SELECT e.step FROM events e WHERE e.line = c.line "
	"   AND e.call_sid = c.sid AND (e.place).word = 'voicemail' "
	"  ORDER BY e.n DESC LIMIT 1) "
	"FROM calls c WHERE c.sid = $1 ORDER BY c.first_seen_at, c.line LIMIT 1" },

	/*
	 * Those of $1 that are unknown, or over ($2) and here not; $3 is their
	 * line.  None that was erased, under whatever line: that of our URL may be
	 * another than the number that Twilio lists the call by.
	 */
	[STMT_RECONCILE_MISSING_CALLS] = { NULL, 3,
	"SELECT s.sid, coalesce((SELECT min(c.line) FROM calls c "
	"  WHERE c.sid = s.sid), $3), "
	" EXISTS (SELECT FROM calls c WHERE c.sid = s.sid) "
	"FROM unnest($1::text[], $2::boolean[]) s(sid, over) "
	"WHERE NOT EXISTS (SELECT FROM calls c WHERE c.sid = s.sid "
	"  AND (" ENDED("c") " OR NOT s.over)) "
	" AND NOT " WAS_ERASED("s.sid") },

	/* The calls $2 whose recordings $1 nobody has told the fate of. */
	[STMT_RECONCILE_MISSING_RECORDINGS] = { NULL, 2,
	"SELECT DISTINCT s.call_sid, coalesce(c.line, ''), c.sid IS NOT NULL "
	"FROM unnest($1::text[], $2::text[]) s(sid, call_sid) "
	"LEFT JOIN calls c ON c.sid = s.call_sid "
	"WHERE NOT EXISTS (SELECT FROM events e WHERE e.line = c.line "
	"  AND e.call_sid = s.call_sid AND (e.recording).sid = s.sid "
	"  AND " SETTLED("e.recording") ") "
	" AND NOT " WAS_ERASED("s.call_sid") },

	[STMT_RECONCILE_LINES] = { NULL, 0,
	"SELECT DISTINCT line FROM calls "
	"WHERE first_seen_at > now() - interval '2 days' ORDER BY line LIMIT 500" },
};
