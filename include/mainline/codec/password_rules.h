/*
 * password_rules: may it be somebody's password?  Pure.
 * Floor: codec.  Source: NIST SP 800-63B, 5.1.1: a length, and not what is
 * guessed first; no rules about kinds of characters, and no expiry.
 */
#ifndef MAINLINE_CODEC_PASSWORD_RULES_H
#define MAINLINE_CODEC_PASSWORD_RULES_H

#include "base/str.h"

#define PASSWORD_MIN_CHARACTERS 10
#define PASSWORD_MAX_CHARACTERS 200

/*
 * What is wrong with `password` for a user of that name, as a sentence for
 * them; NULL: nothing.  Characters are Unicode's, not bytes.
 */
const char *password_rules_check(struct str password, struct str name);

#endif
