/*
 * statements_users: users, how they sign in, and whose a session is.
 * Floor: store.
 *
 * clang-format is off: a statement is laid out as SQL.
 */
#include "io/pg.h"
#include "statements_tables.h"
#include "store/statements.h"

/* clang-format off */

/* By what the failures of a name are kept, in whatever case it was typed. */
#define NAME_KEY(name) "sha256(convert_to(lower(" name "), 'UTF8'))"

/* "u" is a user and whether a link has brought them just now: see identity.h. */
#define USER_WHO(password_wanted) \
	"SELECT name, NULL::text, role, id, " password_wanted ", by_link FROM u "

/* Notes, once a day, that the user of "u" was here. */
#define USER_SEEN \
	"seen AS (UPDATE users SET last_seen_on = " TODAY " WHERE id = " \
	" (SELECT id FROM u WHERE last_seen_on IS DISTINCT FROM " TODAY ")) "

/* They know the password, or have a link: what went before is forgiven. */
#define USER_FORGIVEN \
	"forgiven AS (DELETE FROM sign_in_failures WHERE name_sha256 = " \
	" (SELECT " NAME_KEY("name") " FROM u)), "

#define SESSIONS_OVER \
	"over AS (DELETE FROM api_sessions WHERE expires_at <= now()), "

/* The count with this attempt; a day without one begins anew. */
#define FAILURES \
	"CASE WHEN f.last_at < now() - interval '1 day' THEN 1 " \
	" ELSE least(f.failures + 1, 1000) END"

const struct pg_statement statements_users[STMT__MAX] = {
	[STMT_USER_ADD] = { NULL, 4,
	"WITH made AS ("
	" INSERT INTO users (name, role, password) VALUES ($1, $2, $3) "
	" RETURNING id), "
	"link AS (INSERT INTO user_links (user_id, sha256) "
	" SELECT id, $4::bytea FROM made WHERE $4::bytea IS NOT NULL) "
	"SELECT id FROM made" },

	[STMT_USER_LIST] = { NULL, 0,
	"SELECT name, role, " US("created_at") ", "
	" to_char(last_seen_on, 'YYYY-MM-DD'), password IS NOT NULL, "
	US("locked_until") " "
	"FROM users LEFT JOIN sign_in_failures "
	" ON name_sha256 = " NAME_KEY("name") " AND locked_until > now() "
	"ORDER BY lower(name)" },

	[STMT_USER_FIND] = { NULL, 1,
	"SELECT id, name FROM users WHERE lower(name) = lower($1::text)" },

	[STMT_USER_ROLE] = { NULL, 2,
	"UPDATE users SET role = $2 WHERE lower(name) = lower($1::text) RETURNING id" },

	/* A new link takes the place of the one before. */
	[STMT_USER_LINK] = { NULL, 2,
	"INSERT INTO user_links (user_id, sha256) "
	"SELECT id, $2::bytea FROM users WHERE lower(name) = lower($1::text) "
	"ON CONFLICT (user_id) DO UPDATE SET sha256 = excluded.sha256, "
	" created_at = DEFAULT, expires_at = DEFAULT "
	"RETURNING user_id" },

	[STMT_USER_PASSWORD] = { NULL, 2,
	"WITH u AS (UPDATE users SET password = $2 WHERE id = $1 "
	" RETURNING id, name), "
	USER_FORGIVEN
	"links AS (DELETE FROM user_links WHERE user_id = (SELECT id FROM u)) "
	"SELECT id FROM u" },

	/*
	 * Whoever was signed in by the password before is not any more, but for
	 * the session $2.  In the same transaction and behind it: it has waited
	 * for those who were about to sign in, and sees their sessions only now.
	 */
	[STMT_USER_SIGN_OUT] = { NULL, 2,
	"DELETE FROM api_sessions "
	"WHERE user_id = $1 AND sha256 IS DISTINCT FROM $2" },

	[STMT_USER_REHASH] = { NULL, 3,
	"UPDATE users SET password = $3 WHERE id = $1 AND password = $2" },

	[STMT_USER_REMOVE] = { NULL, 1,
	"DELETE FROM users WHERE lower(name) = lower($1::text) RETURNING id" },

	[STMT_USER_REMOTE] = { "user_remote", 1,
	"WITH u AS (SELECT *, false AS by_link FROM users "
	" WHERE lower(name) = lower($1::text)), "
	USER_SEEN
	USER_WHO("false") },

	/*
	 * Counts the attempt before the password is looked at, so that those that
	 * come at the same time are no more than one after the other.  Where it is
	 * locked no row is written; `wait` is read from before this statement, and
	 * a lock that came since then is told as a second.  Sent twice it counts
	 * twice.  What is swept out is not waited for: who holds it may be waiting
	 * for our own row.
	 */
	[STMT_SIGN_IN_TRY] = { NULL, 1,
	"WITH tried AS ("
	" INSERT INTO sign_in_failures AS f (name_sha256, failures, last_at) "
	" VALUES (" NAME_KEY("$1::text") ", 1, now()) "
	" ON CONFLICT (name_sha256) DO UPDATE SET "
	"  failures = " FAILURES ", last_at = now(), "
	"  locked_until = CASE WHEN " FAILURES " >= 5 THEN now() + "
	"   least(15, power(2, least(" FAILURES " - 5, 10))) * interval '1 minute' END "
	"  WHERE f.locked_until IS NULL OR f.locked_until <= now() "
	" RETURNING 1), "
	"swept AS (DELETE FROM sign_in_failures WHERE name_sha256 IN "
	" (SELECT name_sha256 FROM sign_in_failures "
	"  WHERE last_at < now() - interval '1 day' "
	"   AND name_sha256 <> " NAME_KEY("$1::text") " "
	"  FOR UPDATE SKIP LOCKED)), "
	"wait AS (SELECT ceil(extract(epoch FROM locked_until - now())) AS s "
	" FROM sign_in_failures WHERE name_sha256 = " NAME_KEY("$1::text") ") "
	"SELECT EXISTS (SELECT 1 FROM tried), "
	" greatest(1, coalesce((SELECT s FROM wait), 1))::integer, "
	" u.id, u.password "
	"FROM (SELECT 1) one LEFT JOIN users u ON lower(u.name) = lower($1::text)" },

	/*
	 * Unless the password has become another one since it was looked at.  Who
	 * is choosing one is waited for, and waits for us.
	 */
	[STMT_SIGN_IN_OPEN] = { NULL, 3,
	"WITH u AS (SELECT *, false AS by_link FROM users "
	" WHERE id = $1 AND password = $2 FOR NO KEY UPDATE), "
	SESSIONS_OVER
	USER_FORGIVEN
	"made AS (INSERT INTO api_sessions (sha256, user_id) "
	" SELECT $3::bytea, id FROM u ON CONFLICT DO NOTHING), "
	USER_SEEN
	USER_WHO("false") },

	/* Sent twice, the second finds the session that the first has made. */
	[STMT_SIGN_IN_LINK] = { NULL, 2,
	"WITH used AS (DELETE FROM user_links "
	" WHERE sha256 = $1 AND expires_at > now() RETURNING user_id), "
	"swept AS (DELETE FROM user_links WHERE expires_at <= now()), "
	"u AS (SELECT *, true AS by_link FROM users WHERE id IN "
	" (SELECT user_id FROM used UNION ALL "
	"  SELECT user_id FROM api_sessions WHERE sha256 = $2)), "
	SESSIONS_OVER
	USER_FORGIVEN
	"made AS (INSERT INTO api_sessions (sha256, user_id, by_link) "
	" SELECT $2::bytea, id, true FROM u ON CONFLICT DO NOTHING), "
	USER_SEEN
	USER_WHO("password IS NULL") },

	[STMT_SESSION_FIND] = { "session_find", 1,
	"WITH s AS (SELECT * FROM api_sessions "
	" WHERE sha256 = $1 AND expires_at > now()), "
	"t AS (SELECT t.* FROM s JOIN api_tokens t ON t.id = s.token_id "
	" WHERE t.revoked_at IS NULL), "
	TOKEN_USED ", "
	"u AS (SELECT u.*, s.by_link AND "
	"  s.created_at > now() - interval '15 minutes' AS by_link "
	" FROM s JOIN users u ON u.id = s.user_id), "
	USER_SEEN
	USER_WHO("by_link AND password IS NULL")
	"UNION ALL SELECT name, array_to_string(scopes, ','), NULL, NULL, "
	" false, false FROM t" },

	/* Those of the user $2, or those of the token that $1 stands for. */
	[STMT_SESSIONS_END] = { NULL, 2,
	"DELETE FROM api_sessions WHERE user_id = $2::bigint OR token_id = "
	" (SELECT token_id FROM api_sessions WHERE sha256 = $1)" },
};
