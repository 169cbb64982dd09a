/* doctor_public: does what Twilio sends come through?  Floor: jobs. */
#include "base/clock.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/url.h"
#include "doctor_checks.h"
#include "doctor_codes.h"
#include "doctor_probe.h"
#include "io/conf.h"
#include "io/fetch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BODY_MAX_BYTES ((size_t)4096)

/* Does our nginx answer there at all, at another path? */
static bool
is_mainline(struct doctor *d)
{
	const int64_t deadline_ms = clock_mono_ms() + DOCTOR_ASK_MS;
	const struct str url =
	    str_format(d->arena, "%s/healthz", d->conf->public_url);
	const struct fetch_request request = {
		.url = url.p,
		.connect_to = d->conf->public_connect,
		.head_deadline_ms = deadline_ms,
		.deadline_ms = deadline_ms,
	};
	struct fetch_response got;
	struct str body = STR("");
	const char *why;

	if (fetch_open(d->jobs.fetcher, d->arena, &request, &got, &why) !=
	    ERR_OK)
		return false;
	if (fetch_read_all(d->jobs.fetcher, d->arena, BODY_MAX_BYTES, &body) !=
	    ERR_OK)
		body = STR("");
	fetch_close(d->jobs.fetcher);
	return got.status == 200 && str_eq(body, STR("{\"status\":\"ok\"}"));
}

static bool
is_taken(struct doctor *d, const struct probe *probe)
{
	struct probe_answer answer;

	probe_send(d, probe, &answer);
	return answer.result == PROBE_OURS;
}

/* Under which other address do the workers believe to be?  false: none. */
static bool
try_origins(struct doctor *d, const struct probe *plain)
{
	static const char *const schemes[] = { "https", "http" };
	struct probe probe = *plain;
	struct url url;

	if (url_parse(plain->origin, &url) != ERR_OK)
		return false;
	for (size_t i = 0; i < 2 * ARRAY_LEN(schemes); i++) {
		const bool is_host = i < ARRAY_LEN(schemes);
		const struct str authority =
		    is_host ? url.authority : STR("localhost");

		probe.origin = str_format(d->arena, "%s://%.*s",
		    schemes[i % ARRAY_LEN(schemes)], STR_ARG(authority));
		if (str_eq(probe.origin, plain->origin) || !is_taken(d, &probe))
			continue;
		doctor_say(d,
		    is_host ? FOUND_SCHEME_DIFFERS : FOUND_HOST_DIFFERS,
		    "The workers believe to be at %.*s, and "
		    "MAINLINE_PUBLIC_URL is %s here: what Twilio signs for "
		    "one is refused by the other.",
		    STR_ARG(probe.origin), d->conf->public_url);
		return true;
	}
	return false;
}

static bool
try_tokens(struct doctor *d, const struct probe *plain)
{
	struct probe probe = *plain;

	for (size_t i = 1; i < d->conf->n_auth_tokens; i++) {
		probe.token = d->conf->auth_tokens[i];
		if (!is_taken(d, &probe))
			continue;
		doctor_say(d, FOUND_TOKEN_DIFFERS,
		    "The workers refuse what the first token of "
		    "TWILIO_AUTH_TOKEN signs, and take another of them.");
		return true;
	}
	return false;
}

/* The signature of the whole is refused: which part of it is to blame? */
static void
explain_refusal(struct doctor *d, const struct probe *whole)
{
	struct probe plain = *whole;
	struct probe query = *whole;

	plain.has_query = false;
	plain.has_text = false;
	query.has_text = false;
	if (is_taken(d, &plain)) {
		if (is_taken(d, &query))
			doctor_say(d, FOUND_BODY_CHANGED,
			    "The body of a request is changed on its way here, "
			    "so its signature is refused.");
		else
			doctor_say(d, FOUND_QUERY_CHANGED,
			    "The query of an address is changed on its way "
			    "here, so its signature is refused.");
		return;
	}
	if (try_tokens(d, &plain) || try_origins(d, &plain))
		return;
	doctor_say(d, FOUND_SIGNATURE_REFUSED,
	    "The workers refuse what is signed with our token for %s: they "
	    "have another token, account or public URL.",
	    d->conf->public_url);
}

static void
explain_other(struct doctor *d, const struct probe_answer *answer)
{
	if (is_mainline(d))
		doctor_say(d, FOUND_PATH_CHANGED,
		    "Mainline answers at %s, but not at /twilio/doctor (%d): "
		    "the path is changed on the way, or the workers are of an "
		    "older program.",
		    d->conf->public_url, answer->status);
	else
		doctor_say(d, FOUND_NOT_MAINLINE,
		    "Something else than Mainline answers at %s (%d).",
		    d->conf->public_url, answer->status);
}

/* No exchange took place. */
static void
explain_silence(struct doctor *d, const struct probe_answer *answer)
{
	if (answer->result == PROBE_SILENT)
		doctor_say(d, FOUND_PUBLIC_URL_UNREACHABLE,
		    "Nobody answers at %s (%s).", d->conf->public_url,
		    answer->why);
	else if (d->is_trusted)
		doctor_say(d, FOUND_HOST_UNKNOWN,
		    "The connection to %s is closed without an answer (%s): "
		    "nginx does so with a host that it does not know.",
		    d->conf->public_url, answer->why);
	else
		doctor_skip(d,
		    "Nothing is sent over a connection that is not "
		    "trusted.");
}

static void
judge_answer(struct doctor *d, const struct probe *probe,
    const struct probe_answer *answer)
{
	switch (answer->result) {
	case PROBE_SILENT:
	case PROBE_NO_TLS:
		explain_silence(d, answer);
		break;
	case PROBE_OURS:
		judge_probe(d, answer);
		break;
	case PROBE_REFUSED:
		explain_refusal(d, probe);
		break;
	case PROBE_REDIRECT:
		doctor_say(d, FOUND_REDIRECTED, "%s sends requests on to %.*s.",
		    d->conf->public_url, STR_ARG(answer->location));
		break;
	case PROBE_PLAIN:
		doctor_say(d, FOUND_PLAIN_PORT,
		    "What ends TLS in front of nginx passes requests on to its "
		    "plain port, where webhooks are refused.");
		break;
	case PROBE_NO_WORKER:
		doctor_say(d, FOUND_WORKERS_NO_ANSWER,
		    "nginx answers at %s, and no worker behind it (%d): it "
		    "leads callers to voicemail by itself.",
		    d->conf->public_url, answer->status);
		break;
	case PROBE_OTHER:
		explain_other(d, answer);
		break;
	}
}

void
examine_public_url(struct doctor *d)
{
	const struct conf *const conf = d->conf;
	struct probe_answer answer;
	struct probe probe = { .has_query = true, .has_text = true };

	if (conf->public_url == NULL || conf->twilio_account_sid == NULL ||
	    conf->n_auth_tokens == 0) {
		doctor_skip(d,
		    "There is no public URL, account or token to "
		    "sign with.");
		return;
	}
	probe.origin = str_of(conf->public_url);
	probe.token = conf->auth_tokens[0];
	probe_send(d, &probe, &answer);
	judge_answer(d, &probe, &answer);
}
