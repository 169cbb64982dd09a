/*
 * secret: what tokens and sessions are made of: 256 random bits, of which only
 * the SHA-256 is kept.  Private to the store floor.
 */
#ifndef MAINLINE_STORE_SECRET_H
#define MAINLINE_STORE_SECRET_H

#include "base/arena.h"
#include "base/str.h"
#include "io/pg.h"

#include <stdbool.h>

/* The prefix and 43 random characters of base64url, in `arena`. */
struct str secret_new(struct arena *arena, struct str prefix);

/* Could it be one?  What cannot costs the database nothing. */
bool secret_fits(struct str secret, struct str prefix);

/* Its SHA-256, as a statement's parameter in `arena`. */
struct pg_param secret_hash(struct arena *arena, struct str secret);

#endif
