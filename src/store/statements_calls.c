/* statements: reading the calls.  Floor: store. */
#include "statements_tables.h"

#include "io/pg.h"
#include "store/statements.h"

#include <stddef.h>

/* clang-format off */

/* A number as SQL has it. */
#define DIGITS_OF(n) #n
#define DIGITS(n) DIGITS_OF(n)

/* What GET /api/calls may ask for; a NULL parameter asks for nothing. */
#define CALL_FILTERS \
	"(c.first_seen_at, c.sid) < " \
	"(coalesce($1::timestamptz, 'infinity'), coalesce($2::text, '')) " \
	"AND ($4::text IS NULL OR c.line = $4) " \
	"AND ($5::text IS NULL OR c.status = ANY (string_to_array($5, ','))) " \
	"AND ($6::text IS NULL OR c.outcome = ANY (string_to_array($6, ','))) " \
	"AND ($7::timestamptz IS NULL OR c.first_seen_at >= $7) " \
	"AND ($8::timestamptz IS NULL OR c.first_seen_at < $8) " \
	"AND ($9::boolean IS NULL OR coalesce((c.recording).message, false) = $9) " \
	"AND ($10::boolean IS NULL OR (c.heard_at IS NOT NULL) = $10) " \
	"ORDER BY c.first_seen_at DESC, c.sid DESC LIMIT $3"

/* The columns of a page's rows alone: some of them cost a look-up each. */
#define PAGE(rows) \
	"SELECT " CALL_COLUMNS " FROM (" rows ") c " \
	"ORDER BY c.first_seen_at DESC, c.sid DESC"

const struct pg_statement statements_calls[STMT__MAX] = {
	/* What is asked for most, with nothing that a plan could depend on. */
	[STMT_CALLS_FIRST] = { "calls_first", 0,
	PAGE("SELECT * FROM calls c "
	"ORDER BY c.first_seen_at DESC, c.sid DESC LIMIT " DIGITS(CALLS_FIRST_ROWS)) },

	[STMT_CALLS_NEWEST] = { "calls_newest", 3,
	PAGE("SELECT * FROM calls c WHERE (c.first_seen_at, c.sid) < "
	"(coalesce($1::timestamptz, 'infinity'), coalesce($2::text, '')) "
	"ORDER BY c.first_seen_at DESC, c.sid DESC LIMIT $3") },

	/* Never prepared: a plan that fits every filter fits none. */
	[STMT_CALLS_FILTERED] = { NULL, 10,
	PAGE("SELECT * FROM calls c WHERE " CALL_FILTERS) },

	/* Finds first and sorts then, or the planner walks the whole feed. */
	[STMT_CALLS_SEARCH] = { NULL, 12,
	"WITH found AS MATERIALIZED (SELECT * FROM calls "
	" WHERE from_number LIKE $11 OR caller_name ILIKE $12) "
	PAGE("SELECT * FROM found c WHERE " CALL_FILTERS) },

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
