/*
 * privilege: from root to the user that serves.
 * Floor: process.
 */
#ifndef MAINLINE_PROCESS_PRIVILEGE_H
#define MAINLINE_PROCESS_PRIVILEGE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/conf.h"

/*
 * As root: makes the folder conf->run for conf->user, unless it is there, and
 * becomes that user, with its groups, for good.  What is opened and bound
 * afterwards is so with that user's rights, in folders that may be its own,
 * where root would follow whatever link lies there.  Does nothing for anybody
 * else.
 *
 * ERR_INPUT: root without a user to become, or it failed; `*why` says what and
 * how to mend it.
 */
MUST_USE enum err privilege_drop(
    struct arena *arena, const struct conf *conf, struct str *why);

#endif
