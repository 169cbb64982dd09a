/*
 * identity: who asks, and what they may do.
 * Floor: store.
 *
 * A token has scopes.  A user has a role, and a role has scopes, looked up at
 * every request: a role that was changed acts at once.
 */
#ifndef MAINLINE_STORE_IDENTITY_H
#define MAINLINE_STORE_IDENTITY_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"

#include <stdbool.h>
#include <stdint.h>

enum role {
	ROLE_NONE,   /* a token's: its scopes were given one by one */
	ROLE_READER, /* sees the calls */
	ROLE_AGENT,  /* hears messages, marks and notes as well */
	ROLE_ADMIN   /* everything */
};

struct identity {
	struct str name; /* of the user or the token, in the arena */
	unsigned int scopes;
	enum role role;
	int64_t user_id;      /* 0: a token's */
	bool password_wanted; /* a user who has none and may choose one now */
	bool by_link;         /* signed in by a link, a short while ago */
};

/* "agent" -> ROLE_AGENT.  ERR_INPUT: there is no such role. */
MUST_USE enum err role_parse(struct str name, enum role *out);

/* Its name; absent for ROLE_NONE. */
struct str role_name(enum role role);

/* What it may do, as bits of enum scope. */
unsigned int role_scopes(enum role role);

/*
 * Runs a statement that gives a row of: name, scopes with commas between (or
 * NULL and a role), and perhaps role, number of the user, password_wanted and
 * by_link.  ERR_AUTH without a row; `*out` is set on ERR_OK alone.
 */
MUST_USE enum err identity_find(struct pg *pg, struct arena *arena,
    const struct pg_query *query, struct identity *out);

#endif
