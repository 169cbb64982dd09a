/* webhook_sign: Standard Webhooks.  Floor: codec. */
#include "codec/webhook_sign.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/base64.h"
#include "codec/digest.h"

#include <inttypes.h>
#include <string.h>

#define PREFIX "whsec_"

enum err
webhook_secret_parse(struct arena *arena, struct str text, struct str *out)
{
	const struct str prefix = STR(PREFIX);
	struct str key;

	if (!str_starts(text, prefix) ||
	    base64_decode(arena, str_slice(text, prefix.n, text.n), &key) !=
		ERR_OK ||
	    key.n < WEBHOOK_SECRET_MIN_BYTES ||
	    key.n > WEBHOOK_SECRET_MAX_BYTES)
		return ERR_INPUT;
	*out = key;
	return ERR_OK;
}

struct str
webhook_sign(
    struct arena *arena, struct str key, const struct webhook_message *message)
{
	const struct str head = str_format(arena, "%.*s.%" PRId64 ".",
	    STR_ARG(message->id), message->timestamp_s);
	const size_t n = head.n + message->body.n;
	char *const signed_bytes = arena_alloc(arena, n);
	unsigned char mac[DIGEST_SHA256_BYTES];
	struct str text;

	/* By bytes: a body may hold a NUL. */
	memcpy(signed_bytes, head.p, head.n);
	if (message->body.n > 0)
		memcpy(signed_bytes + head.n, message->body.p, message->body.n);
	digest_hmac_sha256(key, (struct str){ signed_bytes, n }, mac);
	text = base64_encode(
	    arena, (struct str){ (const char *)mac, sizeof(mac) });
	return str_format(arena, "v1,%.*s", STR_ARG(text));
}
