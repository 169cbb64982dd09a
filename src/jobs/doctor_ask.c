/* doctor_ask: what the doctor asks of others.  Floor: jobs. */
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "doctor_checks.h"
#include "io/conf.h"
#include "io/fetch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ANSWER_MAX_BYTES ((size_t)4 * 1024 * 1024)

bool
doctor_has_time(const struct doctor *d)
{
	return clock_left_ms(d->until_ms) > 0;
}

enum err
doctor_get(struct doctor *d, const char *url, struct str user,
    struct str password, struct doctor_answer *out)
{
	const int64_t now_ms = clock_mono_ms();
	const struct fetch_request request = {
		.url = url,
		.user = user,
		.password = password,
		.head_deadline_ms = now_ms + DOCTOR_ASK_MS,
		.deadline_ms = now_ms + INT64_C(2) * DOCTOR_ASK_MS,
	};
	struct fetch_response got;
	enum err e;

	*out = (struct doctor_answer){ .why = "no time was left" };
	if (!doctor_has_time(d))
		return ERR_BUSY;
	e = fetch_open(d->jobs.fetcher, d->arena, &request, &got, &out->why);
	if (e != ERR_OK)
		return e;
	out->status = got.status;
	out->date_us = got.date_us;
	if (got.status == 200)
		e = fetch_read_all(
		    d->jobs.fetcher, d->arena, ANSWER_MAX_BYTES, &out->json);
	if (e != ERR_OK)
		out->why = "the answer broke off, or is too long";
	fetch_close(d->jobs.fetcher);
	return e;
}

enum err
doctor_ask_url(struct doctor *d, const char *url, struct doctor_answer *out)
{
	const struct conf *const conf = d->conf;
	const bool has_key = conf->twilio_api_key != NULL;
	enum err e = ERR_INPUT;

	*out = (struct doctor_answer){ .why = "there are no credentials" };
	for (size_t i = 0; i < (has_key ? 1 : conf->n_auth_tokens); i++) {
		e = doctor_get(d, url,
		    str_of(has_key ? conf->twilio_api_key
				   : conf->twilio_account_sid),
		    has_key ? str_of(conf->twilio_api_secret)
			    : conf->auth_tokens[i],
		    out);
		if (e != ERR_OK || out->status != 401)
			break;
	}
	return e;
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
