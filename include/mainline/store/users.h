/*
 * users: people who may sign in, as `mainline user` and the settings see them.
 * Floor: store.  How they sign in is in store/sign_in.h.
 *
 * Names are compared in any case.  A link's secret is 43 characters of
 * base64url, of which only the SHA-256 is kept; it works once, for a day, and a
 * user has one at most.
 */
#ifndef MAINLINE_STORE_USERS_H
#define MAINLINE_STORE_USERS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "store/identity.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define USERS_NAME_MAX_BYTES 100

/*
 * May somebody be called so?  One line of text that begins and ends with no
 * blank.
 */
bool users_fits(struct str name);

struct users_new {
	struct str name;
	enum role role;
	struct str password; /* as password_hash() gives it; absent: none */
};

/*
 * Makes a user.  Without a password it gives the secret of a link in `*link`,
 * else absent.  ERR_CONFLICT: there is one of that name.
 */
MUST_USE enum err users_add(struct pg *pg, struct arena *arena,
    const struct users_new *user, struct str *link);

struct users_row {
	struct str name, role;
	int64_t created_us;
	struct str last_seen_on; /* a date, or absent */
	bool has_password;
	int64_t locked_until_us; /* -1: not locked */
};

/* All of them, by their names. */
MUST_USE enum err users_list(struct pg *pg, struct arena *arena,
    int64_t deadline_ms, struct users_row **out, size_t *n);

/* The number of a user, and the name as it is written. */
struct users_id {
	int64_t id;
	struct str name;
};

/* For these, ERR_NOT_FOUND: there is none of that name. */
MUST_USE enum err users_find(
    struct pg *pg, struct arena *arena, struct str name, struct users_id *out);
MUST_USE enum err users_set_role(
    struct pg *pg, struct arena *arena, struct str name, enum role role);

/* Removes them; their sessions and links go with them, their deeds stay. */
MUST_USE enum err users_remove(
    struct pg *pg, struct arena *arena, struct str name);

/* A link's secret, this once; the link before it is of no use any more. */
MUST_USE enum err users_link(
    struct pg *pg, struct arena *arena, struct str name, struct str *link);

struct users_password {
	int64_t user_id;
	struct str hash;    /* as password_hash() gives it */
	struct str session; /* the secret of the one that stays; or absent */
};

/*
 * Sets the password, and ends what was opened with another one: all sessions
 * but that one, the link, a lock.  ERR_NOT_FOUND: no such user any more.
 */
MUST_USE enum err users_set_password(struct pg *pg, struct arena *arena,
    const struct users_password *password, int64_t deadline_ms);

/*
 * Who is it that a proxy before us says it is?  Errors of the database as
 * pg_run().  ERR_NOT_FOUND: no user of ours.
 */
MUST_USE enum err users_remote(struct pg *pg, struct arena *arena,
    struct str name, int64_t deadline_ms, struct identity *out);

#endif
