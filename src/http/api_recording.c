/*
 * api_recording: GET /api/recordings/{sid}.mp3 and .wav.  Floor: http.
 *
 * Who may hear it, and which bytes they are, is said here; nginx sends them,
 * from the folder or, as a proxy, from the bucket: nginx/mainline.conf.in, at
 * /kept/.  No worker waits for a slow listener, and none needs a network.
 */
#include "api.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "codec/date.h"
#include "codec/phone.h"
#include "http/auth.h"
#include "http/http.h"
#include "io/bucket.h"
#include "store/recordings.h"
#include "twilio/words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FIND_BUDGET_MS 1000
#define LISTEN_BUDGET_MS 1500 /* what remains of it, when finding took long */
#define RANGE_MAX_BYTES 64
#define GRANT_S 300 /* nginx asks at once; clocks differ by minutes */

/* One that was found, in the format that was asked for. */
struct audio {
	const struct recording *recording;
	enum recording_format format;
	struct str etag;
};

/*
 * Who listens from the beginning is noted: a browser asks for further parts as
 * it likes.  It plays whether that can be written or not.
 */
static void
note_listening(
    const struct ctx *ctx, const struct req *req, const struct audio *audio)
{
	const struct listen listen = {
		.line = audio->recording->line,
		.sid = req->sid,
		.who = req->who.name,
	};
	enum err e;

	if (!str_eq(req->method, STR("GET")) ||
	    (req->range.p != NULL && !str_eq(req->range, STR("bytes=0-"))))
		return;
	e = recordings_listen(
	    ctx->pg, req->arena, &listen, req_deadline(req, LISTEN_BUDGET_MS));
	if (e != ERR_OK)
		log_event(req->log, LOG_DB_ERROR, e,
		    "who listens could not be written down");
}

/*
 * "2026-11-22 09.00.00 +15550123456.mp3": what it is when it lies in a folder
 * of downloads.  Nothing but a number in E.164 gets into it.
 */
static struct str
file_name(const struct req *req, const struct audio *audio)
{
	const struct recording *const r = audio->recording;
	const struct str suffix = recording_suffix(audio->format);
	const struct str from = phone_is_e164(r->from) ? r->from : STR("");
	struct str at;

	if (r->started_us < 0)
		return recordings_name(req->arena, req->sid, audio->format);
	at = date_rfc3339(req->arena, r->started_us);
	return str_format(req->arena, "%.10s %.2s.%.2s.%.2s%s%.*s%.*s", at.p,
	    at.p + 11, at.p + 14, at.p + 17, from.n > 0 ? " " : "",
	    STR_ARG(from), STR_ARG(suffix));
}

static void
put_headers(struct resp *resp, const struct req *req, const struct audio *audio)
{
	resp->content_type = recording_type(audio->format);
	resp_header(resp, "ETag", audio->etag);
	/* Asked about each time, so that signing out ends it. */
	resp_header(resp, "Cache-Control", STR("private, no-cache"));
	resp_header(resp, "Content-Disposition",
	    str_format(req->arena, "inline; filename=\"%s\"",
		file_name(req, audio).p));
}

/* nginx knows the file's ranges, and compares the ETag with If-Range. */
static enum err
from_folder(struct resp *resp, const struct req *req, const struct audio *audio)
{
	const struct str name =
	    recordings_name(req->arena, req->sid, audio->format);

	resp->status = 200;
	resp_header(resp, "X-Accel-Redirect",
	    str_format(req->arena, "/kept/folder/%.*s", STR_ARG(name)));
	return ERR_OK;
}

/* "bytes=0-", "bytes=-500", "bytes=10-20": what else is ignored, as allowed. */
static bool
is_one_range(struct str header)
{
	const struct str unit = STR("bytes=");
	const struct str range = str_slice(header, unit.n, SIZE_MAX);

	if (!str_starts(header, unit) || range.n < 2 ||
	    range.n > RANGE_MAX_BYTES)
		return false;
	for (size_t i = 0; i < range.n; i++) {
		if ((range.p[i] < '0' || range.p[i] > '9') && range.p[i] != '-')
			return false;
	}
	return true;
}

/* The bucket has an ETag of its own, so If-Range is decided here. */
static bool
wants_range(const struct req *req, const struct audio *audio)
{
	return is_one_range(req->range) &&
	    (req->if_range.p == NULL || str_eq(req->if_range, audio->etag));
}

static enum err
from_bucket(const struct ctx *ctx, struct req *req, struct resp *resp,
    const struct audio *audio)
{
	const int64_t bytes = audio->recording->files[audio->format].bytes;
	const struct bucket_grant grant = {
		.key = recordings_name(req->arena, req->sid, audio->format),
		.now_us = clock_wall_us(),
		.expires_s = GRANT_S,
	};
	struct bucket bucket;
	struct str where;

	if (bucket_open(req->arena, ctx->conf, &bucket) != ERR_OK)
		return resp_problem(resp, req, ERR_UPSTREAM, "upstream_failed",
		    "It lies in a bucket, and none is configured here; set "
		    "MAINLINE_S3_URL.");
	if (bucket_presign(req->arena, &bucket, &grant, &where) != ERR_OK)
		return ERR_BUG;
	if (wants_range(req, audio))
		resp_header(resp, "X-Kept-Range", req->range);
	resp->status = 200;
	resp_header(resp, "X-Kept-Path", where);
	resp_header(resp, "X-Kept-Bytes",
	    str_format(req->arena, "%lld", (long long)bytes));
	resp_header(resp, "X-Accel-Redirect", STR("/kept/bucket"));
	return ERR_OK;
}

static enum err
serve(const struct ctx *ctx, struct req *req, struct resp *resp,
    const struct audio *audio)
{
	note_listening(ctx, req, audio);
	put_headers(resp, req, audio);
	if (req_holds(req, audio->etag)) {
		resp_empty(resp, 304);
		return ERR_OK;
	}
	return audio->recording->place == RECORDING_BUCKET
	    ? from_bucket(ctx, req, resp, audio)
	    : from_folder(resp, req, audio);
}

/* It is not to be had: not yet, or not any more. */
static enum err
explain(struct req *req, struct resp *resp, const struct recording *recording)
{
	const struct str status = recording->status;

	if (recording->removed)
		return resp_problem(resp, req, ERR_GONE, "recording_gone",
		    "Its time to be kept was over, and it was removed.");
	if (recording->place != RECORDING_NOWHERE)
		return resp_problem(resp, req, ERR_GONE, "recording_gone",
		    "It is not kept in this format.");
	if (str_eq(status, STR("absent")) || str_eq(status, STR("failed")))
		return resp_problem(resp, req, ERR_GONE, "recording_gone",
		    "Nothing was recorded.");
	if (recording->given_up)
		return resp_problem(resp, req, ERR_GONE, "recording_gone",
		    "Twilio has not handed it out for a day; `mainline jobs "
		    "list` says why, `mainline jobs retry` tries again.");
	resp_header(resp, "Retry-After", STR("2"));
	return resp_problem(resp, req, ERR_CONFLICT, "recording_not_ready",
	    "It is not here yet; try again in a moment.");
}

static enum err
answer(const struct ctx *ctx, struct req *req, struct resp *resp,
    enum recording_format format)
{
	struct recording recording;
	struct audio audio = { .recording = &recording, .format = format };
	struct str sum;
	enum err e = ERR_NOT_FOUND;

	if (auth_has_more_than_key(req))
		return resp_no_parameters(resp, req);
	if (sid_is(req->sid, "RE"))
		e = recordings_find(ctx->pg, req->arena, req->sid,
		    req_deadline(req, FIND_BUDGET_MS), &recording);
	if (e == ERR_NOT_FOUND)
		return resp_problem(resp, req, e, "no_such_recording",
		    "No call has this recording; its SID is RE and 32 "
		    "hexadecimal digits.");
	if (e != ERR_OK)
		return e;
	sum = recording.files[format].sha256;
	if (recording.place == RECORDING_NOWHERE || recording.removed ||
	    sum.p == NULL)
		return explain(req, resp, &recording);
	audio.etag = str_format(req->arena, "\"%.32s\"", sum.p);
	return serve(ctx, req, resp, &audio);
}

enum err
api_recording_mp3(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	return answer(ctx, req, resp, RECORDING_MP3);
}

enum err
api_recording_wav(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	return answer(ctx, req, resp, RECORDING_WAV);
}
