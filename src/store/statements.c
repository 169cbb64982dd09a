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
#include "base/err.h"
#include "io/pg.h"

#include <stddef.h>

/* clang-format off */

/* Microseconds since 1970 of a timestamptz, or NULL. */
#define US(time) "(extract(epoch FROM " time ") * 1000000)::bigint"

/*
 * The facts that events and calls have in common, in the columns' order: V for
 * a value, F for a flag, C for a composite value.  A call's fact is the
 * greatest of its events'; migrations/0001_calls.sql says why.
 */
#define FACTS(V, F, C) \
	V(version_entry) V(version_url) V(status_rank) \
	V(duration_callback_s) V(duration_rest_s) \
	V(started_callback) V(started_rest) V(ended_callback) V(ended_rest) \
	V(from_number) V(to_number) V(caller_name) V(caller_city) \
	V(caller_region) V(caller_country) V(verstat) \
	C(place) C(why) C(menu_key) C(forwarded) \
	F(bridged) F(accepted) V(talk_s) \
	C(recording) C(length) V(transcript) V(error_code)

/* A number as SQL has it. */
#define DIGITS_OF(n) #n
#define DIGITS(n) DIGITS_OF(n)

#define NAME(fact) ", " #fact
#define GREATER(fact) ", " #fact " = GREATEST(c." #fact ", EXCLUDED." #fact ")"
#define REPLACED(fact) ", " #fact " = EXCLUDED." #fact
#define MAX(fact) ", max(" #fact ")"
#define ANY(fact) ", bool_or(" #fact ")"
#define FIRST(fact) ", (array_agg(" #fact " ORDER BY " #fact " DESC NULLS LAST))[1]"

#define FACT_NAMES FACTS(NAME, NAME, NAME)
#define GREATER_FACTS FACTS(GREATER, GREATER, GREATER)
#define REPLACED_FACTS FACTS(REPLACED, REPLACED, REPLACED)
#define AGGREGATED_FACTS FACTS(MAX, ANY, FIRST)

/* A step_word of three parameters: NULL unless there is a word. */
#define WORD(n, rank, word) \
	"CASE WHEN " word "::text IS NOT NULL THEN " \
	"ROW(" n "::integer, " rank "::bigint, " word "::text)::step_word END"

/* A call as the API shows it, in the order of enum call_column. */
#define CALL_COLUMNS \
	"c.sid, c.line, c.from_number, c.to_number, c.caller_name, " \
	"c.caller_city, c.caller_region, c.caller_country, c.verstat, " \
	"c.status, c.outcome, c.reason, (c.menu_key).word, (c.forwarded).word, " \
	US("coalesce(c.started_rest, c.started_callback, c.first_received_at)") ", " \
	US("coalesce(c.ended_rest, c.ended_callback)") ", " \
	"coalesce(c.duration_rest_s, c.duration_callback_s), c.talk_s, " \
	"(c.recording).sid, CASE WHEN (c.length).sid = (c.recording).sid " \
	" THEN (c.length).duration_s END, " \
	"recording_status_word((c.recording).status), (c.recording).message, " \
	"c.transcript, " US("c.heard_at") ", c.note, " US("c.done_at") ", " \
	"(SELECT l.sid FROM calls l WHERE l.from_number = c.from_number " \
	" AND l.first_seen_at > c.first_seen_at AND l.outcome = 'answered' " \
	" AND c.outcome <> 'answered' AND caller_is_known(c.from_number) " \
	" ORDER BY l.first_seen_at LIMIT 1), " \
	"coalesce(c.version_url, c.version_entry), " US("c.updated_at") ", " \
	US("c.first_seen_at")

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

/* Durable before it is acknowledged; a stricter setting stays. */
#define SESSION \
	"set_config('synchronous_commit', " \
	" CASE WHEN current_setting('synchronous_commit') IN ('off', 'local') " \
	" THEN 'on' ELSE current_setting('synchronous_commit') END, false)"

#define TODAY "(now() AT TIME ZONE 'UTC')::date"

/* Notes, once a day, that the token of "t" was used. */
#define TOKEN_USED \
	"used AS (UPDATE api_tokens SET last_used_on = " TODAY " WHERE id = " \
	" (SELECT id FROM t WHERE last_used_on IS DISTINCT FROM " TODAY ")) "

static const struct pg_statement statements[STMT__MAX] = {
	[STMT_SESSION] = { NULL, 0, "SELECT " SESSION },

	/* And nobody waits longer, so the server need not work on. */
	[STMT_SESSION_WORKER] = { NULL, 0,
	"SELECT set_config('statement_timeout', '2500', false), " SESSION },

	[STMT_EVENT_ADD] = { "event_add", 51,
	"WITH e AS ("
	" INSERT INTO events (line, call_sid, event_key, kind, received_at, uri, "
	"  body, twiml, leg_sid, leg_phone, leg_to, leg_status, leg_duration_s, "
	"  sequence, sip_code, occurred_at, n, step" FACT_NAMES ") "
	" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, "
	"  $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, "
	"  $29, $30, $31, $32, $33, $34, "
	   WORD("$17", "$35", "$36") ", " WORD("$17", "$35", "$37") ", "
	   WORD("$17", "$35", "$38") ", " WORD("$39", "$40", "$41") ", "
	"  $42, $43, $44, "
	"  CASE WHEN $45::text IS NOT NULL THEN ROW($45::text, $46::smallint, "
	"   $47::smallint, $48::boolean)::recording_fact END, "
	"  CASE WHEN $45::text IS NOT NULL AND $49::integer IS NOT NULL THEN "
	"   ROW($45::text, $46::smallint, $49::integer)::recording_length END, "
	"  $50, $51) "
	" ON CONFLICT DO NOTHING RETURNING *) "
	"INSERT INTO calls AS c "
	" (line, sid, first_seen_at, first_received_at, updated_at" FACT_NAMES ") "
	"SELECT line, call_sid, received_at, received_at, received_at" FACT_NAMES
	" FROM e "
	"ON CONFLICT (line, sid) DO UPDATE SET "
	" first_received_at = LEAST(c.first_received_at, EXCLUDED.first_received_at), "
	" updated_at = GREATEST(c.updated_at, EXCLUDED.updated_at)" GREATER_FACTS },

	[STMT_EVENT_ASIDE] = { "event_aside", 6,
	"INSERT INTO events_aside (event_key, received_at, kind, uri, body, why) "
	"VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING" },

	[STMT_BEGIN] = { NULL, 0, "BEGIN" },
	[STMT_COMMIT] = { NULL, 0, "COMMIT" },

	/* The calls behind ($1, $2), in the key's order. */
	[STMT_CALLS_KEYS] = { "calls_keys", 2,
	"SELECT DISTINCT line, call_sid FROM events "
	"WHERE (line, call_sid) > ($1, $2) ORDER BY line, call_sid LIMIT 500" },

	[STMT_CALL_LOCK] = { "call_lock", 2,
	"SELECT 1 FROM calls WHERE line = $1 AND sid = $2 FOR UPDATE" },

	/* first_seen_at is kept where the row is there: it never changes. */
	[STMT_CALL_REBUILD] = { "call_rebuild", 2,
	"INSERT INTO calls AS c "
	" (line, sid, first_seen_at, first_received_at, updated_at" FACT_NAMES ") "
	"SELECT line, call_sid, (array_agg(received_at ORDER BY id))[1], "
	" min(received_at), max(received_at)" AGGREGATED_FACTS
	" FROM events WHERE line = $1 AND call_sid = $2 GROUP BY line, call_sid "
	"ON CONFLICT (line, sid) DO UPDATE SET "
	" first_received_at = EXCLUDED.first_received_at, "
	" updated_at = GREATEST(c.updated_at, EXCLUDED.updated_at)" REPLACED_FACTS },

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

	[STMT_SESSION_FIND] = { "session_find", 1,
	"WITH t AS (SELECT t.* FROM api_sessions s "
	" JOIN api_tokens t ON t.id = s.token_id "
	" WHERE s.sha256 = $1 AND s.expires_at > now() AND t.revoked_at IS NULL), "
	TOKEN_USED
	"SELECT name, array_to_string(scopes, ',') FROM t" },

	[STMT_SESSION_CLOSE] = { NULL, 1,
	"DELETE FROM api_sessions WHERE sha256 = $1" },

	[STMT_RECORDING_FIND] = { "recording_find", 1,
	"SELECT recording_status_word((recording).status) FROM calls "
	"WHERE (recording).sid = $1 LIMIT 1" },

	/* The number is "mainline" in ASCII, as a bigint. */
	[STMT_MIGRATION_LOCK] = { NULL, 0,
	"SELECT pg_advisory_lock(7881696745861246565)" },

	[STMT_MIGRATION_UNLOCK] = { NULL, 0,
	"SELECT pg_advisory_unlock(7881696745861246565)" },

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
	return &statements[which];
}

enum err
stmt_command(struct pg *pg, struct arena *arena, enum stmt which,
    const struct pg_param *params, struct pg_rows *out)
{
	const struct pg_query query = {
		.statement = stmt(which),
		.params = params,
		.deadline_ms = clock_mono_ms() + STMT_COMMAND_MS,
	};

	return pg_run(pg, arena, &query, out);
}
