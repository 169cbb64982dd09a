/* doctor_settings: the configuration.  Floor: jobs. */
#include "base/err.h"
#include "base/str.h"
#include "doctor_checks.h"
#include "doctor_codes.h"
#include "io/conf.h"
#include "twilio/number.h"

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

void
examine_configuration(struct doctor *d)
{
	const struct conf *const conf = d->conf;
	struct conf_errors errors = { .n = 0 };
	const char *why;

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
	why = conf->public_url == NULL
	    ? NULL
	    : number_unreachable(str_of(conf->public_url));
	if (why != NULL)
		doctor_say(d, FOUND_PUBLIC_URL_LOCAL,
		    "MAINLINE_PUBLIC_URL, %s, %s.", conf->public_url, why);
}
