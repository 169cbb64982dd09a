/* statements: callers who are turned away.  Floor: store. */
#include "statements_tables.h"

#include "flow/block_list.h"
#include "io/pg.h"
#include "store/statements.h"

#include <stddef.h>

/* clang-format off */

#define NUMBER_OF(n) #n
#define NUMBER(n) NUMBER_OF(n)

#define BLOCK_COLUMNS \
	"b.number, b.note, " US("b.created_at") ", b.created_by"

/*
 * Every host writes its snapshot, from which calls are decided, at the next
 * look for work; without this some seconds later.
 */
#define SNAPSHOTS_ARE_DUE \
	"UPDATE jobs SET due_at = LEAST(due_at, now()) WHERE line = '' " \
	"AND call_sid = '' AND kind = 'snapshot' AND state = 'due'"

const struct pg_statement statements_blocks[STMT__MAX] = {
	/* Behind $1 and $2, where there is a $1. */
	[STMT_BLOCKS_LIST] = { NULL, 3,
	"SELECT " BLOCK_COLUMNS " FROM (SELECT * FROM blocks "
	"  ORDER BY created_at DESC, number LIMIT " NUMBER(BLOCK_LIST_MAX) ") b "
	"WHERE $1::timestamptz IS NULL OR b.created_at < $1 "
	" OR b.created_at = $1 AND b.number > $2::text "
	"ORDER BY b.created_at DESC, b.number LIMIT $3::integer" },

	[STMT_BLOCK_GET] = { "block_get", 1,
	"SELECT " BLOCK_COLUMNS " FROM blocks b WHERE b.number = $1" },

	/*
	 * $2 whether $3 is the note, $4 who does it.  No row: there are as many
	 * as there may be, and this would be one more.
	 */
	[STMT_BLOCK_PUT] = { NULL, 4,
	"WITH b AS (INSERT INTO blocks AS o (number, note, created_by) "
	"  SELECT $1, CASE WHEN $2::boolean THEN $3::text END, $4 "
	"  WHERE (SELECT count(*) FROM blocks) < " NUMBER(BLOCK_LIST_MAX)
	"   OR EXISTS (SELECT FROM blocks WHERE number = $1) "
	" ON CONFLICT (number) DO UPDATE SET note = "
	"  CASE WHEN $2 THEN EXCLUDED.note ELSE o.note END RETURNING *), "
	"j AS (" SNAPSHOTS_ARE_DUE ") "
	"SELECT " BLOCK_COLUMNS " FROM b" },

	[STMT_BLOCK_REMOVE] = { NULL, 1,
	"WITH b AS (DELETE FROM blocks WHERE number = $1 RETURNING number), "
	"j AS (" SNAPSHOTS_ARE_DUE ") "
	"SELECT b.number FROM b" },

	/*
	 * All of them in one value; NULL: none.  No more than a snapshot may
	 * hold, also where two hosts have added the last one at a time.
	 */
	[STMT_BLOCKS_ALL] = { NULL, 0,
	"SELECT string_agg(number, ' ' ORDER BY number COLLATE \"C\") FROM "
	" (SELECT number FROM blocks ORDER BY created_at DESC, number "
	"  LIMIT " NUMBER(BLOCK_LIST_MAX) ") b" },

	/* $1 is the number's digits; $2: only says how many there are. */
	[STMT_ERASURE_BLOCK] = { NULL, 2,
	"WITH b AS (DELETE FROM blocks WHERE number = '+' || $1 AND NOT $2::boolean), "
	"j AS (" SNAPSHOTS_ARE_DUE " AND NOT $2) "
	"SELECT count(*) FROM blocks WHERE number = '+' || $1" },
};
