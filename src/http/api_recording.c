/*
 * api_recording: GET /api/recordings/{sid}.mp3 and .wav.  Floor: http.
 *
 * The audio passes through from Twilio, with our credentials, which no browser
 * needs to know.  Its URL is built from the SID of a recording of ours, never
 * from one that a request carried.
 */
#include "api.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "http/http.h"
#include "io/conf.h"
#include "io/fetch.h"
#include "store/calls.h"
#include "twilio/rest.h"
#include "twilio/words.h"

#include <stddef.h>
#include <stdint.h>

#define FIND_BUDGET_MS 1000
#define HEAD_BUDGET_MS 4000  /* nginx waits for 10 s, a worker lives for 5 */
#define BODY_BUDGET_MS 60000 /* an hour of speech: 14 MB of MP3, 58 of WAV */
#define RANGE_MAX_BYTES 64

struct format {
	struct str suffix;
	struct str content_type;
};

/* "bytes=0-", "bytes=-500", "bytes=10-20": what else is ignored, as allowed. */
static struct str
one_range(struct str header)
{
	const struct str unit = STR("bytes=");
	const struct str range = str_slice(header, unit.n, SIZE_MAX);

	if (!str_starts(header, unit) || range.n < 2 ||
	    range.n > RANGE_MAX_BYTES)
		return STR_ABSENT;
	for (size_t i = 0; i < range.n; i++) {
		if ((range.p[i] < '0' || range.p[i] > '9') && range.p[i] != '-')
			return STR_ABSENT;
	}
	return range;
}

/* Of a GET alone; with If-Range the whole is always right. */
static struct str
range_of(const struct req *req)
{
	return str_eq(req->method, STR("GET")) && req->if_range.p == NULL
	    ? one_range(req->range)
	    : STR_ABSENT;
}

/* With the key, or with each of the account's tokens: one may be new. */
static enum err
ask(const struct ctx *ctx, struct req *req, struct fetch_request *request,
    struct fetch_response *out, const char **why)
{
	const struct conf *const conf = ctx->conf;
	const bool has_key = conf->twilio_api_key != NULL;
	const size_t n = has_key ? 1 : conf->n_auth_tokens;
	enum err e = ERR_UPSTREAM;

	request->user =
	    str_of(has_key ? conf->twilio_api_key : conf->twilio_account_sid);
	for (size_t i = 0; i < n; i++) {
		request->password = has_key ? str_of(conf->twilio_api_secret)
					    : conf->auth_tokens[i];
		e = fetch_open(ctx->fetcher, req->arena, request, out, why);
		if (e != ERR_OK || out->status != 401)
			break;
	}
	return e;
}

static enum err
read_audio(const void *arg, char *out, size_t n, size_t *got)
{
	const struct ctx *const ctx = arg;

	ctx_progress(ctx);
	return fetch_read(ctx->fetcher, out, n, got);
}

static void
close_audio(const void *arg)
{
	const struct ctx *const ctx = arg;

	fetch_close(ctx->fetcher);
}

/* 200, 206 and 416 are Twilio's to say. */
static enum err
pass_on(const struct ctx *ctx, struct resp *resp,
    const struct fetch_response *got, const struct format *format)
{
	resp->status = got->status;
	resp->content_type = format->content_type;
	resp_header(resp, "Accept-Ranges", STR("bytes"));
	if (got->content_range.p != NULL)
		resp_header(resp, "Content-Range", got->content_range);
	if (got->status == 416) {
		fetch_close(ctx->fetcher);
		resp_header(resp, "Cache-Control", STR("no-store"));
		resp->content_type = STR_ABSENT;
		return ERR_OK;
	}
	resp_header(resp, "Cache-Control", STR("private, max-age=3600"));
	if (got->etag.p != NULL)
		resp_header(resp, "ETag", got->etag);
	resp->source = (struct resp_source){
		.read = read_audio,
		.close = close_audio,
		.arg = ctx, /* lives until the answer is sent */
		.length = got->length,
	};
	return ERR_OK;
}

/* What Twilio's answer means to whoever wants to hear it. */
static enum err
explain(const struct ctx *ctx, struct req *req, struct resp *resp, int status,
    bool completed)
{
	fetch_close(ctx->fetcher);
	if (status == 404 && !completed) {
		resp_header(resp, "Retry-After", STR("2"));
		return resp_problem(resp, req, ERR_CONFLICT,
		    "recording_not_ready",
		    "Twilio is still working on it; try again in a moment.");
	}
	if (status == 404 || status == 410)
		return resp_problem(resp, req, ERR_GONE, "recording_gone",
		    "Twilio does not have it any more.");
	log_event(req->log, LOG_UPSTREAM, ERR_UPSTREAM,
	    "Twilio's REST API answered %d", status);
	if (status == 401 || status == 403)
		return resp_problem(resp, req, ERR_UPSTREAM, "upstream_failed",
		    "Twilio refuses our credentials; check TWILIO_API_KEY, "
		    "or TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.");
	return resp_problem(resp, req, ERR_UPSTREAM, "upstream_failed",
	    "Twilio answered %d; try again later.", status);
}

static enum err
fetch_audio(const struct ctx *ctx, struct req *req, struct resp *resp,
    const struct format *format, bool completed)
{
	const struct str url = rest_recording_media(req->arena,
	    str_of(ctx->conf->twilio_api_url),
	    str_of(ctx->conf->twilio_account_sid), req->sid, format->suffix);
	struct fetch_request request = {
		.url = str_cstr(req->arena, url),
		.range = range_of(req),
		.head_deadline_ms = req_deadline(req, HEAD_BUDGET_MS),
		.deadline_ms = req_deadline(req, BODY_BUDGET_MS),
	};
	struct fetch_response got;
	const char *why;

	if (ask(ctx, req, &request, &got, &why) != ERR_OK) {
		log_event(req->log, LOG_UPSTREAM, ERR_UPSTREAM,
		    "Twilio's REST API: %s", why);
		return resp_problem(resp, req, ERR_UPSTREAM, "upstream_failed",
		    "Twilio cannot be reached; try again later.");
	}
	/* Nothing that is no audio is served under our name. */
	if (((got.status == 200 || got.status == 206) &&
		str_starts(got.content_type, STR("audio/"))) ||
	    got.status == 416)
		return pass_on(ctx, resp, &got, format);
	return explain(ctx, req, resp, got.status, completed);
}

static enum err
answer(const struct ctx *ctx, struct req *req, struct resp *resp,
    const struct format *format)
{
	enum err e = ERR_NOT_FOUND;
	struct str status;

	if (req->query.n > 0)
		return resp_no_parameters(resp, req);
	if (sid_is(req->sid, "RE"))
		e = calls_recording(ctx->pg, req->arena, req->sid,
		    req_deadline(req, FIND_BUDGET_MS), &status);
	if (e == ERR_NOT_FOUND)
		return resp_problem(resp, req, e, "no_such_recording",
		    "No call has this recording; its SID is RE and 32 "
		    "hexadecimal digits.");
	if (e != ERR_OK)
		return e;
	if (str_eq(status, STR("absent")) || str_eq(status, STR("failed")))
		return resp_problem(resp, req, ERR_GONE, "recording_gone",
		    "Nothing was recorded.");
	return fetch_audio(
	    ctx, req, resp, format, str_eq(status, STR("completed")));
}

enum err
api_recording_mp3(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	const struct format mp3 = { STR(".mp3"), STR("audio/mpeg") };

	return answer(ctx, req, resp, &mp3);
}

enum err
api_recording_wav(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	const struct format wav = { STR(".wav"), STR("audio/x-wav") };

	return answer(ctx, req, resp, &wav);
}
