/* statements: feed readers, and what they are given.  Floor: store. */
#include "statements_tables.h"

#include "io/pg.h"
#include "store/statements.h"

#include <stddef.h>

/* clang-format off */

const struct pg_statement statements_feed_links[STMT__MAX] = {
	/* A token is noted as used once a day, and so is a link. */
	[STMT_FEED_FIND] = { "feed_find", 1,
	"WITH l AS (SELECT l.user_id, u.name, l.last_used_on FROM feed_links l "
	" JOIN users u ON u.id = l.user_id "
	" WHERE l.sha256 = $1 AND u.role IN ('agent', 'admin')), "
	"t AS (SELECT * FROM api_tokens WHERE sha256 = $1 "
	" AND revoked_at IS NULL AND 'feed' = ANY (scopes)), "
	"link_used AS (UPDATE feed_links SET last_used_on = " TODAY
	" WHERE user_id = (SELECT user_id FROM l "
	"  WHERE last_used_on IS DISTINCT FROM " TODAY ")), "
	TOKEN_USED
	"SELECT name || ' (feed)' FROM l UNION ALL SELECT name FROM t" },

	[STMT_FEED_LINK] = { NULL, 1,
	"SELECT " US("created_at") ", to_char(last_used_on, 'YYYY-MM-DD') "
	"FROM feed_links WHERE user_id = $1" },

	[STMT_FEED_MAKE] = { NULL, 2,
	"INSERT INTO feed_links (user_id, sha256) VALUES ($1, $2) "
	"ON CONFLICT (user_id) DO UPDATE SET sha256 = EXCLUDED.sha256, "
	" created_at = now(), last_used_on = NULL" },

	[STMT_FEED_REVOKE] = { NULL, 1,
	"DELETE FROM feed_links WHERE user_id = $1" },

	/*
	 * That somebody has marked it changes nothing for a feed reader, so a
	 * message is as new as its audio.  By that it is found as well: among
	 * the calls there may be few with a message, and all would be looked at.
	 */
	[STMT_FEED_MESSAGES] = { "feed_messages", 0,
	"SELECT r.sid, c.sid, c.line, c.from_number, c.caller_name, "
	" c.caller_city, c.caller_region, c.caller_country, "
	  US("coalesce(c.started_rest, c.started_callback, c.first_received_at)") ", "
	" CASE WHEN (c.length).sid = r.sid THEN (c.length).duration_s END, "
	" c.transcript, r.mp3_bytes, " US("r.archived_at") " "
	"FROM recordings r "
	"JOIN calls c ON c.line = r.line AND (c.recording).sid = r.sid "
	"WHERE r.mp3_sha256 IS NOT NULL AND r.removed_at IS NULL "
	" AND (c.recording).message "
	"ORDER BY r.archived_at DESC, r.sid DESC LIMIT 50" },
};

/* clang-format on */
