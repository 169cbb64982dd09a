/*
 * password: passwords as argon2id, the only user of libsodium.
 * Floor: io, for its salts are random and its cost is time and memory.
 * Source: https://doc.libsodium.org/password_hashing/default_phf and RFC 9106
 */
#ifndef MAINLINE_IO_PASSWORD_H
#define MAINLINE_IO_PASSWORD_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>

/*
 * What one look at a password costs: 19 MiB, gone through twice, some tens of
 * milliseconds.  The least that OWASP names, since each worker of the API may
 * be at it at once; the memory goes back to the system right after.
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
 */
#define PASSWORD_PASSES 2
#define PASSWORD_KIB 19456

/*
 * The password as it is kept, with a new salt and its cost in it, in `arena`.
 * ERR_BUSY: the memory is not there now.
 */
MUST_USE enum err password_hash(
    struct arena *arena, struct str password, struct str *out);

/*
 * Is it this one?  An absent hash, of a user that does not exist or has no
 * password, costs what another costs and is never right.
 *
 * ERR_OK    it is
 * ERR_AUTH  it is not
 * ERR_BUSY  the memory is not there now
 */
MUST_USE enum err password_verify(
    struct arena *arena, struct str password, struct str hash);

/* Was it made at another cost than now?  Then it is worth making again. */
bool password_is_stale(struct arena *arena, struct str hash);

#endif
