/* statements: backing up and restoring.  Floor: store. */
#include "statements_tables.h"

#include "io/pg.h"
#include "store/backup.h"
#include "store/statements.h"

#include <stddef.h>

/* clang-format off */

#define ALL_COUNTS \
	"(SELECT count(*) FROM calls), (SELECT count(*) FROM events), " \
	"(SELECT count(*) FROM recordings), " \
	"(SELECT count(*) FROM recordings " \
	"  WHERE place = 'bucket' AND removed_at IS NULL), " \
	"(SELECT count(*) FROM erased)"

/* What an extension owns is made and removed with it. */
#define OF_EXTENSION(class, oid) \
	"EXISTS (SELECT FROM pg_depend d WHERE d.classid = '" class "'::regclass " \
	" AND d.objid = " oid " AND d.deptype = 'e')"
#define HERE(column) column " = current_schema()::regnamespace"

#define ERASED_BEFORE BACKUP_ERASED_BEFORE

const struct pg_statement statements_backup[STMT__MAX] = {
	[STMT_BACKUP_BEGIN] = { NULL, 0,
	"BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY" },

	/* It stands idle while the dump is made, for as long as that takes. */
	[STMT_BACKUP_VIEW] = { NULL, 0,
	"SELECT pg_export_snapshot(), "
	" current_setting('server_version_num')::integer / 10000, "
	" (SELECT max(version) FROM schema_migrations), " ALL_COUNTS ", "
	" set_config('idle_in_transaction_session_timeout', '0', true)" },

	/* A page of what lies in the folder, behind ($1, $2). */
	[STMT_BACKUP_AUDIO] = { NULL, 2,
	"SELECT line, sid, encode(mp3_sha256, 'hex'), encode(wav_sha256, 'hex') "
	"FROM recordings WHERE (line, sid) > ($1, $2) "
	" AND place = 'folder' AND removed_at IS NULL "
	"ORDER BY line, sid LIMIT 500" },

	/* It may have been erased, or its time be over, since the snapshot. */
	[STMT_BACKUP_WANTED] = { NULL, 2,
	"SELECT EXISTS (SELECT FROM recordings "
	" WHERE line = $1 AND sid = $2 AND removed_at IS NULL)" },

	/* Asked for before $1, and on its way. */
	[STMT_BACKUP_UNARCHIVED] = { NULL, 1,
	"SELECT count(*) FROM jobs WHERE kind = 'archive' AND state = 'due' "
	" AND created_at <= $1::timestamptz" },

	/* Whatever migrations add must be named here: a test holds it to that. */
	[STMT_RESTORE_TARGET] = { NULL, 0,
	"SELECT current_setting('server_version_num')::integer / 10000, "
	" to_regclass('schema_migrations') IS NOT NULL, "
	" EXISTS (SELECT FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm') "
	"  AND " HERE("c.relnamespace") " AND NOT " OF_EXTENSION("pg_class", "c.oid")
	"  AND c.relname NOT IN ('schema_migrations', 'calls', 'events', "
	"   'events_aside', 'flows', 'api_tokens', 'api_sessions', 'jobs', "
	"   'recordings', 'listens', 'erasure_key', 'erased', 'users', "
	"   'user_links', 'sign_in_failures', 'blocks', 'changes', 'feed_links', "
	"   'checkup', '" ERASED_BEFORE "'))" },

	/* What callers have left, or who made the flow: cannot be made anew. */
	[STMT_RESTORE_DATA] = { NULL, 0,
	"SELECT EXISTS (SELECT FROM calls) OR EXISTS (SELECT FROM events) "
	" OR EXISTS (SELECT FROM events_aside) OR EXISTS (SELECT FROM flows)" },

	/*
	 * What is an extension's stays; and who was erased is noted in the same
	 * transaction, so that no restore that breaks off can forget it.
	 */
	[STMT_RESTORE_CLEAR] = { NULL, 0,
	"DO $$ DECLARE r record; BEGIN "
	"IF to_regclass('erased') IS NOT NULL THEN "
	" CREATE TABLE IF NOT EXISTS " ERASED_BEFORE
	"  (line text, tombstone bytea, key bytea, "
	"   PRIMARY KEY (key, tombstone, line)); "
	" INSERT INTO " ERASED_BEFORE " SELECT line, tombstone, key "
	"  FROM erased, erasure_key ON CONFLICT DO NOTHING; "
	"END IF; "
	"FOR r IN SELECT c.oid::regclass::text AS name, c.relkind FROM pg_class c "
	"  WHERE c.relkind IN ('r', 'p', 'v', 'm') AND " HERE("c.relnamespace")
	"   AND NOT " OF_EXTENSION("pg_class", "c.oid") " "
	"   AND c.relname <> '" ERASED_BEFORE "' "
	"LOOP EXECUTE format('DROP %s IF EXISTS %s CASCADE', "
	"  CASE r.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' "
	"   ELSE 'TABLE' END, r.name); END LOOP; "
	"FOR r IN SELECT p.oid::regprocedure::text AS name FROM pg_proc p "
	"  WHERE " HERE("p.pronamespace") " AND p.prokind = 'f' "
	"   AND NOT " OF_EXTENSION("pg_proc", "p.oid") " "
	"LOOP EXECUTE format('DROP FUNCTION IF EXISTS %s CASCADE', r.name); "
	"END LOOP; "
	"FOR r IN SELECT c.oid::regclass::text AS name FROM pg_class c "
	"  WHERE c.relkind = 'c' AND " HERE("c.relnamespace")
	"   AND NOT " OF_EXTENSION("pg_class", "c.oid") " "
	"LOOP EXECUTE format('DROP TYPE IF EXISTS %s CASCADE', r.name); END LOOP; "
	"END $$" },

	[STMT_RESTORE_COUNTS] = { NULL, 0, "SELECT " ALL_COUNTS },

	[STMT_RESTORE_NOTED] = { NULL, 0,
	"SELECT to_regclass('" ERASED_BEFORE "') IS NOT NULL" },

	/*
	 * The calls that were erased where the tombstones come from.  With the same
	 * key the tombstones themselves are taken over: also of what is not here.
	 */
	[STMT_RESTORE_ERASE] = { NULL, 0,
	"WITH kept AS (INSERT INTO erased (line, tombstone) "
	"  SELECT line, tombstone FROM " ERASED_BEFORE
	"  WHERE key = (SELECT key FROM erasure_key) ON CONFLICT DO NOTHING) "
	"SELECT DISTINCT c.line, c.sid "
	"FROM (SELECT DISTINCT key FROM " ERASED_BEFORE ") k CROSS JOIN calls c "
	"JOIN " ERASED_BEFORE " b ON b.key = k.key AND b.line = c.line "
	" AND b.tombstone = sha256(k.key || convert_to(c.sid, 'UTF8'))" },

	[STMT_RESTORE_FORGET] = { NULL, 0, "DROP TABLE IF EXISTS " ERASED_BEFORE },
};
