/* statements: what open pages are told of.  Floor: store. */
#include "statements_tables.h"

#include "io/pg.h"
#include "store/live.h"
#include "store/statements.h"

#include <stddef.h>

/* clang-format off */

#define DIGITS_OF(n) #n
#define DIGITS(n) DIGITS_OF(n)

#define LATEST "ORDER BY xid DESC LIMIT " DIGITS(LIVE_LOOK_ROWS)

/* At most so many are counted, of so many of the newest that may be some. */
#define COUNTED DIGITS(LIVE_COUNT_MAX)
#define CANDIDATES "1000"

const struct pg_statement statements_live[STMT__MAX] = {
	/*
	 * $1: the snapshot of the look before, NULL at the first.  What became
	 * visible since then are the transactions that were not begun at that
	 * time, and those that were under way, however late they commit.  Rows
	 * of a transaction to come are another cluster's, out of a backup.
	 */
	[STMT_LIVE_LOOK] = { "live_look", 1,
	"SELECT pg_current_snapshot()::text, c.line, c.call_sid "
	"FROM (VALUES (1)) always LEFT JOIN ("
	" (SELECT line, call_sid, xid FROM changes "
	"  WHERE xid >= pg_snapshot_xmax($1::pg_snapshot) "
	"   AND xid < pg_snapshot_xmax(pg_current_snapshot()) " LATEST ") "
	" UNION ALL "
	" (SELECT line, call_sid, xid FROM changes "
	"  WHERE xid = ANY (ARRAY(SELECT pg_snapshot_xip($1::pg_snapshot))) "
	   LATEST ")) c ON true ORDER BY c.xid DESC" },

	[STMT_LIVE_COUNTS] = { "live_counts", 0,
	"SELECT (SELECT count(*) FROM (SELECT 1 FROM calls "
	"  WHERE (recording).message AND heard_at IS NULL LIMIT " COUNTED ") u), "
	" (SELECT count(*) FROM (SELECT 1 FROM ("
	"   SELECT from_number, first_seen_at FROM calls "
	"   WHERE outcome IN ('missed', 'abandoned') AND done_at IS NULL "
	"   ORDER BY first_seen_at DESC LIMIT " CANDIDATES ") c "
	"  WHERE NOT caller_is_known(from_number) OR NOT EXISTS ("
	"   SELECT FROM calls l WHERE l.from_number = c.from_number "
	"    AND l.first_seen_at > c.first_seen_at AND l.outcome = 'answered') "
	"  LIMIT " COUNTED ") d)" },

	/*
	 * $1: a snapshot of some time ago.  What it saw everybody has seen; and
	 * what is out of a backup no snapshot of ours may ever see.
	 */
	[STMT_LIVE_PRUNE] = { "live_prune", 1,
	"DELETE FROM changes WHERE ctid = ANY (ARRAY(SELECT ctid FROM changes "
	" WHERE pg_visible_in_snapshot(xid, $1::pg_snapshot) "
	"  OR at NOT BETWEEN now() - interval '1 hour' AND now() + interval '1 hour' "
	" LIMIT " DIGITS(LIVE_PRUNE_ROWS) "))" },
};
