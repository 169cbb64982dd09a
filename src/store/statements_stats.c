/* statements: the figures.  Floor: store. */
#include "statements_tables.h"

#include "io/pg.h"
#include "store/statements.h"

#include <stddef.h>

/* clang-format off */

/* Of the answered calls: the whole call less the conversation. */
#define TO_ANSWER \
	"CASE WHEN outcome = 'answered' THEN " \
	" greatest(coalesce(duration_rest_s, duration_callback_s) - talk_s, 0) END"

#define PART(part, a, b, rest) \
	"SELECT " part ", " a ", " b ", sum(n)::bigint FROM counted " rest " "

const struct pg_statement statements_stats[STMT__MAX] = {
	/* The day that it is there; no row: there is no such zone. */
	[STMT_STATS_ZONE] = { "stats_zone", 1,
	"SELECT to_char(now() AT TIME ZONE name, 'YYYY-MM-DD') "
	"FROM pg_timezone_names WHERE name = $1" },

	/*
	 * Days $1 to $2 of the line $3 in the zone $4: enum stats_part, what is
	 * counted, and how many calls, in the order of the three.  Never prepared:
	 * how many days there are decides how they are read, once.
	 */
	[STMT_STATS] = { NULL, 4,
	"WITH seen AS ("
	" SELECT date_trunc('hour', timezone($4, first_seen_at)) AS at, line, "
	"  outcome, reason, CASE WHEN reason <> 'hung_up_in_menu' "
	"   THEN (menu_key).word END AS key, "
	"  reason = 'hung_up_in_menu' OR (menu_key).word IS NOT NULL "
	"   OR (why).word = 'chosen' AS in_menu, " TO_ANSWER " AS to_answer_s, "
	"  CASE WHEN outcome = 'answered' THEN talk_s END AS talk_s, "
	"  CASE WHEN (recording).message AND (length).sid = (recording).sid "
	"   THEN (length).duration_s END AS message_s "
	" FROM calls WHERE first_seen_at >= timezone($4, $1::date::timestamp) "
	"  AND first_seen_at < timezone($4, ($2::date + 1)::timestamp) "
	"  AND ($3::text IS NULL OR line = $3) AND outcome IS NOT NULL), "
	"counted AS MATERIALIZED ("
	" SELECT grouping(at, to_answer_s, talk_s, message_s) AS of, at, line, "
	"  outcome, reason, key, in_menu, to_answer_s, talk_s, message_s, "
	"  count(*) AS n FROM seen "
	" GROUP BY GROUPING SETS ((at, line, outcome, reason, key, in_menu), "
	"  (to_answer_s), (talk_s), (message_s))), "
	"parts(part, a, b, n) AS ("
	  PART("0", "to_char(at, 'YYYY-MM-DD')", "outcome", "WHERE of = 7 GROUP BY 2, 3")
	"UNION ALL "
	  PART("1", "to_char(at, 'HH24')", "outcome", "WHERE of = 7 GROUP BY 2, 3")
	"UNION ALL "
	  PART("2", "to_char(at, 'ID')", "to_char(at, 'HH24')",
	       "WHERE of = 7 GROUP BY 2, 3")
	"UNION ALL "
	  PART("3", "line", "outcome", "WHERE of = 7 GROUP BY 2, 3")
	"UNION ALL "
	  PART("4", "outcome", "reason", "WHERE of = 7 GROUP BY 2, 3")
	"UNION ALL "
	  PART("5", "to_answer_s::text", "NULL",
	       "WHERE of = 11 AND to_answer_s IS NOT NULL GROUP BY 2")
	"UNION ALL "
	  PART("6", "talk_s::text", "NULL",
	       "WHERE of = 13 AND talk_s IS NOT NULL GROUP BY 2")
	"UNION ALL "
	  PART("7", "message_s::text", "NULL",
	       "WHERE of = 14 AND message_s IS NOT NULL GROUP BY 2")
	"UNION ALL "
	  PART("8", "key", "NULL", "WHERE of = 7 AND key IS NOT NULL GROUP BY 2")
	"UNION ALL "
	  PART("9", "NULL", "NULL", "WHERE of = 7 AND in_menu HAVING sum(n) > 0")
	") SELECT part, a, b, n FROM parts "
	"ORDER BY part, CASE WHEN part IN (4, 8) THEN -n END, "
	" CASE WHEN part IN (5, 6, 7) THEN a::bigint END, a COLLATE \"C\", "
	" b COLLATE \"C\"" },
};
