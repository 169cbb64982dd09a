/* statements: what people set on calls.  Floor: store. */
#include "statements_tables.h"

#include "io/pg.h"
#include "store/statements.h"

#include <stddef.h>

/* clang-format off */

/* The first time stays; false takes it away, NULL leaves it. */
#define MARKED(column, mark, may) \
	"CASE WHEN " mark "::boolean AND " may " THEN coalesce(" column ", now()) " \
	" WHEN NOT " mark " THEN NULL ELSE " column " END AS " column

const struct pg_statement statements_marks[STMT__MAX] = {
	/*
	 * $1 the SIDs, each once; $2 heard; $3 done; $4 whether $5 is the note;
	 * $6 whether all that is marked as heard must have a message.
	 *
	 * k locks them in the order in which events_add does.  n is what is to
	 * be: no row at all if one is missing.  What is as it was keeps its
	 * time.
	 */
	[STMT_MARKS_SET] = { "marks_set", 6,
	"WITH k AS (SELECT line, sid, heard_at, done_at, note, "
	"  coalesce((recording).message, false) AS message FROM calls "
	" WHERE sid = ANY ($1::text[]) "
	" ORDER BY line COLLATE \"C\", sid COLLATE \"C\" FOR UPDATE), "
	"n AS (SELECT line, sid, "
	  MARKED("heard_at", "$2", "message") ", "
	  MARKED("done_at", "$3", "true") ", "
	"  CASE WHEN $4::boolean THEN $5::text ELSE note END AS note "
	" FROM k WHERE (SELECT count(DISTINCT sid) FROM k) = cardinality($1::text[]) "
	"  AND ($6::boolean IS NOT TRUE OR $2 IS NOT TRUE "
	"   OR (SELECT bool_and(message) FROM k))), "
	"c AS (UPDATE calls m SET heard_at = n.heard_at, done_at = n.done_at, "
	"  note = n.note, updated_at = CASE "
	"   WHEN (m.heard_at, m.done_at, m.note) "
	"    IS DISTINCT FROM (n.heard_at, n.done_at, n.note) "
	"   THEN GREATEST(m.updated_at, now()) ELSE m.updated_at END "
	" FROM n WHERE m.line = n.line AND m.sid = n.sid RETURNING m.*), "
	 NOTE_CHANGES("c") " "
	"SELECT " CALL_COLUMNS " FROM c "
	"ORDER BY c.first_seen_at DESC, c.sid DESC" },

	/* A look-up in the primary key for each line, however many calls. */
	[STMT_LINES] = { "lines", 0,
	"WITH " LINES_FROM("NULL::text") " "
	"SELECT line FROM lines WHERE line IS NOT NULL LIMIT 1000" },
};
