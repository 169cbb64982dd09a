/*
 * tokens: who may read the JSON API.
 * Floor: store.
 *
 * A token is "ml_" and 43 characters of base64url: 256 random bits.  Only its
 * SHA-256 is kept.
 */
#ifndef MAINLINE_STORE_TOKENS_H
#define MAINLINE_STORE_TOKENS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "store/identity.h"

#include <stdbool.h>
#include <stdint.h>

enum scope {
	SCOPE_ANY = 0, /* whichever they have */
	SCOPE_READ = 1,
	SCOPE_AUDIO = 2,
	SCOPE_MARK = 4, /* heard, done, notes */
	SCOPE_METRICS = 8,
	SCOPE_FEED = 16, /* the Atom feed and the audio it names, no more */
	SCOPE_ADMIN = 32 /* includes all others */
};

/*
 * "read,audio" -> SCOPE_READ | SCOPE_AUDIO.  ERR_INPUT: an unknown or empty
 * one, or none at all.
 */
MUST_USE enum err scopes_parse(struct str list, unsigned int *out);

/* The names with commas between, in a fixed order. */
struct str scopes_print(struct arena *arena, unsigned int scopes);

/* Does whoever has `scopes` have `scope`? */
bool scopes_allow(unsigned int scopes, enum scope scope);

/*
 * Makes a token and gives it in `*out`: nobody can have it again.
 * ERR_CONFLICT: one of that name is in use.
 */
MUST_USE enum err tokens_add(struct pg *pg, struct arena *arena,
    struct str name, unsigned int scopes, struct str *out);

struct tokens_row {
	int64_t id;
	struct str name, scopes;
	int64_t created_us;
	struct str last_used_on; /* a date, or absent */
	int64_t revoked_us;      /* -1: in use */
};

MUST_USE enum err tokens_list(
    struct pg *pg, struct arena *arena, struct tokens_row **out, size_t *n);

/* By number or name.  ERR_NOT_FOUND: none such is in use. */
MUST_USE enum err tokens_revoke(
    struct pg *pg, struct arena *arena, struct str id_or_name);

/* A new one, for who keeps its SHA-256 elsewhere. */
struct str tokens_secret(struct arena *arena);

/* Could it be a token, by its form? */
bool tokens_fits(struct str token);

/*
 * Whose token is this?  ERR_AUTH: nobody's, or revoked.  Errors of the database
 * as pg_run().
 */
MUST_USE enum err tokens_find(struct pg *pg, struct arena *arena,
    struct str token, int64_t deadline_ms, struct identity *out);

#endif
