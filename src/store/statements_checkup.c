/* statements: what the doctor asks.  Floor: store. */
#include "statements_tables.h"

#include "io/pg.h"
#include "store/statements.h"

#include <stddef.h>

/* clang-format off */

#define IS_DOCTOR "kind = 'doctor' AND line = '' AND call_sid = ''"

const struct pg_statement statements_checkup[STMT__MAX] = {
	/* Of tables those beside `calls`, if it is there. */
	[STMT_CHECKUP_DATABASE] = { NULL, 0,
	"SELECT pg_is_in_recovery() "
	"  OR current_setting('transaction_read_only') = 'on', "
	" current_setting('fsync') = 'on', "
	" EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm'), "
	" current_setting('server_version_num')::integer, "
	  US("clock_timestamp()") ", current_user, "
	" (SELECT string_agg(c.relname, ', ' ORDER BY c.relname) "
	"  FROM pg_class c JOIN pg_class ours "
	"   ON ours.oid = to_regclass('calls') "
	"   AND ours.relnamespace = c.relnamespace "
	"  WHERE c.relkind = 'r' AND NOT (has_table_privilege(c.oid, 'SELECT') "
	"   AND (c.relname = 'schema_migrations' "
	"    OR has_table_privilege(c.oid, 'INSERT'))))" },

	[STMT_CHECKUP_JOBS] = { NULL, 0,
	"SELECT " US("clock_timestamp()") ", "
	  US("(SELECT max(finished_at) FROM jobs WHERE kind = 'snapshot')") ", "
	  US("(SELECT max(finished_at) FROM jobs WHERE kind = 'sweep' "
	     " AND channel = 'hour')") ", "
	  US("(SELECT min(due_at) FROM jobs WHERE state = 'due' "
	     " AND (leased_until IS NULL OR leased_until <= now()))") ", "
	" (SELECT count(*) FROM jobs WHERE state = 'dead'), "
	" (SELECT string_agg(DISTINCT kind, ', ') FROM jobs WHERE state = 'dead')" },

	[STMT_CHECKUP_KEEP] = { NULL, 2,
	"INSERT INTO checkup (host, findings) VALUES ($1, $2) "
	"ON CONFLICT (one) DO UPDATE SET host = excluded.host, "
	" findings = excluded.findings, checked_at = excluded.checked_at" },

	[STMT_CHECKUP_LAST] = { NULL, 0,
	"SELECT host, " US("checked_at") ", findings FROM checkup" },

	[STMT_CHECKUP_HASTEN] = { NULL, 0,
	"UPDATE jobs SET due_at = LEAST(due_at, now()) WHERE " IS_DOCTOR
	" AND state = 'due' RETURNING true" },

	[STMT_CHECKUP_PENDING] = { NULL, 0,
	"SELECT EXISTS (SELECT FROM jobs WHERE " IS_DOCTOR " AND state = 'due' "
	" AND (due_at <= now() OR leased_until > now()))" },
};
