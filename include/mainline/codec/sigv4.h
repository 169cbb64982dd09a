/*
 * sigv4: URLs that an S3-compatible storage takes as signed by us.  Pure.
 * Floor: codec.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
#ifndef MAINLINE_CODEC_SIGV4_H
#define MAINLINE_CODEC_SIGV4_H

#include "base/arena.h"
#include "base/str.h"

#include <stdint.h>

struct sigv4_key {
	struct str region; /* "eu-central-1" */
	struct str id;     /* the access key, which is told */
	struct str secret; /* which is not */
};

struct sigv4_get {
	struct str host; /* as the Host header will have it, a port included */
	struct str path; /* "/bucket/key", of A-Z a-z 0-9 - . _ ~ / alone */
	int64_t now_us;
	int expires_s; /* 1 to 604800, a week */
};

/*
 * The path and query of a GET that anybody may send to that host until it
 * expires; nothing but the Host header is signed, so a Range may be added.
 */
struct str sigv4_presign(struct arena *arena, const struct sigv4_key *key,
    const struct sigv4_get *get);

#endif
