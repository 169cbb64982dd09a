/*
 * statements: the feed, its filters and its search.  Floor: store.
 *
 * None of them may read more than a bounded number of rows for a page, whatever
 * is asked for and however rare it is; tests/pg/test_db_plans.c holds them to
 * that.
 */
#include "statements_tables.h"

#include "io/pg.h"
#include "store/statements.h"

#include <stddef.h>

/* clang-format off */

#define NEWEST_FIRST "ORDER BY c.first_seen_at DESC, c.sid DESC "

#define ALL_SHELVES "ARRAY(SELECT generate_series(0, 55)::smallint)"

/*
 * What may be asked for; a NULL parameter asks for nothing.  $1 and $2 are where
 * the page begins: one condition, for of two the scan of an index begins at
 * the one and passes over all up to the other.  $3 is the limit, $6 the shelves,
 * $7 and $8 the last call that is looked at.
 */
#define BEHIND \
	"(c.first_seen_at, c.sid) < " \
	"(coalesce($1::timestamptz, 'infinity'), coalesce($2::text, '')) "
#define SINCE \
	"AND ($7::timestamptz IS NULL " \
	" OR (c.first_seen_at, c.sid) >= ($7, $8::text)) "
#define REST \
	"AND ($5::text IS NULL OR c.status = ANY (string_to_array($5, ','))) " \
	"AND ($9::boolean IS NULL OR (" TO_DO ") = $9) "
#define ON_SHELVES \
	"AND ($4::text IS NULL OR c.line = $4) " \
	"AND ($6::smallint[] IS NULL OR " SHELF " = ANY ($6)) "
#define SOUGHT "(c.from_number LIKE $10::text OR c.caller_name ILIKE $11::text) "

#define LINES LINES_FROM("$4::text")

/*
 * Finds first and sorts then, or the planner walks the whole feed.  Calls that
 * go on are few, and not in the index of letters.  `within` is a condition more
 * of those that are over.
 */
#define FOUND(within) \
	"found AS MATERIALIZED (" \
	" SELECT c.line, c.sid, c.first_seen_at FROM calls c " \
	" WHERE c.outcome IS NOT NULL AND " SOUGHT "AND " BEHIND SINCE \
	  ON_SHELVES "AND c.line = ANY (ARRAY(SELECT line FROM lines)) " \
	  REST within \
	" UNION ALL SELECT c.line, c.sid, c.first_seen_at FROM calls c " \
	" WHERE c.outcome IS NULL AND " SOUGHT "AND " BEHIND SINCE \
	  ON_SHELVES REST ") " \
	PAGE("SELECT k.* FROM (SELECT * FROM found c " NEWEST_FIRST "LIMIT $3) f " \
	"JOIN calls k ON k.line = f.line AND k.sid = f.sid")

/* The columns of a page's rows alone: some of them cost a look-up each. */
#define PAGE(rows) \
	"SELECT " CALL_COLUMNS " FROM (" rows ") c " NEWEST_FIRST

const struct pg_statement statements_feed[STMT__MAX] = {
	/* What is asked for most, with nothing that a plan could depend on. */
	[STMT_CALLS_FIRST] = { "calls_first", 0,
	PAGE("SELECT * FROM calls c " NEWEST_FIRST
	"LIMIT " DIGITS(CALLS_FIRST_ROWS)) },

	[STMT_CALLS_NEWEST] = { "calls_newest", 3,
	PAGE("SELECT * FROM calls c WHERE " BEHIND NEWEST_FIRST "LIMIT $3") },

	/* The last of the next so many calls behind $1 and $2. */
	[STMT_CALLS_WINDOW] = { "calls_window", 2,
	"SELECT " US("c.first_seen_at") ", c.sid FROM calls c WHERE " BEHIND
	NEWEST_FIRST "OFFSET " DIGITS(CALLS_WINDOW_ROWS) " - 1 LIMIT 1" },

	/*
	 * From here: never prepared.  A plan that fits every filter fits none.
	 * This one is for what leaves most of the calls: the order of the feed.
	 */
	[STMT_CALLS_WALKED] = { NULL, 9,
	PAGE("SELECT * FROM calls c WHERE " BEHIND SINCE ON_SHELVES REST
	NEWEST_FIRST "LIMIT $3") },

	/* A page's length of each shelf, and of these a page. */
	[STMT_CALLS_SHELVED] = { NULL, 9,
	"WITH " LINES " "
	PAGE("SELECT c.* FROM lines CROSS JOIN unnest(coalesce("
	" $6::smallint[], " ALL_SHELVES ")) s(shelf) "
	"CROSS JOIN LATERAL (SELECT * FROM calls c "
	" WHERE c.line = lines.line AND " SHELF " = s.shelf AND " BEHIND SINCE REST
	  NEWEST_FIRST "LIMIT $3) c " NEWEST_FIRST "LIMIT $3") },

	/* $12: among the newest of all calls alone. */
	[STMT_CALLS_SOUGHT_NEWEST] = { NULL, 12,
	PAGE("SELECT * FROM (SELECT * FROM calls c WHERE " BEHIND SINCE
	" AND c.first_seen_at >= coalesce(CASE WHEN $12::boolean THEN "
	"  (SELECT first_seen_at FROM calls c " NEWEST_FIRST
	"   OFFSET " DIGITS(CALLS_SOUGHT_ROWS) " - 1 LIMIT 1) END, '-infinity') "
	  NEWEST_FIRST "LIMIT " DIGITS(CALLS_SOUGHT_ROWS) ") c "
	"WHERE " SOUGHT ON_SHELVES REST NEWEST_FIRST "LIMIT $3") },

	/* One by one, all that $7 and $8 leave: nothing is to be found first. */
	[STMT_CALLS_SOUGHT_WITHIN] = { NULL, 11,
	PAGE("SELECT * FROM (SELECT * FROM calls c WHERE " BEHIND SINCE
	NEWEST_FIRST "OFFSET 0) c "
	"WHERE " SOUGHT ON_SHELVES REST NEWEST_FIRST "LIMIT $3") },

	/*
	 * How far back: a hundred times as far as 2,000 calls go, for to count
	 * more of them would take as long as the search.
	 */
	[STMT_CALLS_SOUGHT_LATELY] = { NULL, 11,
	"WITH " LINES ", "
	"lately AS (SELECT max(first_seen_at) - " DIGITS(CALLS_LATELY_TIMES)
	 " * (max(first_seen_at) - min(first_seen_at)) AS since_at "
	 "FROM (SELECT first_seen_at FROM calls c WHERE " BEHIND NEWEST_FIRST
	 "LIMIT " DIGITS(CALLS_LATELY_ROWS) ") c), "
	FOUND("AND c.first_seen_at >= (SELECT since_at FROM lately) "
	"AND c.first_seen_at <= coalesce($1::timestamptz, 'infinity') ") },

	[STMT_CALLS_SOUGHT] = { NULL, 11, "WITH " LINES ", " FOUND("") },

	/*
	 * Shelves of the missed and the abandoned, not closed.  The verdict of the
	 * later call is old enough to be the last.  It waits for nobody, and holds
	 * that call: who is erasing it now takes back what was noted, or is seen.
	 */
	[STMT_CALLS_SETTLE] = { NULL, 0,
	"WITH " LINES_FROM("NULL") ", page AS MATERIALIZED (SELECT f.line, f.sid "
	" FROM lines CROSS JOIN unnest('{24,26,32,34}'::smallint[]) s(shelf) "
	" CROSS JOIN LATERAL (SELECT c.line, c.sid FROM calls c "
	"  WHERE c.line = lines.line AND " SHELF " = s.shelf "
	"   AND caller_is_known(c.from_number) AND (SELECT true FROM calls l "
	"    WHERE l.from_number = c.from_number AND l.outcome = 'answered' "
	"     AND l.first_seen_at > c.first_seen_at "
	"     AND l.first_seen_at < now() - interval '1 hour' LIMIT 1 "
	"    FOR KEY SHARE SKIP LOCKED) "
	   NEWEST_FIRST "LIMIT 1000 FOR UPDATE SKIP LOCKED) f LIMIT 2000) "
	"UPDATE calls c SET settled = true FROM page p "
	"WHERE c.line = p.line AND c.sid = p.sid" },
};
