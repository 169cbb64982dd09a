/* doctor_settings: the configuration.  Floor: jobs. */
#include "base/err.h"
#include "base/str.h"
#include "codec/url.h"
#include "doctor_checks.h"
#include "doctor_codes.h"
#include "io/conf.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* What stands in for an account where Twilio is simulated, and in examples. */
static bool
is_placeholder(const char *account_sid)
{
	size_t zeros = 0;

	for (const char *p = account_sid + 2; *p != '\0'; p++)
		zeros += *p == '0';
	return zeros >= 30 || strncmp(account_sid + 2, "xxxx", 4) == 0;
}

/* Names and addresses that Twilio cannot come to. */
static bool
is_local(struct str host)
{
	static const char *const begins[] = { "10.", "127.", "169.254.",
		"192.168.", "[::1]", "[fc", "[fd", "[fe80", "0." };
	static const char *const ends[] = { "localhost", ".local", ".lan",
		".internal", ".home.arpa" };
	struct str rest = host;
	int second;

	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
		if (str_starts(host, str_of(begins[i])))
			return true;
	}
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		const struct str end = str_of(ends[i]);

		if (host.n >= end.n &&
		    str_eq(str_slice(host, host.n - end.n, end.n), end))
			return true;
	}
	(void)str_split(&rest, '.');
	return str_starts(host, STR("172.")) &&
	    str_to_int(str_split(&rest, '.'), 255, &second) && second >= 16 &&
	    second <= 31;
}

static void
check_origin(struct doctor *d)
{
	struct url url;

	if (url_parse(str_of(d->conf->public_url), &url) != ERR_OK)
		return;
	if (is_local(url.host))
		doctor_say(d, FOUND_PUBLIC_URL_LOCAL,
		    "MAINLINE_PUBLIC_URL is %s, which only this machine or its "
		    "network can reach; Twilio cannot.",
		    d->conf->public_url);
	else if (!str_eq(url.scheme, STR("https")))
		doctor_say(d, FOUND_PUBLIC_URL_LOCAL,
		    "MAINLINE_PUBLIC_URL is %s, without TLS: everybody on the "
		    "way could read the calls.",
		    d->conf->public_url);
}

void
check_configuration(struct doctor *d)
{
	const struct conf *const conf = d->conf;
	struct conf_errors errors = { .n = 0 };

	if (conf_require(d->arena, conf, conf_serve_keys, &errors) != ERR_OK) {
		for (size_t i = 0; i < errors.n; i++)
			doctor_say(d, FOUND_CONFIG_MISSING, "%.*s.",
			    STR_ARG(errors.list[i]));
	}
	if (conf->twilio_account_sid != NULL &&
	    is_placeholder(conf->twilio_account_sid))
		doctor_say(d, FOUND_ACCOUNT_PLACEHOLDER,
		    "TWILIO_ACCOUNT_SID is a placeholder, so no real call is "
		    "taken.");
	if (conf->public_url != NULL)
		check_origin(d);
}
