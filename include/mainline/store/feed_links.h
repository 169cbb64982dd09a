/*
 * feed_links: the messages for feed readers, and the secret addresses of them.
 * Floor: store.
 *
 * A feed reader sends no header and keeps no cookie, so its address holds a
 * key: who knows it may read the feed and hear its messages, and nothing else.
 * A user has one, made anew as often as they like; a token of the scope feed is
 * one as well.  Of both only the SHA-256 is kept.
 */
#ifndef MAINLINE_STORE_FEED_LINKS_H
#define MAINLINE_STORE_FEED_LINKS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "store/tokens.h"

#include <stdint.h>

/*
 * Whose key is this?  A user's counts while they may hear messages.  ERR_AUTH:
 * nobody's, or revoked.  `*out` has SCOPE_FEED alone, and a name that says that
 * it was a feed reader.  Else as pg_run().
 */
MUST_USE enum err feed_links_find(struct pg *pg, struct arena *arena,
    struct str key, int64_t deadline_ms, struct identity *out);

struct feed_link {
	int64_t created_us;      /* -1: there is none */
	struct str last_used_on; /* a date, or absent */
};

/* The link of a user.  Errors as pg_run(). */
MUST_USE enum err feed_links_get(struct pg *pg, struct arena *arena,
    int64_t user_id, int64_t deadline_ms, struct feed_link *out);

/* Makes one, and gives its key this once; the one before is of no use then. */
MUST_USE enum err feed_links_make(struct pg *pg, struct arena *arena,
    int64_t user_id, int64_t deadline_ms, struct str *key);

/* Also when there is none. */
MUST_USE enum err feed_links_revoke(
    struct pg *pg, struct arena *arena, int64_t user_id, int64_t deadline_ms);

/* Of feed_links_messages(). */
enum message_column {
	MESSAGE_COLUMN_RECORDING_SID,
	MESSAGE_COLUMN_CALL_SID,
	MESSAGE_COLUMN_LINE,
	MESSAGE_COLUMN_FROM,
	MESSAGE_COLUMN_NAME,
	MESSAGE_COLUMN_CITY,
	MESSAGE_COLUMN_REGION,
	MESSAGE_COLUMN_COUNTRY,
	MESSAGE_COLUMN_STARTED_US,
	MESSAGE_COLUMN_DURATION_S,
	MESSAGE_COLUMN_TRANSCRIPT,
	MESSAGE_COLUMN_BYTES, /* of its MP3 */
	MESSAGE_COLUMN_UPDATED_US
};

/*
 * The 50 messages whose audio came here last.  One whose audio is still on its
 * way is left out until it has come: a podcast app that has seen an entry does
 * not look again for what is to be played.
 */
MUST_USE enum err feed_links_messages(struct pg *pg, struct arena *arena,
    int64_t deadline_ms, struct pg_rows *out);

#endif
