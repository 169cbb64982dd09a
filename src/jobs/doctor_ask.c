/* doctor_ask: what the doctor asks of others.  Floor: jobs. */
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "doctor_checks.h"
#include "io/conf.h"
#include "io/fetch.h"
#include "twilio_api.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NO_TIME "no time was left"
#define ANSWER_MAX_BYTES ((size_t)4 * 1024 * 1024)

bool
doctor_has_time(const struct doctor *d)
{
	return clock_left_ms(d->until_ms) > 0;
}

static struct fetch_request
request_of(const char *url)
{
	const int64_t now_ms = clock_mono_ms();

	return (struct fetch_request){
		.url = url,
		.head_deadline_ms = now_ms + DOCTOR_ASK_MS,
		.deadline_ms = now_ms + INT64_C(2) * DOCTOR_ASK_MS,
	};
}

static enum err
read_answer(struct doctor *d, const struct fetch_response *got,
    struct doctor_answer *out)
{
	enum err e = ERR_OK;

	out->status = got->status;
	out->date_us = got->date_us;
	if (got->status == 200)
		e = fetch_read_all(
		    d->jobs.fetcher, d->arena, ANSWER_MAX_BYTES, &out->json);
	if (e != ERR_OK)
		out->why = "the answer broke off, or is too long";
	fetch_close(d->jobs.fetcher);
	return e;
}

enum err
doctor_get(struct doctor *d, const char *url, struct str user,
    struct str password, struct doctor_answer *out)
{
	struct fetch_request request = request_of(url);
	struct fetch_response got;
	enum err e;

	request.user = user;
	request.password = password;
	*out = (struct doctor_answer){ .why = NO_TIME };
	if (!doctor_has_time(d))
		return ERR_BUSY;
	e = fetch_open(d->jobs.fetcher, d->arena, &request, &got, &out->why);
	return e == ERR_OK ? read_answer(d, &got, out) : e;
}

enum err
doctor_ask_url(struct doctor *d, const char *url, struct doctor_answer *out)
{
	struct fetch_request request = request_of(url);
	struct fetch_response got;
	enum err e;

	*out = (struct doctor_answer){ .why = NO_TIME };
	if (!doctor_has_time(d))
		return ERR_BUSY;
	e = twilio_api_ask(&d->jobs, d->arena, &request, &got, &out->why);
	return e == ERR_OK ? read_answer(d, &got, out) : e;
}

enum err
doctor_ask(struct doctor *d, struct str path, struct doctor_answer *out)
{
	const struct str url = str_format(
	    d->arena, "%s%.*s", d->conf->twilio_api_url, STR_ARG(path));

	return doctor_ask_url(d, url.p, out);
}

enum err
doctor_peek(struct doctor *d, const char *url, struct doctor_answer *out)
{
	const int64_t deadline_ms = clock_mono_ms() + DOCTOR_ASK_MS;
	const struct fetch_request request = {
		.url = url,
		.range = STR("0-0"),
		.head_deadline_ms = deadline_ms,
		.deadline_ms = deadline_ms,
	};
	struct fetch_response got;
	enum err e;

	*out = (struct doctor_answer){ .why = "" };
	e = fetch_open(d->jobs.fetcher, d->arena, &request, &got, &out->why);
	if (e != ERR_OK)
		return e;
	out->status = got.status;
	fetch_close(d->jobs.fetcher);
	return ERR_OK;
}
