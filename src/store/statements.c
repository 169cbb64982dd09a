/*
 * statements: all SQL of the program, named.
 * Floor: store.
 *
 * Times go in as RFC 3339 text and come out as microseconds since 1970, so that
 * no session's TimeZone or DateStyle matters.
 */
#include "store/statements.h"

#include "base/compiler.h"

/* Microseconds since 1970 of a timestamptz, or NULL. */
#define US(time) "(extract(epoch FROM " time ") * 1000000)::bigint"

/*
 * The facts that events and calls have in common, in one order for all
 * statements, and for each how a call's comes to be: the greatest of its events'.
 */
#define FACTS                                                                  \
	"version_entry, version_url, status_rank, duration_callback_s, "       \
	"duration_rest_s, started_callback, started_rest, ended_callback, "    \
	"ended_rest, from_number, to_number, caller_name, caller_city, "       \
	"caller_region, caller_country, verstat, place, why, menu_key, "       \
	"forwarded, bridged, accepted, leg_canceled, talk_s, recording, "      \
	"transcript, error_code"

#define GREATER(fact) fact " = GREATEST(c." fact ", EXCLUDED." fact "), "
#define MERGED_FACTS                                                           \
	GREATER("version_entry")                                               \
	GREATER("version_url") GREATER("status_rank") GREATER(                 \
	    "duration_callback_s") GREATER("duration_rest_s")                  \
	    GREATER("started_callback") GREATER("started_rest") GREATER(       \
		"ended_callback") GREATER("ended_rest") GREATER("from_number") \
		GREATER("to_number") GREATER("caller_name")                    \
		    GREATER("caller_city") GREATER("caller_region") GREATER(   \
			"caller_country") GREATER("verstat") GREATER("place")  \
			GREATER("why") GREATER("menu_key")                     \
			    GREATER("forwarded") GREATER("bridged")            \
				GREATER("accepted") GREATER("leg_canceled")    \
				    GREATER("talk_s") GREATER("recording")     \
					GREATER("transcript")                  \
					    GREATER("error_code")

/* The same over all events of a call. */
#define MAX(fact) "max(" fact "), "
#define MAX_ROW(fact)                                                          \
	"(array_agg(" fact " ORDER BY " fact " DESC NULLS LAST))[1], "
#define AGGREGATED_FACTS                                                       \
	MAX("version_entry")                                                   \
	MAX("version_url") MAX("status_rank") MAX("duration_callback_s") MAX(  \
	    "duration_rest_s") MAX("started_callback") MAX("started_rest")     \
	    MAX("ended_callback") MAX("ended_rest") MAX("from_number") MAX(    \
		"to_number") MAX("caller_name") MAX("caller_city")             \
		MAX("caller_region") MAX("caller_country") MAX(                \
		    "verstat") MAX_ROW("place") MAX_ROW("why")                 \
		    MAX_ROW("menu_key") MAX_ROW(                               \
			"forwarded") "bool_or(bridged), bool_or(accepted), "   \
				     "bool_or(leg_canceled), " MAX("talk_s")   \
					 MAX_ROW("recording") MAX(             \
					     "transcript") "max(error_code)"

#define REPLACED(fact) fact " = EXCLUDED." fact ", "
#define REPLACED_FACTS                                                         \
	REPLACED("version_entry")                                              \
	REPLACED("version_url") REPLACED("status_rank") REPLACED(              \
	    "duration_callback_s") REPLACED("duration_rest_s")                 \
	    REPLACED("started_callback") REPLACED("started_rest")              \
		REPLACED("ended_callback") REPLACED("ended_rest") REPLACED(    \
		    "from_number") REPLACED("to_number")                       \
		    REPLACED("caller_name") REPLACED("caller_city") REPLACED(  \
			"caller_region") REPLACED("caller_country")            \
			REPLACED("verstat") REPLACED("place") REPLACED("why")  \
			    REPLACED("menu_key") REPLACED("forwarded")         \
				REPLACED("bridged") REPLACED("accepted")       \
				    REPLACED("leg_canceled")                   \
					REPLACED("talk_s")                     \
					    REPLACED("recording")              \
						REPLACED("transcript")         \
						    REPLACED("error_code")

/* A step_word parameter: NULL unless there is a word. */
#define WORD(n, rank, word)                                                    \
	"CASE WHEN " word "::text IS NOT NULL THEN ROW(" n "::integer, " rank  \
	"::bigint, " word "::text)::step_word END, "

/* A call as the API shows it; http/api_calls.c reads it in this order. */
#define CALL_COLUMNS                                                                                       \
	"c.sid, c.line, c.from_number, c.to_number, c.caller_name, "                                       \
	"c.caller_city, c.caller_region, c.caller_country, c.verstat, "                                    \
	"c.status, c.outcome, c.reason, (c.menu_key).word, "                                               \
	"(c.forwarded).word, " US(                                                                         \
	    "coalesce(c.started_rest, c.started_callback, "                                                \
	    "c.first_received_at)") ", " US("coalesce(c.ended_rest, "                                      \
					    "c.ended_callback)") ", "                                      \
								 "coalesce(c."                             \
								 "duration_"                               \
								 "rest_s, "                                \
								 "c.duration_"                             \
								 "callback_s)"                             \
								 ", "                                      \
								 "c.talk_s, "                              \
								 "(c."                                     \
								 "recording)."                             \
								 "sid, "                                   \
								 "(c."                                     \
								 "recording)."                             \
								 "duration_s,"                             \
								 " "                                       \
								 "recording_"                              \
								 "status_"                                 \
								 "word((c."                                \
								 "recording)."                             \
								 "status), "                               \
								 "(c."                                     \
								 "recording)."                             \
								 "message, "                               \
								 "c."                                      \
								 "transcript,"                             \
								 " " US("c."                               \
									"hear"                             \
									"d_"                               \
									"at") ", c.note, " US(             \
								     "c.done_"                             \
								     "at") ","                             \
									   " "                             \
									   "("                             \
									   "S"                             \
									   "E"                             \
									   "L"                             \
									   "E"                             \
									   "C"                             \
									   "T"                             \
									   " "                             \
									   "l"                             \
									   "."                             \
									   "s"                             \
									   "i"                             \
									   "d"                             \
									   " "                             \
									   "F"                             \
									   "R"                             \
									   "O"                             \
									   "M"                             \
									   " "                             \
									   "c"                             \
									   "a"                             \
									   "l"                             \
									   "l"                             \
									   "s"                             \
									   " "                             \
									   "l"                             \
									   " "                             \
									   "W"                             \
									   "H"                             \
									   "E"                             \
									   "R"                             \
									   "E"                             \
									   " "                             \
									   "l"                             \
									   "."                             \
									   "f"                             \
									   "r"                             \
									   "o"                             \
									   "m"                             \
									   "_"                             \
									   "n"                             \
									   "u"                             \
									   "m"                             \
									   "b"                             \
									   "e"                             \
									   "r"                             \
									   " "                             \
									   "="                             \
									   " "                             \
									   "c"                             \
									   "."                             \
									   "f"                             \
									   "r"                             \
									   "o"                             \
									   "m"                             \
									   "_"                             \
									   "n"                             \
									   "u"                             \
									   "m"                             \
									   "b"                             \
									   "e"                             \
									   "r"                             \
									   " "                             \
									   "A"                             \
									   "N"                             \
									   "D"                             \
									   " "                             \
									   "l"                             \
									   "."                             \
									   "f"                             \
									   "i"                             \
									   "r"                             \
									   "s"                             \
									   "t"                             \
									   "_"                             \
									   "s"                             \
									   "e"                             \
									   "e"                             \
									   "n"                             \
									   "_"                             \
									   "a"                             \
									   "t"                             \
									   " "                             \
									   ">"                             \
									   " "                             \
									   "c"                             \
									   "."                             \
									   "f"                             \
									   "i"                             \
									   "r"                             \
									   "s"                             \
									   "t"                             \
									   "_"                             \
									   "s"                             \
									   "e"                             \
									   "e"                             \
									   "n"                             \
									   "_"                             \
									   "a"                             \
									   "t"                             \
									   " "                             \
									   "A"                             \
									   "N"                             \
									   "D"                             \
									   " "                             \
									   "l"                             \
									   "."                             \
									   "o"                             \
									   "u"                             \
									   "t"                             \
									   "c"                             \
									   "o"                             \
									   "m"                             \
									   "e"                             \
									   " "                             \
									   "="                             \
									   " "                             \
									   "'"                             \
									   "a"                             \
									   "n"                             \
									   "s"                             \
									   "w"                             \
									   "e"                             \
									   "r"                             \
									   "e"                             \
									   "d"                             \
									   "'"                             \
									   " "                             \
									   "A"                             \
									   "N"                             \
									   "D"                             \
									   " "                             \
									   "c"                             \
									   "."                             \
									   "o"                             \
									   "u"                             \
									   "t"                             \
									   "c"                             \
									   "o"                             \
									   "m"                             \
									   "e"                             \
									   " "                             \
									   "<"                             \
									   ">"                             \
									   " "                             \
									   "'"                             \
									   "a"                             \
									   "n"                             \
									   "s"                             \
									   "w"                             \
									   "e"                             \
									   "r"                             \
									   "e"                             \
									   "d"                             \
									   "'"                             \
									   " "                             \
									   "A"                             \
									   "N"                             \
									   "D"                             \
									   " "                             \
									   "c"                             \
									   "a"                             \
									   "l"                             \
									   "l"                             \
									   "e"                             \
									   "r"                             \
									   "_"                             \
									   "i"                             \
									   "s"                             \
									   "_"                             \
									   "k"                             \
									   "n"                             \
									   "o"                             \
									   "w"                             \
									   "n"                             \
									   "("                             \
									   "c"                             \
									   "."                             \
									   "f"                             \
									   "r"                             \
									   "o"                             \
									   "m"                             \
									   "_"                             \
									   "n"                             \
									   "u"                             \
									   "m"                             \
									   "b"                             \
									   "e"                             \
									   "r"                             \
									   ")"                             \
									   " "                             \
									   "O"                             \
									   "R"                             \
									   "D"                             \
									   "E"                             \
									   "R"                             \
									   " "                             \
									   "B"                             \
									   "Y"                             \
									   " "                             \
									   "l"                             \
									   "."                             \
									   "f"                             \
									   "i"                             \
									   "r"                             \
									   "s"                             \
									   "t"                             \
									   "_"                             \
									   "s"                             \
									   "e"                             \
									   "e"                             \
									   "n"                             \
									   "_"                             \
									   "a"                             \
									   "t"                             \
									   " "                             \
									   "L"                             \
									   "I"                             \
									   "M"                             \
									   "I"                             \
									   "T"                             \
									   " "                             \
									   "1"                             \
									   ")"                             \
									   ","                             \
									   " "                             \
									   "c"                             \
									   "o"                             \
									   "a"                             \
									   "l"                             \
									   "e"                             \
									   "s"                             \
									   "c"                             \
									   "e"                             \
									   "("                             \
									   "c"                             \
									   "."                             \
									   "v"                             \
									   "e"                             \
									   "r"                             \
									   "s"                             \
									   "i"                             \
									   "o"                             \
									   "n"                             \
									   "_"                             \
									   "u"                             \
									   "r"                             \
									   "l"                             \
									   ","                             \
									   " "                             \
									   "c"                             \
									   "."                             \
									   "v"                             \
									   "e"                             \
									   "r"                             \
									   "s"                             \
									   "i"                             \
									   "o"                             \
									   "n"                             \
									   "_"                             \
									   "e"                             \
									   "n"                             \
									   "t"                             \
									   "r"                             \
									   "y"                             \
									   ")"                             \
									   ","                             \
									   " " US("c.updated_at") ", " US( \
									       "c.first_seen_at")

/* What GET /api/calls may ask for; a NULL parameter asks for nothing. */
#define CALL_FILTERS                                                           \
	"(c.first_seen_at, c.sid) < "                                          \
	"(coalesce($1::timestamptz, 'infinity'), coalesce($2::text, '')) "     \
	"AND ($4::text IS NULL OR c.line = $4) "                               \
	"AND ($5::text IS NULL OR c.status = ANY (string_to_array($5, ','))) " \
	"AND ($6::text IS NULL OR c.outcome = ANY (string_to_array($6, "       \
	"','))) "                                                              \
	"AND ($7::timestamptz IS NULL OR c.first_seen_at >= $7) "              \
	"AND ($8::timestamptz IS NULL OR c.first_seen_at < $8) "               \
	"AND ($9::boolean IS NULL OR "                                         \
	"coalesce((c.recording).message, false) = $9) "                        \
	"AND ($10::boolean IS NULL OR (c.heard_at IS NOT NULL) = $10) "        \
	"ORDER BY c.first_seen_at DESC, c.sid DESC LIMIT $3"

static const struct pg_statement
    statements[STMT__MAX] = {
	    [STMT_SESSION] = { NULL, 0,
		/* Durable before it is acknowledged; a stricter setting stays. */
		"SELECT set_config('synchronous_commit', 'on', false) "
		"WHERE current_setting('synchronous_commit') IN ('off', "
		"'local')" },

	    [STMT_EVENT_ADD] = { "event_add", 52,
		"WITH e AS ("
		"INSERT INTO events (line, call_sid, event_key, kind, "
		"received_at, "
		"uri, body, twiml, leg_sid, leg_phone, leg_to, leg_status, "
		"leg_duration_s, sequence, sip_code, occurred_at, n, "
		"step, " FACTS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
			       "$10, $11, $12, $13, "
		"$14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, "
		"$26, "
		"$27, $28, $29, $30, $31, $32, $33, $34, " WORD(
		    "$17", "$35", "$36") WORD("$17", "$35", "$37") WORD("$17",
		    "$35", "$38") WORD("$39", "$40",
		    "$41") "$42, $43, $44, $45, "
			   "CASE WHEN $46::text IS NOT NULL THEN "
			   "ROW($17::integer, $46::text, $47::smallint, "
			   "$48::smallint, "
			   "$49::boolean, $50::integer)::recording_fact END, "
			   "$51, $52) ON CONFLICT DO NOTHING RETURNING *) "
			   "INSERT INTO calls AS c (line, sid, first_seen_at, "
			   "first_received_at, updated_at, " FACTS ") "
			   "SELECT line, call_sid, received_at, received_at, "
			   "received_at, " FACTS " FROM e "
			   "ON CONFLICT (line, sid) DO UPDATE SET " MERGED_FACTS
			   "first_received_at = "
			   "LEAST(c.first_received_at, "
			   "EXCLUDED.first_received_at), "
			   "updated_at = GREATEST(c.updated_at, "
			   "EXCLUDED.updated_at)" },

	    [STMT_EVENT_ASIDE] = { "event_aside", 6,
		"INSERT INTO events_aside (event_key, received_at, kind, uri, "
		"body, why) VALUES ($1, $2, $3, $4, $5, $6) "
		"ON CONFLICT DO NOTHING" },

	    /* first_seen_at is kept where the row is there: it never changes. */
	    [STMT_CALLS_REBUILD] = { NULL, 0,
		"INSERT INTO calls AS c (line, sid, first_seen_at, "
		"first_received_at, updated_at, " FACTS ") "
		"SELECT line, call_sid, "
		"(array_agg(received_at ORDER BY id))[1], min(received_at), "
		"max(received_at), " AGGREGATED_FACTS
		" FROM events GROUP BY line, call_sid "
		"ON CONFLICT (line, sid) DO UPDATE SET " REPLACED_FACTS
		"first_received_at = EXCLUDED.first_received_at, "
		"updated_at = GREATEST(c.updated_at, EXCLUDED.updated_at)" },

	    [STMT_CALLS_NEWEST] = { "calls_newest", 3,
		"SELECT " CALL_COLUMNS " FROM calls c "
		"WHERE (c.first_seen_at, c.sid) < "
		"(coalesce($1::timestamptz, 'infinity'), coalesce($2::text, "
		"'')) "
		"ORDER BY c.first_seen_at DESC, c.sid DESC LIMIT $3" },

	    /* Never prepared: a plan that fits every filter fits none. */
	    [STMT_CALLS_FILTERED] = { NULL, 10,
		"SELECT " CALL_COLUMNS " FROM calls c WHERE " CALL_FILTERS },

	    /* Finds first and sorts then, or the planner walks the whole feed. */
	    [STMT_CALLS_SEARCH] = { NULL, 12,
		"WITH c AS MATERIALIZED (SELECT * FROM calls "
		"WHERE from_number LIKE $11 OR caller_name ILIKE $12) "
		"SELECT " CALL_COLUMNS " FROM c WHERE " CALL_FILTERS },

	    [STMT_CALL_GET] = { "call_get", 1,
		"SELECT " CALL_COLUMNS " FROM calls c WHERE c.sid = $1 "
		"ORDER BY c.first_seen_at, c.line LIMIT 1" },

	    /* Of two answers at one step, the one of the smallest key counts. */
	    [STMT_CALL_STEPS] = { "call_steps", 2,
		"SELECT DISTINCT ON (n) n, kind, step, (place).word, "
		"(why).word, "
		"(menu_key).word, " US(
		    "received_at") " FROM events "
				   "WHERE line = $1 AND call_sid = $2 AND kind "
				   "IN "
				   "('voice', 'menu', 'dial', 'voicemail', "
				   "'fallback') "
				   "ORDER BY n, event_key" },

	    [STMT_CALL_LEGS] = { "call_legs", 2,
		"SELECT leg_sid, max(leg_phone), max(leg_to), "
		"(array_agg(leg_status ORDER BY sequence DESC NULLS LAST, "
		"leg_status) FILTER (WHERE kind = 'leg'))[1], "
		"bool_or(accepted), bool_or(bridged), max(leg_duration_s), "
		"max(sip_code), " US("min(occurred_at)") ", " US(
		    "min(occurred_at) FILTER (WHERE leg_status = "
		    "'in-progress')") ", " US("max(occurred_at) FILTER (WHERE "
					      "leg_status IN "
					      "('completed', 'busy', 'failed', "
					      "'no-answer', 'canceled'))") " FR"
									   "OM "
									   "eve"
									   "nts"
									   " WH"
									   "ERE"
									   " li"
									   "ne "
									   "= "
									   "$1 "
									   "AND"
									   " ca"
									   "ll_"
									   "sid"
									   " = "
									   "$2 "
									   "AND"
									   " le"
									   "g_"
									   "sid"
									   " IS"
									   " NO"
									   "T "
									   "NUL"
									   "L "
									   "GRO"
									   "UP "
									   "BY "
									   "leg"
									   "_si"
									   "d "
									   "ORD"
									   "ER "
									   "BY "
									   "min"
									   "(n)"
									   ", "
									   "min"
									   "(oc"
									   "cur"
									   "red"
									   "_at"
									   "), "
									   "leg"
									   "_si"
									   "d" },

	    [STMT_CALL_EVENTS] = { "call_events", 2,
		"SELECT kind, n, " US(
		    "received_at") ", uri, body, twiml, "
				   "leg_sid, encode(event_key, 'hex') FROM "
				   "events "
				   "WHERE line = $1 AND call_sid = $2 "
				   "ORDER BY n NULLS LAST, leg_sid NULLS "
				   "FIRST, sequence NULLS FIRST, "
				   "event_key LIMIT 500" },

	    [STMT_FLOW_PUBLISH] = { NULL, 2,
		"WITH last AS (SELECT version, document FROM flows "
		"ORDER BY version DESC LIMIT 1), "
		"added AS (INSERT INTO flows (document, published_by) "
		"SELECT $1, $2 WHERE NOT EXISTS "
		"(SELECT 1 FROM last WHERE document = $1) RETURNING version) "
		"SELECT version, true FROM added UNION ALL "
		"SELECT version, false FROM last WHERE document = $1" },

	    [STMT_FLOW_GET] = { NULL, 1,
		"SELECT version, document FROM flows "
		"WHERE $1::integer IS NULL OR version = $1 "
		"ORDER BY version DESC LIMIT 1" },

	    [STMT_FLOW_LIST] = { NULL, 0,
		"SELECT version, " US(
		    "published_at") ", published_by, "
				    "octet_length(document) FROM flows ORDER "
				    "BY version DESC" },

	    /* Those that a call of the last week can have begun with. */
	    [STMT_FLOW_RECENT] = { NULL, 0,
		"SELECT version, " US(
		    "published_at") ", document FROM flows "
				    "WHERE published_at > now() - interval '7 "
				    "days' OR version >= "
				    "(SELECT max(version) FROM flows "
				    "WHERE published_at <= now() - interval '7 "
				    "days') "
				    "ORDER BY version" },

	    [STMT_TOKEN_ADD] = { NULL, 3,
		"INSERT INTO api_tokens (name, sha256, scopes) "
		"VALUES ($1, $2, $3::text[]) RETURNING id" },

	    [STMT_TOKEN_LIST] = { NULL, 0,
		"SELECT id, name, array_to_string(scopes, ','), " US(
		    "created_at") ", last_used_on, " US("revoked_at") " FROM "
								      "api_"
								      "tokens "
								      "ORDER "
								      "BY id" },

	    [STMT_TOKEN_REVOKE] = { NULL, 1,
		"UPDATE api_tokens SET revoked_at = now() "
		"WHERE revoked_at IS NULL AND (id::text = $1 OR name = $1) "
		"RETURNING id, name" },

	    [STMT_TOKEN_FIND] = { "token_find", 1,
		"WITH t AS (SELECT id, scopes, last_used_on FROM api_tokens "
		"WHERE sha256 = $1 AND revoked_at IS NULL), "
		"used AS (UPDATE api_tokens SET last_used_on = current_date "
		"WHERE id = (SELECT id FROM t "
		"WHERE last_used_on IS DISTINCT FROM current_date)) "
		"SELECT id, array_to_string(scopes, ',') FROM t" },

	    /* The number is "mainline" in ASCII, cut to what a bigint holds. */
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
	    [STMT_FSYNC] = { NULL, 0,
		"SELECT current_setting('fsync') = 'on'" },
    };

const struct pg_statement *
stmt(enum stmt which)
{
	return &statements[which];
}
