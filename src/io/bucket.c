/* bucket: files kept in an S3-compatible storage.  Floor: io. */
#include "io/bucket.h"

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/base64.h"
#include "codec/digest.h"
#include "codec/sigv4.h"
#include "codec/url.h"
#include "io/conf.h"
#include "io/fetch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define ERROR_MAX_BYTES ((size_t)16 * 1024)
#define CODE_MAX_BYTES 64

/* A port that goes without saying is not in the Host header. */
static struct str
host_header(const struct url *url)
{
	const bool secure = str_eq_nocase(url->scheme, STR("https"));

	return url->port == (secure ? 443 : 80) ? url->host : url->authority;
}

enum err
bucket_open(struct arena *arena, const struct conf *conf, struct bucket *out)
{
	struct url url;

	if (conf->s3_url == NULL)
		return ERR_NOT_FOUND;
	if (url_parse(str_of(conf->s3_url), &url) != ERR_OK)
		return ERR_BUG; /* conf has checked it */
	*out = (struct bucket){
		.origin = url.origin,
		.host = host_header(&url),
		.path = url.path,
		.sigv4 = str_format(arena, "aws:amz:%s:s3", conf->s3_region).p,
		.key = { .region = str_of(conf->s3_region),
		    .id = str_of(conf->s3_key),
		    .secret = str_of(conf->s3_secret) },
	};
	return ERR_OK;
}

static bool
is_key(struct str key)
{
	struct str rest = key;

	for (size_t i = 0; i < key.n; i++) {
		if (!is_base64url(key.p[i]) && key.p[i] != '.' &&
		    key.p[i] != '/')
			return false;
	}
	while (rest.p != NULL) {
		const struct str part = str_split(&rest, '/');

		if (part.n == 0 || str_eq(part, STR(".")) ||
		    str_eq(part, STR("..")))
			return false;
	}
	return key.n > 0 && key.n <= BUCKET_KEY_MAX_BYTES;
}

/* "<Code>NoSuchBucket</Code>": its word, or nothing. */
static struct str
code_of(struct str body)
{
	const char *const begin =
	    body.p == NULL ? NULL : strstr(body.p, "<Code>");
	struct str code;

	if (begin == NULL)
		return STR("");
	code = str_of(begin + strlen("<Code>"));
	code = str_slice(code, 0, str_find(code, '<'));
	for (size_t i = 0; i < code.n; i++) {
		if (!is_base64url(code.p[i]))
			return STR("");
	}
	return code.n <= CODE_MAX_BYTES ? code : STR("");
}

/* What its answer means. */
static enum err
judge(const struct bucket_call *call, const struct fetch_response *got,
    const char **why)
{
	struct str body = STR_ABSENT;
	struct str code;

	if (got->status >= 200 && got->status < 300)
		return ERR_OK;
	if (fetch_read_all(
		call->fetcher, call->arena, ERROR_MAX_BYTES, &body) != ERR_OK)
		body = STR_ABSENT;
	code = code_of(body);
	*why = str_format(call->arena, "the bucket answered %d%s%.*s",
	    got->status, code.n > 0 ? ", " : "", STR_ARG(code))
		   .p;
	if (got->status == 404 && !str_eq(code, STR("NoSuchBucket")))
		return ERR_NOT_FOUND;
	if (got->status == 408 || got->status == 429 || got->status >= 500)
		return ERR_BUSY;
	return ERR_UPSTREAM;
}

static enum err
ask(const struct bucket *bucket, const struct bucket_call *call,
    struct fetch_request *request, struct fetch_response *got, const char **why)
{
	const struct str url = str_format(call->arena, "%.*s%.*s/%.*s",
	    STR_ARG(bucket->origin), STR_ARG(bucket->path), STR_ARG(call->key));
	enum err e;

	*why = "is no key of a bucket";
	if (!is_key(call->key))
		return ERR_INPUT;
	request->url = url.p;
	request->user = bucket->key.id;
	request->password = bucket->key.secret;
	request->aws_sigv4 = bucket->sigv4;
	request->head_deadline_ms = call->deadline_ms;
	request->deadline_ms = call->deadline_ms;
	e = fetch_open(call->fetcher, call->arena, request, got, why);
	if (e != ERR_OK)
		return e;
	e = judge(call, got, why);
	fetch_close(call->fetcher);
	return e;
}

/* The header that says which bytes are signed. */
static struct fetch_header
content_sha256(struct arena *arena, const unsigned char *sum)
{
	const struct str bytes = { (const char *)sum, DIGEST_SHA256_BYTES };

	return (struct fetch_header){
		.name = "x-amz-content-sha256",
		.value = hex_encode(arena, bytes),
	};
}

enum err
bucket_put(const struct bucket *bucket, const struct bucket_call *call,
    const struct bucket_file *file, const char **why)
{
	const struct fetch_header headers[] = {
		content_sha256(call->arena, file->sha256),
	};
	struct fetch_request request = {
		.method = FETCH_PUT,
		.headers = headers,
		.n_headers = ARRAY_LEN(headers),
		.file = &file->file,
		.content_type = file->content_type,
	};
	struct fetch_response got;
	const enum err e = ask(bucket, call, &request, &got, why);

	return e == ERR_NOT_FOUND ? ERR_UPSTREAM : e;
}

/* A question without a body. */
static enum err
ask_bare(const struct bucket *bucket, const struct bucket_call *call,
    enum fetch_method method, struct fetch_response *got, const char **why)
{
	unsigned char sum[DIGEST_SHA256_BYTES];
	struct fetch_header header;
	struct fetch_request request = {
		.method = method,
		.headers = &header,
		.n_headers = 1,
	};

	digest_sha256(STR(""), sum);
	header = content_sha256(call->arena, sum);
	return ask(bucket, call, &request, got, why);
}

enum err
bucket_delete(const struct bucket *bucket, const struct bucket_call *call,
    const char **why)
{
	struct fetch_response got;
	const enum err e = ask_bare(bucket, call, FETCH_DELETE, &got, why);

	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err
bucket_head(const struct bucket *bucket, const struct bucket_call *call,
    int64_t *length, const char **why)
{
	struct fetch_response got;
	const enum err e = ask_bare(bucket, call, FETCH_HEAD, &got, why);

	if (e == ERR_OK)
		*length = got.length;
	return e;
}

enum err
bucket_presign(struct arena *arena, const struct bucket *bucket,
    const struct bucket_grant *grant, struct str *path_and_query)
{
	const struct sigv4_get get = {
		.host = bucket->host,
		.path = str_format(arena, "%.*s/%.*s", STR_ARG(bucket->path),
		    STR_ARG(grant->key)),
		.now_us = grant->now_us,
		.expires_s = grant->expires_s,
	};

	if (!is_key(grant->key))
		return ERR_INPUT;
	*path_and_query = sigv4_presign(arena, &bucket->key, &get);
	return ERR_OK;
}
