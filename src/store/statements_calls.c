/* statements: reading one call.  Floor: store. */
#include "statements_tables.h"

#include "io/pg.h"
#include "store/statements.h"

#include <stddef.h>

/* clang-format off */

const struct pg_statement statements_calls[STMT__MAX] = {
	[STMT_CALL_GET] = { "call_get", 1,
	"SELECT " CALL_COLUMNS " FROM calls c WHERE c.sid = $1 "
	"ORDER BY c.first_seen_at, c.line LIMIT 1" },

	[STMT_CALL_OF_LINE] = { "call_of_line", 2,
	"SELECT " CALL_COLUMNS " FROM calls c WHERE c.line = $1 AND c.sid = $2" },

	/* Of two answers at one step, the one whose place counts. */
	[STMT_CALL_STEPS] = { "call_steps", 2,
	"SELECT DISTINCT ON (n) n, kind, step, (place).word, (why).word, "
	" (menu_key).word, " US("received_at") " FROM events "
	"WHERE line = $1 AND call_sid = $2 "
	" AND kind IN ('voice', 'menu', 'dial', 'voicemail', 'fallback') "
	"ORDER BY n, (place).rank DESC NULLS LAST, event_key" },

	[STMT_CALL_LEGS] = { "call_legs", 2,
	"SELECT leg_sid, max(leg_phone), max(leg_to), "
	" (array_agg(leg_status ORDER BY sequence DESC NULLS LAST, leg_status) "
	"  FILTER (WHERE kind = 'leg'))[1], "
	" bool_or(accepted), bool_or(bridged), max(leg_duration_s), max(sip_code), "
	  US("min(occurred_at)") ", "
	  US("min(occurred_at) FILTER (WHERE leg_status = 'in-progress')") ", "
	  US("max(occurred_at) FILTER (WHERE leg_status IN "
	"   ('completed', 'busy', 'failed', 'no-answer', 'canceled'))")
	" FROM events "
	"WHERE line = $1 AND call_sid = $2 AND leg_sid IS NOT NULL "
	"GROUP BY leg_sid ORDER BY min(n), min(occurred_at), leg_sid" },

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
