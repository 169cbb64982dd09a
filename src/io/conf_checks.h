/*
 * conf_checks: what is wrong with a value of the configuration and how to mend
 * it, as the rest of a sentence that begins with the key; NULL: nothing.  A
 * value that may be a secret is never repeated.  Private to the io floor.
 */
#ifndef MAINLINE_IO_CONF_CHECKS_H
#define MAINLINE_IO_CONF_CHECKS_H

#include "base/arena.h"

const char *check_database_url(struct arena *arena, const char *value);
const char *check_api_key(struct arena *arena, const char *value);
const char *check_account_sid(struct arena *arena, const char *value);
const char *check_auth_token(struct arena *arena, const char *value);
const char *check_public_url(struct arena *arena, const char *value);
const char *check_plain_origin(struct arena *arena, const char *value);
const char *check_host_port(struct arena *arena, const char *value);
const char *check_phone(struct arena *arena, const char *value);
const char *check_yes_no(struct arena *arena, const char *value);
const char *check_log_level(struct arena *arena, const char *value);
const char *check_api_url(struct arena *arena, const char *value);
const char *check_file(struct arena *arena, const char *value);
const char *check_s3_word(struct arena *arena, const char *value);
const char *check_s3_url(struct arena *arena, const char *value);
const char *check_smtp_url(struct arena *arena, const char *value);
const char *check_mailbox(struct arena *arena, const char *value);
const char *check_keep_days(struct arena *arena, const char *value);
const char *check_webhook_secret(struct arena *arena, const char *value);

#endif
