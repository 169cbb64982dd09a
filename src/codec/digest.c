/* digest: the door to libcrypto.  Floor: codec. */
#include "codec/digest.h"

#include "base/str.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/types.h>
#include <stdint.h>
#include <stdlib.h>

/*
 * A digest of bytes in memory fails only when memory does, and that ends the
 * process, as in arena.
 */
static void
must(int ok)
{
	if (ok != 1)
		abort();
}

void
digest_init(void)
{
	unsigned char out[DIGEST_SHA256_BYTES];
	unsigned char mac[DIGEST_SHA1_BYTES];

	digest_sha256(STR(""), out);
	digest_hmac_sha1(STR("key"), STR(""), mac);
}

void
digest_parts(
    const struct str *parts, size_t n, unsigned char out[DIGEST_SHA256_BYTES])
{
	EVP_MD_CTX *const ctx = EVP_MD_CTX_new();

	must(ctx != NULL);
	must(EVP_DigestInit_ex(ctx, EVP_sha256(), NULL));
	for (size_t i = 0; i < n; i++) {
		unsigned char length[8];

		for (size_t k = 0; k < sizeof(length); k++)
			length[k] = (unsigned char)((uint64_t)parts[i].n >>
			    (56 - 8 * k));
		must(EVP_DigestUpdate(ctx, length, sizeof(length)));
		must(EVP_DigestUpdate(ctx, parts[i].p, parts[i].n));
	}
	must(EVP_DigestFinal_ex(ctx, out, NULL));
	EVP_MD_CTX_free(ctx);
}

void
digest_sha256(struct str bytes, unsigned char out[DIGEST_SHA256_BYTES])
{
	must(EVP_Digest(bytes.p, bytes.n, out, NULL, EVP_sha256(), NULL));
}

void
digest_begin(struct digest *out)
{
	out->context = EVP_MD_CTX_new();
	must(out->context != NULL);
	must(EVP_DigestInit_ex(out->context, EVP_sha256(), NULL));
}

void
digest_add(struct digest *digest, struct str bytes)
{
	must(EVP_DigestUpdate(digest->context, bytes.p, bytes.n));
}

void
digest_end(struct digest *digest, unsigned char out[DIGEST_SHA256_BYTES])
{
	if (out != NULL)
		must(EVP_DigestFinal_ex(digest->context, out, NULL));
	EVP_MD_CTX_free(digest->context);
	digest->context = NULL;
}

static void
hmac(const EVP_MD *kind, struct str key, struct str text, unsigned char *out)
{
	unsigned int n = 0;

	must(key.n <= INT_MAX);
	must(HMAC(kind, key.p == NULL ? "" : key.p, (int)key.n,
		 (const unsigned char *)text.p, text.n, out, &n) != NULL);
}

void
digest_hmac_sha256(
    struct str key, struct str text, unsigned char out[DIGEST_SHA256_BYTES])
{
	hmac(EVP_sha256(), key, text, out);
}

void
digest_hmac_sha1(
    struct str key, struct str text, unsigned char out[DIGEST_SHA1_BYTES])
{
	hmac(EVP_sha1(), key, text, out);
}

bool
digest_equal(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || CRYPTO_memcmp(a.p, b.p, a.n) == 0);
}

const char *
digest_library_version(void)
{
	return OpenSSL_version(OPENSSL_VERSION);
}
