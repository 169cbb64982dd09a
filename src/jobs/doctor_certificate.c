/* doctor_certificate: what the public URL shows who connects.  Floor: jobs. */
#include "doctor_certificate.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/date.h"
#include "codec/url.h"
#include "doctor_checks.h"
#include "doctor_codes.h"
#include "io/certificate.h"
#include "io/conf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DAY_US (86400 * INT64_C(1000000))
#define SOON_US (14 * DAY_US)
#define DATE_CHARS 10

/* OpenSSL's X509_V_ERR_..., which libcurl passes on. */
enum {
	VERIFY_NO_ISSUER = 2,
	VERIFY_NOT_YET = 9,
	VERIFY_EXPIRED = 10,
	VERIFY_SELF_SIGNED = 18,
	VERIFY_SELF_SIGNED_IN_CHAIN = 19,
	VERIFY_NO_ISSUER_LOCALLY = 20,
	VERIFY_LEAF_ONLY = 21
};

static struct str
day(struct doctor *d, int64_t us)
{
	return us < 0 ? STR("an unknown day")
		      : str_slice(date_rfc3339(d->arena, us), 0, DATE_CHARS);
}

/* Whom we trust does not vouch for it, for whatever reason but its dates. */
static void
judge_trust(struct doctor *d, struct str host, const struct certificate *seen)
{
	if (seen->verify_code == VERIFY_SELF_SIGNED ||
	    (seen->n_chain == 1 && str_eq(seen->subject, seen->issuer)))
		doctor_say(d, FOUND_CERTIFICATE_SELF_SIGNED,
		    "The certificate of %.*s vouches for itself; Twilio does "
		    "not connect to it.",
		    STR_ARG(host));
	else if ((seen->verify_code == VERIFY_NO_ISSUER ||
		     seen->verify_code == VERIFY_NO_ISSUER_LOCALLY ||
		     seen->verify_code == VERIFY_LEAF_ONLY) &&
	    seen->n_chain == 1)
		doctor_say(d, FOUND_CERTIFICATE_CHAIN,
		    "%.*s sends its own certificate alone, without those of "
		    "the authorities between it and a known one (issuer: "
		    "%.*s).",
		    STR_ARG(host), STR_ARG(seen->issuer));
	else
		doctor_say(d, FOUND_CERTIFICATE_UNTRUSTED,
		    "The certificate of %.*s is not trusted (%s).",
		    STR_ARG(host), seen->why);
}

/* Two weeks before its end; of one of less than six, its last third. */
static bool
ends_soon(const struct certificate *seen, int64_t now_us)
{
	const int64_t third = (seen->until_us - seen->from_us) / 3;
	const int64_t soon =
	    seen->from_us >= 0 && third < SOON_US ? third : SOON_US;

	return seen->until_us >= 0 && seen->until_us - now_us < soon;
}

static bool
is_over(const struct certificate *seen, int64_t now_us)
{
	return (seen->until_us >= 0 && seen->until_us <= now_us) ||
	    seen->verify_code == VERIFY_EXPIRED;
}

static bool
is_early(const struct certificate *seen, int64_t now_us)
{
	return seen->from_us > now_us || seen->verify_code == VERIFY_NOT_YET;
}

/* Its dates, and where they are right, who vouches for it. */
static void
judge_validity(struct doctor *d, struct str host,
    const struct certificate *seen, int64_t now_us)
{
	const struct str until = day(d, seen->until_us);
	const struct str from = day(d, seen->from_us);

	if (is_over(seen, now_us))
		doctor_say(d, FOUND_CERTIFICATE_EXPIRED,
		    "The certificate of %.*s, or of who vouches for it, was "
		    "good until %.*s; Twilio does not connect to it.",
		    STR_ARG(host), STR_ARG(until));
	else if (is_early(seen, now_us))
		doctor_say(d, FOUND_CERTIFICATE_NOT_YET,
		    "The certificate of %.*s is good from %.*s on only.",
		    STR_ARG(host), STR_ARG(from));
	else if (seen->verify_code != 0)
		judge_trust(d, host, seen);
	else if (ends_soon(seen, now_us))
		doctor_say(d, FOUND_CERTIFICATE_EXPIRES_SOON,
		    "The certificate of %.*s is good until %.*s, and was not "
		    "renewed.",
		    STR_ARG(host), STR_ARG(until));
}

void
judge_certificate(struct doctor *d, struct str host,
    const struct certificate *seen, int64_t now_us)
{
	const struct str names =
	    seen->names.p == NULL ? STR("none") : seen->names;

	judge_validity(d, host, seen, now_us);
	if (!seen->name_fits)
		doctor_say(d, FOUND_CERTIFICATE_NAME,
		    "The certificate is not for %.*s; the names in it: %.*s.",
		    STR_ARG(host), STR_ARG(names));
}

void
examine_certificate(struct doctor *d)
{
	const struct certificate_wish wish = {
		.url = d->conf->public_url,
		.connect_to = d->conf->public_connect,
		.ca_file = d->conf->ca_file,
		.timeout_ms = DOCTOR_ASK_MS,
	};
	struct certificate seen;
	struct url url;
	const char *why;
	enum err e;

	if (wish.url == NULL || url_parse(str_of(wish.url), &url) != ERR_OK ||
	    !str_eq_nocase(url.scheme, STR("https"))) {
		doctor_skip(d, "MAINLINE_PUBLIC_URL is no https address.");
		return;
	}
	e = certificate_look(d->arena, &wish, &seen, &why);
	if (e == ERR_BUSY) {
		doctor_skip(d, "Nobody answers at %s (%s).", wish.url, why);
		return;
	}
	if (e != ERR_OK) {
		doctor_say(d, FOUND_CERTIFICATE_NO_TLS,
		    "There is no TLS to be had at %s (%s).", wish.url, why);
		return;
	}
	judge_certificate(d, url.host, &seen, clock_wall_us());
	d->is_trusted = seen.verify_code == 0 && seen.name_fits;
}
