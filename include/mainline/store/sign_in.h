/*
 * sign_in: from a name and its password, or from a link, to a session.
 * Floor: store.
 *
 * After 5 wrong passwords in a row a name has to wait: a minute, and twice as
 * long after each further one, up to 15.  Meanwhile no password is looked at.
 * It is the name that waits, not the address: one that nobody has waits as
 * well, and costs as much, so that nobody learns who is there.  A link signs in
 * also then.
 */
#ifndef MAINLINE_STORE_SIGN_IN_H
#define MAINLINE_STORE_SIGN_IN_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "store/identity.h"

#include <stdint.h>

struct sign_in_try {
	struct str name, password;
	int64_t deadline_ms; /* of the statements; the look comes between */
};

/* What came of looking at a password. */
struct sign_in_account {
	int64_t user_id;
	struct str hash; /* as it is kept, perhaps made anew just now */
	int wait_s;      /* on ERR_TOO_MANY: until the next attempt counts */
};

/*
 * Is it the password of the user of that name?  The attempt counts as a wrong
 * one until a session is opened or the password is set.
 *
 * ERR_OK        it is
 * ERR_AUTH      it is not, or nobody is called so, or they have no password
 * ERR_TOO_MANY  the name has to wait; the password was not looked at
 * Errors of the database as pg_run(), of memory as password_verify().
 */
MUST_USE enum err sign_in_check(struct pg *pg, struct arena *arena,
    const struct sign_in_try *attempt, struct sign_in_account *out);

/* An open session: the cookie's secret, this once, and whose it is. */
struct sign_in {
	struct str secret;
	struct identity who;
};

/* After sign_in_check().  ERR_AUTH: it is another password by now. */
MUST_USE enum err sign_in_open(struct pg *pg, struct arena *arena,
    const struct sign_in_account *account, int64_t deadline_ms,
    struct sign_in *out);

/* By a link's secret.  ERR_AUTH: none of ours, used before, or too old. */
MUST_USE enum err sign_in_by_link(struct pg *pg, struct arena *arena,
    struct str link, int64_t deadline_ms, struct sign_in *out);

#endif
