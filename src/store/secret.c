/* secret: what tokens and sessions are made of.  Floor: store. */
#include "secret.h"

#include "base/arena.h"
#include "base/str.h"
#include "codec/base64.h"
#include "codec/digest.h"
#include "io/entropy.h"
#include "io/pg.h"

#include <stddef.h>

#define SECRET_BYTES 32
#define SECRET_CHARACTERS 43 /* so many bytes in base64url, unpadded */

struct str
secret_new(struct arena *arena, struct str prefix)
{
	unsigned char bytes[SECRET_BYTES];
	struct str secret;

	entropy_bytes(bytes, sizeof(bytes));
	secret = base64url_encode(
	    arena, (struct str){ (const char *)bytes, sizeof(bytes) });
	return str_format(arena, "%.*s%.*s", STR_ARG(prefix), STR_ARG(secret));
}

bool
secret_fits(struct str secret, struct str prefix)
{
	if (!str_starts(secret, prefix) ||
	    secret.n != prefix.n + SECRET_CHARACTERS)
		return false;
	for (size_t i = prefix.n; i < secret.n; i++) {
		if (!is_base64url(secret.p[i]))
			return false;
	}
	return true;
}

struct pg_param
secret_hash(struct arena *arena, struct str secret)
{
	unsigned char sum[DIGEST_SHA256_BYTES];

	digest_sha256(secret, sum);
	return pg_bytea(
	    str_copy(arena, (struct str){ (const char *)sum, sizeof(sum) }));
}
