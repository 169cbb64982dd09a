/*
 * statements: all SQL of the program, named.
 * Floor: store.
 *
 * Times go in as RFC 3339 text and come out as microseconds since 1970, bytes
 * as hexadecimal digits, so that no setting of a role, a database or a pooler
 * matters.  clang-format is off: a statement is laid out as SQL.
 */
#include "store/statements.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/compiler.h"
#include "base/err.h"
#include "io/pg.h"
#include "statements_tables.h"

#include <stddef.h>
#include <stdint.h>

/* clang-format off */

/*
 * Is the session a pooler's, and somebody else's a moment later?  Its server is
 * another process than the one that the connection was told of.  What is set
 * must end with the transaction then.
 */
#define POOLED "pg_backend_pid() <> $1::integer"

#define SET(name, value) "set_config('" name "', '" value "', " POOLED "), "

/* Durable before it is acknowledged; a stricter setting stays. */
#define SESSION \
	"set_config('synchronous_commit', " \
	" CASE WHEN current_setting('synchronous_commit') IN ('off', 'local') " \
	" THEN 'on' ELSE current_setting('synchronous_commit') END, " POOLED ")"

static const struct pg_statement statements[STMT__MAX] = {
	[STMT_SESSION] = { NULL, 1, "SELECT " POOLED ", " SESSION },

	/* And nobody waits longer, so the server need not work on. */
	/* Its one statement is planned once: the plan is the same for any batch. */
	[STMT_SESSION_JOURNAL] = { NULL, 1,
	"SELECT " POOLED ", " SET("statement_timeout", "2500")
	SET("plan_cache_mode", "force_generic_plan") SESSION },

	/* Nor is any of its statements worth compiling: that takes longer. */
	[STMT_SESSION_WORKER] = { NULL, 1,
	"SELECT " POOLED ", " SET("statement_timeout", "2500") SET("jit", "off")
	SESSION },

	[STMT_BEGIN] = { NULL, 0, "BEGIN" },
	[STMT_COMMIT] = { NULL, 0, "COMMIT" },

	[STMT_FLOW_PUBLISH] = { NULL, 2,
	"WITH last AS ("
	" SELECT version, document FROM flows ORDER BY version DESC LIMIT 1), "
	"added AS ("
	" INSERT INTO flows (document, published_by) SELECT $1, $2 "
	" WHERE NOT EXISTS (SELECT 1 FROM last WHERE document = $1) "
	" RETURNING version) "
	"SELECT version, true, NOT EXISTS (SELECT 1 FROM last) FROM added "
	"UNION ALL SELECT version, false, false FROM last "
	"WHERE document = $1" },

	[STMT_FLOW_GET] = { NULL, 1,
	"SELECT version, document, " US("published_at") " FROM flows "
	"WHERE $1::integer IS NULL OR version = $1 "
	"ORDER BY version DESC LIMIT 1" },

	[STMT_FLOW_LIST] = { NULL, 0,
	"SELECT version, " US("published_at") ", published_by, "
	" octet_length(document) FROM flows ORDER BY version DESC" },

	/* Those that a call of the last week can have begun with. */
	[STMT_FLOW_RECENT] = { NULL, 0,
	"SELECT version, " US("published_at") ", document FROM flows "
	"WHERE published_at > now() - interval '7 days' OR version >= "
	" (SELECT max(version) FROM flows "
	"  WHERE published_at <= now() - interval '7 days') "
	"ORDER BY version" },

	[STMT_TOKEN_ADD] = { NULL, 3,
	"INSERT INTO api_tokens (name, sha256, scopes) "
	"VALUES ($1, $2, $3::text[]) RETURNING id" },

	[STMT_TOKEN_LIST] = { NULL, 0,
	"SELECT id, name, array_to_string(scopes, ','), " US("created_at") ", "
	" to_char(last_used_on, 'YYYY-MM-DD'), " US("revoked_at") " "
	"FROM api_tokens ORDER BY id" },

	[STMT_TOKEN_REVOKE] = { NULL, 1,
	"UPDATE api_tokens SET revoked_at = now() "
	"WHERE revoked_at IS NULL "
	" AND CASE WHEN $1 ~ '^[0-9]+$' THEN id::text = $1 ELSE name = $1 END "
	"RETURNING id, name" },

	[STMT_TOKEN_FIND] = { "token_find", 1,
	"WITH t AS (SELECT * FROM api_tokens "
	" WHERE sha256 = $1 AND revoked_at IS NULL), "
	TOKEN_USED
	"SELECT name, array_to_string(scopes, ',') FROM t" },

	[STMT_SESSION_OPEN] = { NULL, 2,
	"WITH t AS (SELECT * FROM api_tokens "
	" WHERE sha256 = $1 AND revoked_at IS NULL), "
	"over AS (DELETE FROM api_sessions WHERE expires_at <= now()), "
	"made AS (INSERT INTO api_sessions (sha256, token_id) SELECT $2, id FROM t), "
	TOKEN_USED
	"SELECT name, array_to_string(scopes, ',') FROM t" },

	[STMT_SESSION_CLOSE] = { NULL, 1,
	"DELETE FROM api_sessions WHERE sha256 = $1" },

	/* The number is "mainline" in ASCII, as a bigint. */
	[STMT_MIGRATION_LOCK] = { NULL, 0,
	"SELECT pg_advisory_xact_lock(7881696745861246565)" },

	[STMT_MIGRATION_TABLE] = { NULL, 0,
	"SELECT to_regclass('schema_migrations') IS NOT NULL" },

	[STMT_MIGRATION_LIST] = { NULL, 0,
	"SELECT version, name, encode(sha256, 'hex') "
	"FROM schema_migrations ORDER BY version" },

	[STMT_MIGRATION_LAST] = { NULL, 0,
	"SELECT max(version) FROM schema_migrations" },

	[STMT_FSYNC] = { NULL, 0, "SELECT current_setting('fsync') = 'on'" },
};

/* clang-format on */

const struct pg_statement *
stmt(enum stmt which)
{
	static const struct pg_statement *const tables[] = { statements_events,
		statements_calls, statements_jobs, statements_recordings,
		statements_reconcile, statements_erasure, statements_retention,
		statements_users, statements_marks, statements_blocks,
		statements_live, statements_feed, statements_stats,
		statements_feed_links, statements_checkup, statements_backup };

	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		if (tables[i][which].sql != NULL)
			return &tables[i][which];
	}
	return &statements[which];
}

static struct pg_query
query_within(enum stmt which, const struct pg_param *params, int64_t ms)
{
	return (struct pg_query){
		.statement = stmt(which),
		.params = params,
		.deadline_ms = clock_mono_ms() + ms,
	};
}

enum err
stmt_command(struct pg *pg, struct arena *arena, enum stmt which,
    const struct pg_param *params, struct pg_rows *out)
{
	const struct pg_query query =
	    query_within(which, params, STMT_COMMAND_MS);

	return pg_run(pg, arena, &query, out);
}

enum err
stmt_scan(struct pg *pg, struct arena *arena, enum stmt which,
    const struct pg_param *params, struct pg_rows *out)
{
	const struct pg_query query = query_within(which, params, STMT_SCAN_MS);

	return pg_run(pg, arena, &query, out);
}
