/* statements: what is kept for a time.  Floor: store. */
#include "statements_tables.h"

#include "io/pg.h"
#include "store/statements.h"

#include <stddef.h>

/* clang-format off */

#define DAYS_AGO "now() - make_interval(days => $1)"

#define IS_RETENTION \
	"line = '' AND call_sid = '' AND kind = 'retention' AND channel = ''"

const struct pg_statement statements_retention[STMT__MAX] = {
	[STMT_RETENTION_CALLS] = { NULL, 1,
	"SELECT line, sid, false FROM calls WHERE first_seen_at < " DAYS_AGO
	" ORDER BY first_seen_at, sid LIMIT 50" },

	[STMT_RETENTION_RECORDINGS] = { NULL, 2,
	"SELECT sid, place = 'bucket' FROM recordings WHERE line = $1 AND call_sid = $2 "
	"AND removed_at IS NULL" },

	/* One whose call is gone goes by its own age. */
	[STMT_RETENTION_AUDIO] = { NULL, 1,
	"SELECT r.line, r.sid, r.place = 'bucket' FROM recordings r LEFT JOIN calls c "
	" ON c.line = r.line AND c.sid = r.call_sid "
	"WHERE r.removed_at IS NULL "
	" AND coalesce(c.first_seen_at, r.archived_at) < " DAYS_AGO
	" ORDER BY r.archived_at LIMIT 50" },

	[STMT_RETENTION_AUDIO_REMOVED] = { NULL, 2,
	"UPDATE recordings SET removed_at = now() "
	"WHERE line = $1 AND sid = $2 AND removed_at IS NULL" },

	/*
	 * Behind ($2, $3).  A call that an event is being merged into is passed
	 * over, so that neither waits: the next pass has it.
	 */
	[STMT_RETENTION_EVENTS] = { NULL, 3,
	"WITH page AS MATERIALIZED (SELECT line, sid, first_seen_at FROM calls "
	" WHERE first_seen_at < " DAYS_AGO " AND (first_seen_at, sid) > "
	"  (coalesce($2::timestamptz, '-infinity'), $3) "
	" ORDER BY first_seen_at, sid LIMIT 1000), "
	"held AS MATERIALIZED (SELECT c.line, c.sid FROM calls c JOIN page p "
	"  ON p.line = c.line AND p.sid = c.sid "
	" WHERE EXISTS (SELECT FROM events e "
	"  WHERE e.line = p.line AND e.call_sid = p.sid) "
	" FOR UPDATE OF c SKIP LOCKED), "
	"marked AS (UPDATE calls c SET events_removed_at = now() FROM held h "
	" WHERE c.line = h.line AND c.sid = h.sid "
	"  AND c.events_removed_at IS NULL), "
	"gone AS (DELETE FROM events e USING held h "
	" WHERE e.line = h.line AND e.call_sid = h.sid RETURNING 1) "
	"SELECT " US("first_seen_at") ", sid, (SELECT count(*) FROM gone) "
	"FROM page ORDER BY first_seen_at DESC, sid DESC LIMIT 1" },

	/* It outlives a turn: else each would look at all old calls once more. */
	[STMT_RETENTION_RESUME] = { NULL, 0,
	"SELECT split_part(progress, ' ', 1)::bigint, "
	" split_part(progress, ' ', 2) "
	"FROM jobs WHERE " IS_RETENTION " AND progress IS NOT NULL" },

	[STMT_RETENTION_PAUSE] = { NULL, 2,
	"UPDATE jobs SET progress = $1::bigint || ' ' || $2 "
	"WHERE " IS_RETENTION },

	[STMT_RETENTION_ASIDE] = { NULL, 1,
	"DELETE FROM events_aside WHERE event_key IN "
	" (SELECT event_key FROM events_aside "
	"  WHERE received_at < " DAYS_AGO " LIMIT 500)" },

	[STMT_RETENTION_JOBS] = { NULL, 1,
	"DELETE FROM jobs WHERE (line, call_sid, kind, channel) IN "
	" (SELECT line, call_sid, kind, channel FROM jobs j "
	"  WHERE state = 'done' AND finished_at < " DAYS_AGO
	"   AND NOT EXISTS (SELECT FROM calls c "
	"    WHERE c.line = j.line AND c.sid = j.call_sid) LIMIT 500)" },
};
