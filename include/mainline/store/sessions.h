/*
 * sessions: sign-ins of the page: a cookie, since an <audio> element cannot
 * send a header; a user's (store/sign_in.h opens it), or in a token's place.
 * Floor: store.
 *
 * A session's secret is 43 characters of base64url: 256 random bits.  Only its
 * SHA-256 is kept.  It lasts 30 days, or as long as the user or the token.
 */
#ifndef MAINLINE_STORE_SESSIONS_H
#define MAINLINE_STORE_SESSIONS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "store/identity.h"

#include <stdint.h>

#define SESSIONS_DAYS 30

/*
 * Exchanges a token for a session, whose secret is given in `*secret`, this
 * once.  ERR_AUTH: nobody's token, or revoked.  Errors of the database as
 * pg_run().
 */
MUST_USE enum err sessions_open(struct pg *pg, struct arena *arena,
    struct str token, int64_t deadline_ms, struct str *secret,
    struct identity *out);

/*
 * Whose is it?  ERR_AUTH: nobody's, over, its user was removed or its token
 * revoked.
 */
MUST_USE enum err sessions_find(struct pg *pg, struct arena *arena,
    struct str secret, int64_t deadline_ms, struct identity *out);

/*
 * Ends all of a user, or without one (0) those of the token that this session
 * stands for.
 */
MUST_USE enum err sessions_end(struct pg *pg, struct arena *arena,
    struct str secret, int64_t user_id, int64_t deadline_ms);

/* Ends it; one that is not there has ended already. */
MUST_USE enum err sessions_close(
    struct pg *pg, struct arena *arena, struct str secret, int64_t deadline_ms);

#endif
