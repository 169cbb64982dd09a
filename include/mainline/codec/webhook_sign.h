/*
 * webhook_sign: the signature of webhooks that we send, by the convention
 * Standard Webhooks.  Pure.
 * Floor: codec.
 * Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 *
 * Three headers go with a body: webhook-id, webhook-timestamp (seconds since
 * 1970) and webhook-signature, which this makes of them.  A repetition keeps
 * its id and has a timestamp and so a signature of its own.
 */
#ifndef MAINLINE_CODEC_WEBHOOK_SIGN_H
#define MAINLINE_CODEC_WEBHOOK_SIGN_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

#define WEBHOOK_SECRET_MIN_BYTES 24
#define WEBHOOK_SECRET_MAX_BYTES 64

struct webhook_message {
	struct str id; /* without a "." */
	int64_t timestamp_s;
	struct str body; /* the very bytes that are sent */
};

/*
 * The key that "whsec_<base64>" holds.  ERR_INPUT: it is not that, or not of 24
 * to 64 bytes.
 */
MUST_USE enum err webhook_secret_parse(
    struct arena *arena, struct str text, struct str *out);

/* "v1,<base64 of HMAC-SHA256(key, id.timestamp.body)>" */
struct str webhook_sign(
    struct arena *arena, struct str key, const struct webhook_message *message);

#endif
