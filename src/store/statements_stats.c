/* statements: the figures.  Floor: store. */
#include "statements_tables.h"

#include "io/pg.h"
#include "store/statements.h"
#include "store/stats.h"

#include <stddef.h>

/* clang-format off */

/* Of the answered calls: the whole call less the conversation. */
#define TO_ANSWER \
	"CASE WHEN outcome = 'answered' THEN " \
	" greatest(coalesce(duration_rest_s, duration_callback_s) - talk_s, 0) END"

#define PART(part, a, b, rest) \
	"SELECT " part ", " a ", " b ", sum(n)::bigint FROM counted " rest " "
#define SECONDS(part, which) \
	"SELECT " part ", " which "::text, NULL, sum(n)::bigint FROM seen " \
	"WHERE " which " IS NOT NULL GROUP BY " which " "

const struct pg_statement statements_stats[STMT__MAX] = {
	/* Which day it is there; an error when there is no such zone. */
	[STMT_STATS_ZONE] = { "stats_zone", 1,
	"SELECT to_char(now() AT TIME ZONE $1, 'YYYY-MM-DD')" },

	/* The same of any name; it reads the whole database of zones. */
	[STMT_STATS_ZONE_LISTED] = { "stats_zone_listed", 1,
	"SELECT to_char(now() AT TIME ZONE name, 'YYYY-MM-DD') "
	"FROM pg_timezone_names WHERE name = $1" },

	/*
	 * Days $1 to $2 of the line $3 in the zone $4: enum stats_part, what is
	 * counted, and how many calls, in the order of the three.  Day by day, or
	 * the planner reads all calls there are; each call once.
	 */
	[STMT_STATS] = { NULL, 4,
	"WITH seen AS MATERIALIZED ("
	" SELECT d.day, s.* FROM (SELECT $1::date + i AS day "
	"  FROM generate_series(0, $2::date - $1::date) i) d "
	" CROSS JOIN LATERAL (SELECT "
	"   grouping(hour, to_answer_s, talk_s, message_s) AS of, "
	"   hour, line, outcome, reason, key, chosen, "
	"   to_answer_s, talk_s, message_s, count(*) AS n FROM (SELECT "
	"    date_part('hour', timezone($4, first_seen_at))::smallint AS hour, "
	"    line, outcome, reason, (menu_key).word AS key, "
	"    coalesce((why).word = 'chosen', false) AS chosen, "
	"    " TO_ANSWER " AS to_answer_s, "
	"    CASE WHEN outcome = 'answered' THEN talk_s END AS talk_s, "
	"    CASE WHEN (recording).message AND (length).sid = (recording).sid "
	"     THEN (length).duration_s END AS message_s "
	"   FROM calls WHERE first_seen_at >= timezone($4, d.day::timestamp) "
	"    AND first_seen_at < timezone($4, (d.day + 1)::timestamp) "
	"    AND ($3::text IS NULL OR line = $3) AND outcome IS NOT NULL) c "
	"  GROUP BY GROUPING SETS ((hour, line, outcome, reason, key, chosen), "
	"   (to_answer_s), (talk_s), (message_s))) s), "
	"counted AS MATERIALIZED (SELECT day, hour, line, outcome, reason, "
	"  CASE WHEN reason <> 'hung_up_in_menu' THEN key END AS key, "
	"  reason = 'hung_up_in_menu' OR key IS NOT NULL OR chosen AS in_menu, "
	"  n FROM seen WHERE of = 7), "
	"parts(part, a, b, n) AS ("
	  PART("0", "to_char(day, 'YYYY-MM-DD')", "outcome", "GROUP BY day, outcome")
	"UNION ALL " PART("1", "hour::text", "outcome", "GROUP BY 2, 3")
	"UNION ALL " PART("2", "extract(isodow FROM day)::text", "hour::text",
	  "GROUP BY 2, 3")
	"UNION ALL " PART("3", "line", "outcome", "GROUP BY 2, 3")
	"UNION ALL " PART("4", "outcome", "reason", "GROUP BY 2, 3")
	"UNION ALL " SECONDS("5", "to_answer_s")
	"UNION ALL " SECONDS("6", "talk_s")
	"UNION ALL " SECONDS("7", "message_s")
	"UNION ALL " PART("8", "key", "NULL", "WHERE key IS NOT NULL GROUP BY 2")
	"UNION ALL " PART("9", "NULL", "NULL", "WHERE in_menu HAVING sum(n) > 0")
	") SELECT part, a, b, n FROM parts "
	"ORDER BY part, CASE WHEN part IN (4, 8) THEN -n END, "
	" CASE WHEN part IN (1, 5, 6, 7) THEN a::bigint END, a COLLATE \"C\", "
	" CASE WHEN part = 2 THEN b::bigint END, b COLLATE \"C\"" },

	/* Few lines: each is a series of its own to whoever watches. */
	[STMT_STATS_LAST_HOUR] = { "stats_last_hour", 0,
	"WITH recent AS MATERIALIZED (SELECT line, "
	"  coalesce(outcome, 'going_on') AS outcome FROM calls "
	" WHERE first_seen_at > now() - interval '1 hour' "
	" ORDER BY first_seen_at DESC, sid DESC LIMIT 100000), "
	"shown AS (SELECT line FROM recent GROUP BY line "
	" ORDER BY count(*) DESC, line LIMIT " DIGITS(STATS_LINES_MAX) ") "
	"SELECT coalesce(s.line, 'other'), r.outcome, count(*) "
	"FROM recent r LEFT JOIN shown s ON s.line = r.line "
	"GROUP BY 1, 2 ORDER BY 1, 2" },
};
