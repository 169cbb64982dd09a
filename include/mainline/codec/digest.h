/*
 * digest: SHA-256, HMAC and comparing secrets; the door to libcrypto.  Pure.
 * Floor: codec.
 */
#ifndef MAINLINE_CODEC_DIGEST_H
#define MAINLINE_CODEC_DIGEST_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

#define DIGEST_SHA256_BYTES 32
#define DIGEST_SHA1_BYTES 20

/*
 * Loads what libcrypto needs, so that forked workers share those pages.
 * Without it the first digest of each process does the same.
 */
void digest_init(void);

/*
 * SHA-256 over the parts, each preceded by its length as 8 bytes, big end
 * first, so that ("ab", "c") and ("a", "bc") differ.
 */
void digest_parts(
    const struct str *parts, size_t n, unsigned char out[DIGEST_SHA256_BYTES]);

/* SHA-256 of the bytes alone. */
void digest_sha256(struct str bytes, unsigned char out[DIGEST_SHA256_BYTES]);

/*
 * SHA-256 of bytes that come piece by piece, as a file is written:
 * digest_begin(), digest_add() as often as need be, digest_end() once, which
 * also frees what digest_begin() has taken; `out` may be NULL there, when
 * nobody wants the sum any more.
 */
struct digest {
	void *context; /* libcrypto's */
};

void digest_begin(struct digest *out);
void digest_add(struct digest *digest, struct str bytes);
void digest_end(struct digest *digest, unsigned char out[DIGEST_SHA256_BYTES]);

/* HMAC-SHA256 (RFC 2104), for what we sign. */
void digest_hmac_sha256(
    struct str key, struct str text, unsigned char out[DIGEST_SHA256_BYTES]);

/* HMAC-SHA1 (RFC 2104), for Twilio's signatures. */
void digest_hmac_sha1(
    struct str key, struct str text, unsigned char out[DIGEST_SHA1_BYTES]);

/* "OpenSSL 3.0.17 1 Jul 2025" */
const char *digest_library_version(void);

/* Equal?  In a time that depends on the lengths only. */
bool digest_equal(struct str a, struct str b);

#endif
