/* statements: reading one call.  Floor: store. */
#include "statements_tables.h"

#include "io/pg.h"
#include "store/statements.h"

#include <stddef.h>

/* clang-format off */

/* Of two answers at one step, the one whose place counts. */
#define STEPS(call_line, call) \
	"SELECT DISTINCT ON (n) n, kind, step, (place).word, (why).word, " \
	" (menu_key).word, " US("received_at") " FROM events " \
	"WHERE line = " call_line " AND call_sid = " call " " \
	" AND kind IN ('voice', 'menu', 'dial', 'voicemail', 'fallback') " \
	"ORDER BY n, (place).rank DESC NULLS LAST, event_key"

#define LEGS(call_line, call) \
	"SELECT leg_sid, max(leg_phone), max(leg_to), " \
	" (array_agg(leg_status ORDER BY sequence DESC NULLS LAST, leg_status) " \
	"  FILTER (WHERE kind = 'leg'))[1], " \
	" bool_or(accepted), bool_or(bridged), max(leg_duration_s), max(sip_code), " \
	  US("min(occurred_at)") ", " \
	  US("min(occurred_at) FILTER (WHERE leg_status = 'in-progress')") ", " \
	  US("max(occurred_at) FILTER (WHERE leg_status IN " \
	"   ('completed', 'busy', 'failed', 'no-answer', 'canceled'))") ", " \
	" row_number() OVER (ORDER BY min(n), min(occurred_at), leg_sid) AS place " \
	" FROM events " \
	"WHERE line = " call_line " AND call_sid = " call " AND leg_sid IS NOT NULL " \
	"GROUP BY leg_sid ORDER BY place"

/*
 * The same of many calls: $1 their lines, $2 their SIDs.  One by one in the
 * server: a join might read all events there are.  What a row is about, as a
 * place in those lists, is its last column.
 */
#define KEYS \
	"unnest($1::text[], $2::text[]) WITH ORDINALITY AS k(line, sid, at)"
#define OF_EACH(rows, order) \
	"SELECT r.*, k.at FROM " KEYS " CROSS JOIN LATERAL (" rows ") r " \
	"ORDER BY k.at, r." order

const struct pg_statement statements_calls[STMT__MAX] = {
	[STMT_CALL_GET] = { "call_get", 1,
	"SELECT " CALL_COLUMNS " FROM calls c WHERE c.sid = $1 "
	"ORDER BY c.first_seen_at, c.line LIMIT 1" },

	[STMT_CALL_OF_LINE] = { "call_of_line", 2,
	"SELECT " CALL_COLUMNS " FROM calls c WHERE c.line = $1 AND c.sid = $2" },

	[STMT_CALL_STEPS] = { "call_steps", 2, STEPS("$1", "$2") },

	[STMT_CALL_LEGS] = { "call_legs", 2, LEGS("$1", "$2") },

	[STMT_CALLS_OF_KEYS] = { "calls_of_keys", 2,
	"SELECT r.*, k.at FROM " KEYS " CROSS JOIN LATERAL (SELECT " CALL_COLUMNS
	" FROM calls c WHERE c.line = k.line AND c.sid = k.sid LIMIT 1) r "
	"ORDER BY k.at" },

	[STMT_STEPS_OF_KEYS] = { "steps_of_keys", 2,
	OF_EACH(STEPS("k.line", "k.sid"), "n") },

	[STMT_LEGS_OF_KEYS] = { "legs_of_keys", 2,
	OF_EACH(LEGS("k.line", "k.sid"), "place") },

	[STMT_CALL_EVENTS] = { "call_events", 2,
	"SELECT kind, n, " US("received_at") ", uri, "
	" chr(92) || 'x' || encode(body, 'hex'), twiml, leg_sid, "
	" count(*) OVER () FROM events "
	"WHERE line = $1 AND call_sid = $2 "
	"ORDER BY n NULLS LAST, leg_sid NULLS FIRST, sequence NULLS FIRST, "
	" event_key LIMIT 500" },

	/* The newest first. */
	[STMT_CALL_LISTENS] = { "call_listens", 2,
	"SELECT l.who, " US("l.listened_at") " FROM recordings r "
	"JOIN listens l ON l.line = r.line AND l.recording_sid = r.sid "
	"WHERE r.line = $1 AND r.call_sid = $2 "
	"ORDER BY l.listened_at DESC LIMIT 100" },
};
