/* sigv4: AWS Signature Version 4 in a query.  Floor: codec. */
#include "codec/sigv4.h"

#include "base/arena.h"
#include "base/str.h"
#include "codec/base64.h"
#include "codec/date.h"
#include "codec/digest.h"
#include "codec/form.h"

/* HMAC-SHA256, in the arena. */
static struct str
hmac(struct arena *arena, struct str key, struct str text)
{
	unsigned char *const out = arena_alloc(arena, DIGEST_SHA256_BYTES);

	digest_hmac_sha256(key, text, out);
	return (struct str){ (const char *)out, DIGEST_SHA256_BYTES };
}

/* The key of one day, one region and S3. */
static struct str
signing_key(struct arena *arena, const struct sigv4_key *key, struct str day)
{
	const struct str secret =
	    str_format(arena, "AWS4%.*s", STR_ARG(key->secret));
	struct str bytes = hmac(arena, secret, day);

	bytes = hmac(arena, bytes, key->region);
	bytes = hmac(arena, bytes, STR("s3"));
	return hmac(arena, bytes, STR("aws4_request"));
}

/* The parameters in the order of their names, as they are signed and sent. */
static struct str
query_of(struct arena *arena, const struct sigv4_key *key, struct str scope,
    struct str time, int expires_s)
{
	const struct str credential = form_escape(arena,
	    str_format(arena, "%.*s/%.*s", STR_ARG(key->id), STR_ARG(scope)));

	return str_format(arena,
	    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=%.*s"
	    "&X-Amz-Date=%.*s&X-Amz-Expires=%d&X-Amz-SignedHeaders=host",
	    STR_ARG(credential), STR_ARG(time), expires_s);
}

struct str
sigv4_presign(struct arena *arena, const struct sigv4_key *key,
    const struct sigv4_get *get)
{
	const struct str time = date_compact(arena, get->now_us);
	const struct str day = str_slice(time, 0, 8);
	const struct str scope = str_format(arena, "%.*s/%.*s/s3/aws4_request",
	    STR_ARG(day), STR_ARG(key->region));
	const struct str query =
	    query_of(arena, key, scope, time, get->expires_s);
	const struct str request = str_format(arena,
	    "GET\n%.*s\n%.*s\nhost:%.*s\n\nhost\nUNSIGNED-PAYLOAD",
	    STR_ARG(get->path), STR_ARG(query), STR_ARG(get->host));
	unsigned char sum[DIGEST_SHA256_BYTES];
	struct str hash;
	struct str signature;

	digest_sha256(request, sum);
	hash =
	    hex_encode(arena, (struct str){ (const char *)sum, sizeof(sum) });
	signature = hex_encode(arena,
	    hmac(arena, signing_key(arena, key, day),
		str_format(arena, "AWS4-HMAC-SHA256\n%.*s\n%.*s\n%.*s",
		    STR_ARG(time), STR_ARG(scope), STR_ARG(hash))));
	return str_format(arena, "%.*s?%.*s&X-Amz-Signature=%.*s",
	    STR_ARG(get->path), STR_ARG(query), STR_ARG(signature));
}
