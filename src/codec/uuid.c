/* uuid: a UUID of a text.  Floor: codec. */
#include "codec/uuid.h"

#include "base/arena.h"
#include "base/str.h"
#include "codec/base64.h"
#include "codec/digest.h"

#define UUID_BYTES 16

struct str
uuid_urn(struct arena *arena, struct str text)
{
	unsigned char sum[DIGEST_SHA256_BYTES];
	struct str hex;

	digest_sha256(text, sum);
	sum[6] = (unsigned char)((sum[6] & 0x0fU) | 0x80U); /* the version */
	sum[8] = (unsigned char)((sum[8] & 0x3fU) | 0x80U); /* the variant */
	hex = hex_encode(arena, (struct str){ (const char *)sum, UUID_BYTES });
	return str_format(arena, "urn:uuid:%.8s-%.4s-%.4s-%.4s-%.12s", hex.p,
	    hex.p + 8, hex.p + 12, hex.p + 16, hex.p + 20);
}
