/* http: answers, and the one table from err to status.  Floor: http. */
#include "http/http.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/base64.h"
#include "codec/digest.h"
#include "codec/form.h"
#include "codec/jsonw.h"
#include "codec/utf8.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#define HEADERS_MAX_BYTES 4096
#define DETAIL_MAX_BYTES 512
#define QUERY_MAX_PAIRS 64

static const struct {
	int status;
	const char *reason;
} statuses[] = {
	{ 200, "OK" },
	{ 201, "Created" },
	{ 204, "No Content" },
	{ 206, "Partial Content" },
	{ 304, "Not Modified" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 409, "Conflict" },
	{ 410, "Gone" },
	{ 413, "Content Too Large" },
	{ 415, "Unsupported Media Type" },
	{ 416, "Range Not Satisfiable" },
	{ 429, "Too Many Requests" },
	{ 500, "Internal Server Error" },
	{ 502, "Bad Gateway" },
	{ 503, "Service Unavailable" },
};

int
http_status(enum err e)
{
	static const int of[ERR__MAX] = {
		[ERR_OK] = 200,
		[ERR_INPUT] = 400,
		[ERR_AUTH] = 401,
		[ERR_FORBIDDEN] = 403,
		[ERR_NOT_FOUND] = 404,
		[ERR_GONE] = 410,
		[ERR_METHOD] = 405,
		[ERR_CONFLICT] = 409,
		[ERR_LIMIT] = 413,
		[ERR_TOO_MANY] = 429,
		[ERR_TYPE] = 415,
		[ERR_BUSY] = 503,
		[ERR_DB] = 500,
		[ERR_UPSTREAM] = 502,
		[ERR_BUG] = 500,
	};

	return (size_t)e < ARRAY_LEN(of) ? of[e] : 500;
}

const char *
http_reason(int status)
{
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		if (statuses[i].status == status)
			return statuses[i].reason;
	}
	return "";
}

int64_t
req_deadline(const struct req *req, int ms)
{
	return req->started_ms + ms;
}

/* "*" names any, and a weak one is as good.  Source: RFC 9110, 13.1.2 */
bool
req_holds(const struct req *req, struct str etag)
{
	struct str rest = req->if_none_match;

	while (rest.p != NULL) {
		struct str one = str_trim(str_split(&rest, ','));

		if (str_starts(one, STR("W/")))
			one = str_slice(one, 2, one.n);
		if (str_eq(one, etag) || str_eq(one, STR("*")))
			return true;
	}
	return false;
}

void
resp_init(struct resp *resp, struct arena *arena)
{
	*resp = (struct resp){ 0 };
	buf_init(&resp->headers, arena, HEADERS_MAX_BYTES);
}

void
resp_header(struct resp *resp, const char *name, struct str value)
{
	buf_addf(&resp->headers, "%s: %.*s\r\n", name, STR_ARG(value));
}

void
resp_twiml(struct resp *resp, struct str twiml)
{
	resp->status = 200;
	resp->content_type = STR("text/xml");
	resp->body = twiml;
}

void
resp_json(struct resp *resp, int status, struct str json)
{
	resp->status = status;
	resp->content_type = STR("application/json");
	resp->body = json;
}

void
resp_empty(struct resp *resp, int status)
{
	resp->status = status;
	resp->content_type = STR_ABSENT;
	resp->body = STR_ABSENT;
}

void
resp_tagged(struct resp *resp, const struct req *req, struct str body)
{
	unsigned char sum[DIGEST_SHA256_BYTES];
	struct str etag;

	digest_sha256(body, sum);
	etag = hex_encode(req->arena, (struct str){ (const char *)sum, 16 });
	etag = str_format(req->arena, "\"%.*s\"", STR_ARG(etag));
	resp_header(resp, "ETag", etag);
	resp_header(resp, "Cache-Control", STR("private, no-cache"));
	if (req_holds(req, etag))
		resp_empty(resp, 304);
	else
		resp_json(resp, 200, body);
}

struct problem {
	enum err e;
	const char *code;
	struct str detail;    /* absent: none */
	struct str parameter; /* absent: about none */
};

static enum err
write_problem(
    struct resp *resp, const struct req *req, const struct problem *problem)
{
	const int status = http_status(problem->e);
	struct buf body;
	struct jsonw w;

	buf_init(&body, req->arena, HTTP_RESPONSE_MAX_BYTES);
	jsonw_init(&w, &body);
	jsonw_object(&w, NULL);
	jsonw_str(&w, "type", STR("about:blank"));
	jsonw_str(&w, "title", str_of(http_reason(status)));
	jsonw_int(&w, "status", status);
	jsonw_str(&w, "code", str_of(problem->code));
	if (problem->detail.p != NULL)
		jsonw_str(&w, "detail", problem->detail);
	if (problem->parameter.p != NULL)
		jsonw_str(&w, "parameter", problem->parameter);
	jsonw_object_end(&w);
	/* What is wrong now may be right in a moment; 410 would be kept. */
	resp_header(resp, "Cache-Control", STR("no-store"));
	resp->status = status;
	resp->content_type = STR("application/problem+json");
	resp->body = buf_str(&body);
	return problem->e;
}

enum err
resp_problem(struct resp *resp, const struct req *req, enum err e,
    const char *code, const char *fmt, ...)
{
	struct problem problem = { .e = e, .code = code };
	char detail[DETAIL_MAX_BYTES];
	va_list args;

	if (fmt != NULL) {
		va_start(args, fmt);
		(void)vsnprintf(detail, sizeof(detail), fmt, args);
		va_end(args);
		problem.detail = str_of(detail);
	}
	return write_problem(resp, req, &problem);
}

enum err
resp_bad_parameter(struct resp *resp, const struct req *req, struct str name,
    const char *detail)
{
	const struct problem problem = {
		.e = ERR_INPUT,
		.code = "bad_parameter",
		.detail = str_of(detail),
		.parameter = name,
	};

	return write_problem(resp, req, &problem);
}

enum err
resp_no_parameters(struct resp *resp, const struct req *req)
{
	struct form query = { 0 };

	if (form_parse(req->arena, req->query, QUERY_MAX_PAIRS, &query) !=
		ERR_OK ||
	    query.n == 0)
		return resp_bad_parameter(
		    resp, req, STR_ABSENT, "This path takes no parameters.");
	return resp_bad_parameter(resp, req,
	    utf8_clean(req->arena, query.pairs[0].name),
	    "This path takes no parameters.");
}
