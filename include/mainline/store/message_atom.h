/*
 * message_atom: messages as an Atom feed.
 * Floor: store.  Source: RFC 4287
 *
 * A title and a summary in English; a feed reader has no language that we could
 * ask for.  What callers have said and sent is text, never markup.
 */
#ifndef MAINLINE_STORE_MESSAGE_ATOM_H
#define MAINLINE_STORE_MESSAGE_ATOM_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"

struct message_feed {
	const char *origin;  /* MAINLINE_PUBLIC_URL */
	const char *account; /* whose messages: names the feed for ever */
	struct str key;      /* of its address; absent: none */
	const struct pg_rows *rows; /* of feed_links_messages() */
};

/* The document into `out`.  ERR_LIMIT: it does not fit. */
MUST_USE enum err message_atom(
    const struct message_feed *feed, struct buf *out);

#endif
