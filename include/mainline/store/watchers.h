/*
 * watchers: who may look on while the database is away.
 * Floor: store.
 *
 * Whose token it is only the database can tell, and /metrics is wanted most
 * when it does not answer: a spool's depth that cannot be read while it grows
 * is of no use.  So a token that the database has vouched for is known for a
 * while, by all workers together, since nobody knows which one is asked next.
 *
 * Each look renews it: while the database is away nobody can revoke a token, so
 * who keeps looking may go on, but for a day at most.  A stranger, and who had
 * not looked for a while before, is not let in.  Only for what tells of no call
 * and nobody's number.
 */
#ifndef MAINLINE_STORE_WATCHERS_H
#define MAINLINE_STORE_WATCHERS_H

#include "base/compiler.h"
#include "codec/digest.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define WATCHERS_MAX 8
#define WATCHERS_KEY_WORDS (DIGEST_SHA256_BYTES / 8)

/* From one look to the next: more than twice what a scraper leaves between. */
#define WATCHERS_KEEP_MS INT64_C(300000)

/* From the database's own word to the last look. */
#define WATCHERS_LONGEST_MS INT64_C(86400000)

/*
 * In memory that all workers share, zeroed at first, without a lock: one that
 * dies in the middle leaves a key that nobody has.
 */
struct watchers {
	struct {
		_Atomic(uint64_t) key[WATCHERS_KEY_WORDS];
		_Atomic(int64_t) vouched_ms; /* monotonic */
		_Atomic(int64_t) seen_ms;    /* monotonic; 0: nobody */
	} list[WATCHERS_MAX];
};

/* What is looked at, by whom: a SHA-256 over both, so no token is kept. */
struct watcher {
	unsigned char key[DIGEST_SHA256_BYTES];
	int64_t now_ms; /* monotonic */
};

/* The database has let them in; takes the place of who looked longest ago. */
void watchers_remember(
    struct watchers *watchers, const struct watcher *watcher);

/* The database has not. */
void watchers_forget(struct watchers *watchers, const struct watcher *watcher);

/* The database cannot be asked: may they look all the same? */
MUST_USE bool watchers_know(
    struct watchers *watchers, const struct watcher *watcher);

#endif
