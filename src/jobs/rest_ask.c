/* rest_ask: questions to Twilio's REST API.  Floor: jobs. */
#include "rest_ask.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "io/conf.h"
#include "io/fetch.h"
#include "kinds.h"
#include "store/jobs.h"
#include "twilio/rest.h"
#include "twilio_api.h"

#include <stddef.h>
#include <stdint.h>

#define HEAD_MS 20000
#define TOTAL_MS 40000
#define MAX_ERROR_BYTES ((size_t)64 * 1024)
#define MAX_BYTES ((size_t)8 * 1024 * 1024)
#define REFUSED_S 300 /* credentials are not mended by the minute */

bool
rest_ask_can(const struct conf *conf)
{
	return conf->twilio_account_sid != NULL &&
	    (conf->n_auth_tokens > 0 ||
		(conf->twilio_api_key != NULL &&
		    conf->twilio_api_secret != NULL));
}

static enum err
err_of(int status)
{
	if (status == 200 || status == 201)
		return ERR_OK;
	if (status == 400)
		return ERR_INPUT;
	if (status == 404)
		return ERR_NOT_FOUND;
	if (status == 401 || status == 403)
		return ERR_FORBIDDEN;
	return status == 429 || status >= 500 ? ERR_BUSY : ERR_UPSTREAM;
}

/* What was answered other than 200, in words. */
static void
explain(struct arena *arena, int status, struct rest_answer *out)
{
	const bool refused = err_of(status) == ERR_FORBIDDEN;

	if (refused && out->retry_after_s < REFUSED_S)
		out->retry_after_s = REFUSED_S;
	out->why = str_cstr(arena,
	    str_format(arena, "Twilio answered %d%s", status,
		refused ? "; check TWILIO_API_KEY, or TWILIO_ACCOUNT_SID and "
			  "TWILIO_AUTH_TOKEN"
			: ""));
}

/* What Twilio's own words for an error are, if there are any. */
static void
read_error(
    const struct jobs *jobs, struct arena *arena, struct rest_answer *out)
{
	struct str json;

	if (fetch_read_all(jobs->fetcher, arena, MAX_ERROR_BYTES, &json) !=
	    ERR_OK)
		return;
	rest_error_read(arena, json, &out->code, &out->message);
}

static enum err
exchange(const struct jobs *jobs, struct arena *arena,
    struct fetch_request *request, struct rest_answer *out)
{
	const int64_t now_ms = clock_mono_ms();
	struct fetch_response got;
	enum err e;

	request->head_deadline_ms = now_ms + HEAD_MS;
	request->deadline_ms = now_ms + TOTAL_MS;
	*out = (struct rest_answer){ .why = "", .retry_after_s = -1 };
	e = twilio_api_ask(jobs, arena, request, &got, &out->why);
	if (e != ERR_OK)
		return e == ERR_BUSY ? ERR_BUSY : ERR_UPSTREAM;
	out->status = got.status;
	out->retry_after_s = got.retry_after_s;
	e = err_of(got.status);
	if (e != ERR_OK) {
		explain(arena, got.status, out);
		read_error(jobs, arena, out);
	} else if (fetch_read_all(
		       jobs->fetcher, arena, MAX_BYTES, &out->json) != ERR_OK) {
		out->why = "Twilio's answer broke off, or is too long";
		e = ERR_BUSY;
	}
	fetch_close(jobs->fetcher);
	return e;
}

static const char *
url_of(struct arena *arena, struct str origin, struct str path)
{
	return str_cstr(arena,
	    str_format(arena, "%.*s%.*s", STR_ARG(origin), STR_ARG(path)));
}

enum err
rest_ask_at(const struct jobs *jobs, struct arena *arena, struct str origin,
    struct str path, struct rest_answer *out)
{
	struct fetch_request request = { .url = url_of(arena, origin, path) };
	const enum err e = exchange(jobs, arena, &request, out);

	return e == ERR_INPUT ? ERR_UPSTREAM : e;
}

enum err
rest_ask(const struct jobs *jobs, struct arena *arena, struct str path,
    struct rest_answer *out)
{
	return rest_ask_at(
	    jobs, arena, str_of(jobs->conf->twilio_api_url), path, out);
}

enum err
rest_ask_to(const struct jobs *jobs, struct arena *arena, struct str path,
    struct str form, struct rest_answer *out)
{
	struct fetch_request request = {
		.url = url_of(arena, str_of(jobs->conf->twilio_api_url), path),
		.method = FETCH_POST,
		.body = form,
	};

	return exchange(jobs, arena, &request, out);
}

struct job_end
rest_ask_failed(struct arena *arena, const struct job *job,
    const struct rest_answer *answer)
{
	return job_failed_for(
	    job_failed(arena, job, "%s", answer->why), answer->retry_after_s);
}
