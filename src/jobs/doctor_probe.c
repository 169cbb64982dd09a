/* doctor_probe: a signed request of our own.  Floor: jobs. */
#include "doctor_probe.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/base64.h"
#include "codec/digest.h"
#include "codec/form.h"
#include "codec/json.h"
#include "codec/url.h"
#include "doctor_checks.h"
#include "doctor_codes.h"
#include "io/conf.h"
#include "io/fetch.h"
#include "twilio/signature.h"

#include <stddef.h>
#include <stdint.h>

#define PATH "/twilio/doctor"
/* Escapes that need not be there, and an order that sorting would change. */
#define QUERY "?line=%2B15550100001&b=a+b%20c&a=%7e"
/* Bytes that filters like to look at, and to write in another way. */
#define TEXT "&Body=a+b%20%C3%A9%0D%0A%3Cb%3E&Digits=%23&Empty=&From=%2B1555"

#define BODY_MAX_BYTES ((size_t)16 * 1024)

/* As Twilio does: of https URLs the port is not signed. */
static struct str
signed_url(struct doctor *d, const struct probe *probe)
{
	const char *const query = probe->has_query ? QUERY : "";
	struct str origin = probe->origin;
	struct url url;

	if (url_parse(origin, &url) == ERR_OK && url.port != 0 &&
	    str_eq(url.scheme, STR("https")))
		origin =
		    str_format(d->arena, "https://%.*s", STR_ARG(url.host));
	return str_format(d->arena, "%.*s" PATH "%s", STR_ARG(origin), query);
}

static struct str
body_of(struct doctor *d, const struct probe *probe)
{
	return str_format(d->arena, "AccountSid=%s%s",
	    d->conf->twilio_account_sid, probe->has_text ? TEXT : "");
}

static struct str
sha256_of(struct doctor *d, struct str bytes)
{
	unsigned char sum[DIGEST_SHA256_BYTES];

	digest_sha256(bytes, sum);
	return hex_encode(
	    d->arena, (struct str){ (const char *)sum, sizeof(sum) });
}

static struct str
member(const struct json *object, const char *key)
{
	const struct json *const m = json_member(object, str_of(key));

	return m != NULL && m->type == JSON_STRING ? m->string : STR_ABSENT;
}

/* The answer's JSON object; NULL: it is none. */
static const struct json *
object_of(struct doctor *d, struct str body)
{
	const struct json *tree;
	struct json_error error;

	if (json_parse(d->arena, body, &error, &tree) != ERR_OK ||
	    tree->type != JSON_OBJECT)
		return NULL;
	return tree;
}

enum probe_result
probe_classify(struct doctor *d, struct probe_answer *answer)
{
	const struct json *const object = object_of(d, answer->body);
	const int status = answer->status;

	if (status >= 300 && status < 400 && answer->location.p != NULL)
		return PROBE_REDIRECT;
	if (status >= 502 && status <= 504)
		return PROBE_NO_WORKER;
	if (status == 403 &&
	    str_starts(answer->body, STR("This is the plain port.")))
		return PROBE_PLAIN;
	if (object == NULL)
		return PROBE_OTHER;
	if (status == 403 &&
	    str_eq(member(object, "code"), STR("not_from_twilio")))
		return PROBE_REFUSED;
	answer->body_sha256 = member(object, "body_sha256");
	if (status != 200 || answer->body_sha256.p == NULL)
		return PROBE_OTHER;
	answer->scheme = member(object, "scheme");
	answer->port = member(object, "port");
	answer->host = member(object, "host");
	return PROBE_OURS;
}

static enum err
exchange(struct doctor *d, const struct fetch_request *request,
    struct probe_answer *out)
{
	struct fetch_response got;
	enum err e;

	e = fetch_open(d->jobs.fetcher, d->arena, request, &got, &out->why);
	if (e != ERR_OK)
		return e;
	out->status = got.status;
	out->location = got.location;
	/* Of what is too long we need no more than that it came. */
	if (fetch_read_all(d->jobs.fetcher, d->arena, BODY_MAX_BYTES,
		&out->body) != ERR_OK)
		out->body = STR("");
	fetch_close(d->jobs.fetcher);
	return ERR_OK;
}

void
probe_send(
    struct doctor *d, const struct probe *probe, struct probe_answer *out)
{
	const int64_t deadline_ms = clock_mono_ms() + DOCTOR_ASK_MS;
	const struct str body = body_of(d, probe);
	const struct str url = str_format(d->arena, "%s" PATH "%s",
	    d->conf->public_url, probe->has_query ? QUERY : "");
	struct form form = { NULL, 0 };
	struct fetch_header signature = { .name = "X-Twilio-Signature" };
	const struct fetch_request request = {
		.url = url.p,
		.method = FETCH_POST,
		.headers = &signature,
		.n_headers = 1,
		.body = body,
		.connect_to = d->conf->public_connect,
		.head_deadline_ms = deadline_ms,
		.deadline_ms = deadline_ms,
	};
	enum err e = form_parse(d->arena, body, SIGNATURE_MAX_PAIRS, &form);

	*out = (struct probe_answer){ .body = STR_INIT(""), .why = "" };
	out->sent_sha256 = sha256_of(d, body);
	signature.value =
	    signature_make(d->arena, probe->token, signed_url(d, probe), &form);
	if (e == ERR_OK)
		e = exchange(d, &request, out);
	if (e == ERR_OK)
		out->result = probe_classify(d, out);
	else
		out->result = e == ERR_BUSY ? PROBE_SILENT : PROBE_NO_TLS;
}

/* "host:8443" -> its port; what is not told is 443. */
static int
port_of(struct str host, struct str *name)
{
	const size_t close = str_find(host, ']');
	const size_t from = close < host.n ? close : 0;
	const struct str tail = str_slice(host, from, host.n);
	const size_t colon = from + str_find(tail, ':');
	int port = 443;

	*name = str_slice(host, 0, colon);
	if (colon < host.n &&
	    !str_to_int(str_slice(host, colon + 1, host.n), 65535, &port))
		return 0;
	return port;
}

void
judge_probe(struct doctor *d, const struct probe_answer *answer)
{
	struct url url;
	struct str name;
	int port;

	if (!str_eq(answer->body_sha256, answer->sent_sha256))
		doctor_say(d, FOUND_BODY_REWRITTEN,
		    "The body of a request arrives in other bytes than were "
		    "sent; the signature still holds, for now.");
	if (str_is_empty(answer->host) ||
	    url_parse(str_of(d->conf->public_url), &url) != ERR_OK)
		return;
	port = port_of(answer->host, &name);
	if (!str_eq_nocase(name, url.host))
		doctor_say(d, FOUND_HOST_REWRITTEN,
		    "nginx is asked for %.*s, not for %.*s: something in front "
		    "of it writes the Host header anew. Calls are answered; "
		    "redirections and sign-ins may not work.",
		    STR_ARG(name), STR_ARG(url.host));
	else if (port != (url.port == 0 ? 443 : url.port))
		doctor_say(d, FOUND_PORT_ADDED,
		    "nginx is asked for %.*s, and MAINLINE_PUBLIC_URL is "
		    "%s: the port differs. Calls are answered; redirections "
		    "may lead astray.",
		    STR_ARG(answer->host), d->conf->public_url);
}
