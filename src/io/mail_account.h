/* mail_account: whose letters they are, which nobody is told.  Floor: io. */
#ifndef MAINLINE_IO_MAIL_ACCOUNT_H
#define MAINLINE_IO_MAIL_ACCOUNT_H

#include "base/arena.h"
#include "base/str.h"

#include <stdbool.h>

struct mail_account {
	const char *user, *password; /* NULL: there is none */
};

/*
 * Does a server's line repeat the password: in plain, or in base64 as AUTH
 * LOGIN and AUTH PLAIN send it?
 */
bool mail_tells_password(
    struct arena *arena, struct str line, const struct mail_account *account);

#endif
