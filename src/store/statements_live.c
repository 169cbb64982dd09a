/* statements: what open pages are told of.  Floor: store. */
#include "statements_tables.h"

#include "io/pg.h"
#include "store/live.h"
#include "store/statements.h"

#include <stddef.h>

/* clang-format off */

#define LATEST "ORDER BY xid DESC LIMIT " DIGITS(LIVE_LOOK_ROWS)

/* At most so many are counted, of so many of the newest that may be some. */
#define COUNTED DIGITS(LIVE_COUNT_MAX)
#define CANDIDATES "1000"

/* The newest calls of each of these shelves. */
#define ON_EACH(shelves, most) \
	"lines CROSS JOIN unnest('{" shelves "}'::smallint[]) s(shelf) " \
	"CROSS JOIN LATERAL (SELECT * FROM calls c " \
	" WHERE c.line = lines.line AND " SHELF " = s.shelf " \
	" ORDER BY c.first_seen_at DESC, c.sid DESC LIMIT " most ") c "

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

	/* From the shelves that they can stand on, line by line. */
	[STMT_LIVE_COUNTS] = { "live_counts", 0,
	"WITH " LINES_FROM("NULL::text") " "
	"SELECT (SELECT count(*) FROM (SELECT 1 FROM "
	  ON_EACH("4,5,12,13,20,21,28,29,36,37,44,45,52,53", COUNTED)
	"  LIMIT " COUNTED ") u), "
	" (SELECT count(*) FROM (SELECT 1 FROM "
	  ON_EACH("24,26,28,30,32,34,36,38", CANDIDATES)
	"  WHERE " TO_DO " LIMIT " COUNTED ") d)" },

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
