/*
 * bucket: files kept in an S3-compatible storage, path style.
 * Floor: io.
 *
 * What is sent is signed (AWS Signature Version 4) together with its SHA-256,
 * so that the storage refuses bytes that changed on the way.
 */
#ifndef MAINLINE_IO_BUCKET_H
#define MAINLINE_IO_BUCKET_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/digest.h"
#include "codec/sigv4.h"
#include "io/conf.h"
#include "io/fetch.h"

#include <stdint.h>

#define BUCKET_KEY_MAX_BYTES 512

struct bucket {
	struct str origin; /* "https://host:port": where a proxy sends a GET */
	struct str host;   /* the Host header that it must send with it */
	struct str path;   /* "/my-bucket" */
	const char *sigv4; /* libcurl's name of the signature */
	struct sigv4_key key;
};

/*
 * The bucket of the configuration, in `arena` or borrowed from `conf`.
 * ERR_NOT_FOUND: none is configured.
 */
MUST_USE enum err bucket_open(
    struct arena *arena, const struct conf *conf, struct bucket *out);

/* One question to the bucket. */
struct bucket_call {
	struct fetcher *fetcher; /* what it has open is given up */
	struct arena *arena;
	/*
	 * "2026/11/RE0123.wav": letters, digits, "-", "_", "." and "/", without
	 * "." and ".." and empty parts, so that nothing in it is escaped.
	 */
	struct str key;
	int64_t deadline_ms; /* monotonic, for all of it */
};

struct bucket_file {
	struct fetch_file file; /* from its beginning */
	struct str content_type;
	unsigned char sha256[DIGEST_SHA256_BYTES]; /* of those bytes */
};

/*
 * All of these: ERR_OK; ERR_BUSY: nobody answers, or the storage says 408, 429
 * or 5xx: later; ERR_UPSTREAM: it refuses (`*why` has its status and code, such
 * as SignatureDoesNotMatch) or cannot be spoken to; ERR_INPUT: the key or the
 * file is none.  `*why` is set always, in the call's arena.
 *
 * bucket_put() replaces what is there, in one step.  bucket_delete() is content
 * when it is gone already.  bucket_head(): ERR_NOT_FOUND when it is not there;
 * `*length` in bytes.  (A key that may not list the bucket is told 403 in place
 * of 404, which is ERR_UPSTREAM.)
 */
MUST_USE enum err bucket_put(const struct bucket *bucket,
    const struct bucket_call *call, const struct bucket_file *file,
    const char **why);
MUST_USE enum err bucket_delete(const struct bucket *bucket,
    const struct bucket_call *call, const char **why);
MUST_USE enum err bucket_head(const struct bucket *bucket,
    const struct bucket_call *call, int64_t *length, const char **why);

struct bucket_grant {
	struct str key;
	int64_t now_us;
	int expires_s; /* 1 to 604800 */
};

/*
 * Path and query of a GET that needs no credentials until it expires, for a
 * proxy that cannot sign: it is sent to bucket->origin with bucket->host as
 * Host, and a Range if one likes.  ERR_INPUT: the key is none.  No I/O.
 */
MUST_USE enum err bucket_presign(struct arena *arena,
    const struct bucket *bucket, const struct bucket_grant *grant,
    struct str *path_and_query);

#endif
