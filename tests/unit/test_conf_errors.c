/* conf: every wrong value is named with its key and its mend. */
#include "io/conf.h"
#include "testing.h"

#include <string.h>

#define MANY "1,2,3,4,5,6,7,8"

static const struct row {
	const char *name;
	const char *variable;
	const char *want; /* a part of the error; NULL: none */
} rows[] = {
	{ "a number that is a word", "MAINLINE_WORKERS=many",
	    "MAINLINE_WORKERS: must be a whole number from 1 to 256" },
	{ "no workers", "MAINLINE_WORKERS=0", "from 1 to 256" },
	{ "too many workers", "MAINLINE_WORKERS=257", "from 1 to 256" },
	{ "as many as may be", "MAINLINE_WORKERS=256", NULL },
	{ "a blank before a number", "MAINLINE_WORKERS= 8", "whole number" },
	{ "a negative number", "MAINLINE_API_WORKERS=-1", "from 1 to 64" },
	{ "a port too large", "MAINLINE_HTTPS_PORT=65536", "from 1 to 65535" },
	{ "port 0", "MAINLINE_HTTP_PORT=0", "from 1 to 65535" },
	{ "no requests", "MAINLINE_WORKER_REQUESTS=0", "from 1 to 100000000" },
	{ "no connection string", "DATABASE_URL=mysql://db/calls",
	    "DATABASE_URL: is no libpq connection string" },
	{ "a mistyped key of one", "DATABASE_URL=hots=db",
	    "write it like "
	    "postgresql://user:password@host/database" },
	{ "a line without plus", "MAINLINE_LINE=15550100001",
	    "MAINLINE_LINE: is not a number in E.164; write it like" },
	{ "a phone with blanks", "MAINLINE_FORWARD_TO=+1 555 010 0777",
	    "MAINLINE_FORWARD_TO: is not a number in E.164" },
	{ "a level that is none", "MAINLINE_LOG_LEVEL=verbose",
	    "MAINLINE_LOG_LEVEL: must be debug, info, warn or error" },
	{ "calls kept for less time than they are read for",
	    "MAINLINE_KEEP_CALLS_DAYS=2",
	    "MAINLINE_KEEP_CALLS_DAYS: must be 3 or more, or 0 for ever" },
	{ "events as well", "MAINLINE_KEEP_EVENTS_DAYS=1", "3 or more" },
	{ "audio for a day", "MAINLINE_KEEP_AUDIO_DAYS=1", NULL },
	{ "calls for three days", "MAINLINE_KEEP_CALLS_DAYS=3", NULL },
	{ "calls for ever", "MAINLINE_KEEP_CALLS_DAYS=0", NULL },
	{ "days below none", "MAINLINE_KEEP_CALLS_DAYS=-1", "whole number" },
	{ "neither yes nor no", "MAINLINE_DELETE_AT_TWILIO=true",
	    "MAINLINE_DELETE_AT_TWILIO: must be yes or no" },
	{ "a proxy with a path", "MAINLINE_OAUTH2_PROXY=http://localhost:4180/",
	    "MAINLINE_OAUTH2_PROXY: must be an origin like" },
	{ "a proxy over https", "MAINLINE_OAUTH2_PROXY=https://sign-in.example",
	    "must be an origin like http://127.0.0.1:4180" },
	{ "a proxy with nginx's own signs",
	    "MAINLINE_OAUTH2_PROXY=http://a;return 200", "must be an origin" },
	{ "a level in capitals", "MAINLINE_LOG_LEVEL=INFO", "must be debug" },
	{ "an origin", "MAINLINE_PUBLIC_URL=https://phone.example.com", NULL },
	{ "an origin with a port", "MAINLINE_PUBLIC_URL=https://h:8443", NULL },
	{ "an origin of IPv6", "MAINLINE_PUBLIC_URL=https://[::1]:8443", NULL },
	{ "an origin for tests", "MAINLINE_PUBLIC_URL=http://h", NULL },
	{ "no scheme", "MAINLINE_PUBLIC_URL=phone.example.com",
	    "MAINLINE_PUBLIC_URL: must begin with https://" },
	{ "another scheme", "MAINLINE_PUBLIC_URL=ftp://h", "must begin with" },
	{ "a slash at the end", "MAINLINE_PUBLIC_URL=https://h/",
	    "must be an origin alone" },
	{ "a place", "MAINLINE_PUBLIC_CONNECT=127.0.0.1:8443", NULL },
	{ "a place of IPv6", "MAINLINE_PUBLIC_CONNECT=[::1]:8443", NULL },
	{ "a place without a port", "MAINLINE_PUBLIC_CONNECT=localhost",
	    "MAINLINE_PUBLIC_CONNECT: must be a host and a port" },
	{ "a place without a host", "MAINLINE_PUBLIC_CONNECT=:8443",
	    "must be a host and a port" },
	{ "a path", "MAINLINE_PUBLIC_URL=https://h/mainline", "no path" },
	{ "a query", "MAINLINE_PUBLIC_URL=https://h?a", "origin alone" },
	{ "a fragment", "MAINLINE_PUBLIC_URL=https://h#a", "origin alone" },
	{ "a user", "MAINLINE_PUBLIC_URL=https://a@h", "origin alone" },
	{ "a blank", "MAINLINE_PUBLIC_URL=https://h ", "origin alone" },
	{ "no host", "MAINLINE_PUBLIC_URL=https://", "origin alone" },
	{ "an account of another kind",
	    "TWILIO_ACCOUNT_SID=SK0123456789abcdef0123456789abcdef",
	    "TWILIO_ACCOUNT_SID: is no account SID" },
	{ "an account cut short",
	    "TWILIO_ACCOUNT_SID=AC0123456789abcdef0123456789abcde",
	    "is no account SID" },
	{ "an account with a letter too many",
	    "TWILIO_ACCOUNT_SID=AC0123456789abcdef0123456789abcdeg",
	    "AC and 32 hexadecimal digits" },
	{ "an API key of another kind",
	    "TWILIO_API_KEY=AC0123456789abcdef0123456789abcdef",
	    "TWILIO_API_KEY: is no API key" },
	{ "an API key without its secret",
	    "TWILIO_API_KEY=SK0123456789abcdef0123456789abcdef",
	    "goes with TWILIO_API_SECRET" },
	{ "a secret without its key", "TWILIO_API_SECRET=s3cret",
	    "set both or none" },
	{ "a REST API with a path", "TWILIO_API_URL=https://h/2010-04-01",
	    "TWILIO_API_URL: must be an origin alone" },
	{ "a REST API over http", "TWILIO_API_URL=http://api.example.com",
	    "TWILIO_API_URL: must begin with https://; http is for" },
	{ "a REST API nearly here", "TWILIO_API_URL=http://127.0.0.1.evil",
	    "must begin with https://" },
	{ "a REST API here", "TWILIO_API_URL=http://localhost:4010", NULL },
	{ "authorities that are not there", "MAINLINE_CA_FILE=/no/such",
	    "MAINLINE_CA_FILE: cannot be read; check its name and rights" },
	{ "a bucket over http", "MAINLINE_S3_URL=http://s3.example.com/audio",
	    "MAINLINE_S3_URL: must begin with https://; http is for" },
	{ "a bucket without its name", "MAINLINE_S3_URL=https://s3.example.com",
	    "must name the bucket" },
	{ "a bucket with a slash", "MAINLINE_S3_URL=https://h/audio/",
	    "must name the bucket" },
	{ "a bucket to be escaped", "MAINLINE_S3_URL=https://h/au%64io",
	    "must name the bucket" },
	{ "a bucket that climbs", "MAINLINE_S3_URL=https://h/../audio",
	    "must name the bucket" },
	{ "a bucket with a query", "MAINLINE_S3_URL=https://h/audio?x",
	    "must name the bucket" },
	{ "a bucket of smtp", "MAINLINE_S3_URL=smtp://h/audio",
	    "is no URL of a bucket" },
	{ "a bucket with a user", "MAINLINE_S3_URL=https://a:b@h/audio",
	    "is no URL of a bucket" },
	{ "a bucket without a key", "MAINLINE_S3_URL=https://h/audio",
	    "MAINLINE_S3_URL: needs MAINLINE_S3_KEY and" },
	{ "a key of a bucket alone", "MAINLINE_S3_KEY=AKIA",
	    "MAINLINE_S3_KEY: goes with MAINLINE_S3_SECRET" },
	{ "a key with a slash", "MAINLINE_S3_KEY=a/b",
	    "MAINLINE_S3_KEY: has other characters than letters" },
	{ "a region with a colon", "MAINLINE_S3_REGION=eu:s3",
	    "MAINLINE_S3_REGION: has other characters" },
	{ "no mail server", "MAINLINE_SMTP_URL=https://mail.example.com",
	    "MAINLINE_SMTP_URL: must be smtps://host or smtp://host:587" },
	{ "a mail server with a user", "MAINLINE_SMTP_URL=smtps://a:b@h",
	    "user and password are keys of their own" },
	{ "a mail server with a path", "MAINLINE_SMTP_URL=smtp://h/x",
	    "with nothing behind it" },
	{ "a mail server without a sender", "MAINLINE_SMTP_URL=smtps://h",
	    "MAINLINE_SMTP_URL: needs MAINLINE_SMTP_FROM" },
	{ "a sender", "MAINLINE_SMTP_FROM=B\xc3\xbcro <a@b.example>", NULL },
	{ "a sender that is no address", "MAINLINE_SMTP_FROM=Office",
	    "MAINLINE_SMTP_FROM: is no mail address; write it like" },
	{ "a mail user alone", "MAINLINE_SMTP_USER=anna",
	    "MAINLINE_SMTP_USER: goes with MAINLINE_SMTP_PASSWORD" },
	{ "a webhook secret",
	    "MAINLINE_WEBHOOK_SECRET=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
	    NULL },
	{ "a short webhook secret", "MAINLINE_WEBHOOK_SECRET=whsec_MfKQ9r8G",
	    "MAINLINE_WEBHOOK_SECRET: must be whsec_ and the base64 of 24" },
	{ "a webhook secret without whsec_",
	    "MAINLINE_WEBHOOK_SECRET=MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
	    "make one with: echo whsec_$(openssl rand -base64 32)" },
	{ "an empty token", "TWILIO_AUTH_TOKEN=a,,b",
	    "TWILIO_AUTH_TOKEN: has an empty token" },
	{ "a comma at the end", "TWILIO_AUTH_TOKEN=a,", "has an empty token" },
	{ "a blank token", "TWILIO_AUTH_TOKEN= ", "has an empty token" },
	{ "eight tokens", "TWILIO_AUTH_TOKEN=" MANY, NULL },
	{ "nine tokens", "TWILIO_AUTH_TOKEN=" MANY ",9", "too many tokens" },
	{ "an unknown key of ours", "MAINLINE_WORKER=8",
	    "MAINLINE_WORKER: is no key; mainline config --help lists them" },
	{ "ours without a value", "MAINLINE_X", "MAINLINE_X: is no key" },
	{ "a file for what is no secret", "MAINLINE_DATA_FILE=/x",
	    "MAINLINE_DATA_FILE: is no key" },
	{ "another program's key", "MAINLINES=1", NULL },
	{ "a file that is not there", "TWILIO_AUTH_TOKEN_FILE=/no/such",
	    "TWILIO_AUTH_TOKEN_FILE: cannot read /no/such; check its name" },
	{ "a file that is a folder", "DATABASE_URL_FILE=/",
	    "DATABASE_URL_FILE: cannot read /" },
	{ "an INI file that is not there", "MAINLINE_CONFIG=/no/such",
	    "MAINLINE_CONFIG: cannot read /no/such" },
};

static void
test_conf_errors(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *const r = &rows[i];
		char *const env[] = { str_cstr(*state, str_of(r->variable)),
			NULL };
		const struct conf *conf = NULL;
		struct conf_errors errors;
		const enum err e = conf_load(*state, env, &errors, &conf);

		print_message("  %s\n", r->name);
		assert_err(e, r->want == NULL ? ERR_OK : ERR_INPUT);
		assert_int_equal(errors.n, r->want == NULL ? 0 : 1);
		assert_int_equal(conf != NULL, r->want == NULL);
		if (r->want != NULL)
			assert_holds(errors.list[0], r->want);
	}
}

/* Two keys, each right, that do not go together. */
static void
test_conf_errors_line_rings_itself(void **state)
{
	char *const env[] = {
		str_cstr(*state, STR("MAINLINE_LINE=+15550100777")),
		str_cstr(*state, STR("MAINLINE_FORWARD_TO=+15550100777")),
		NULL,
	};
	const struct conf *conf;
	struct conf_errors errors;

	assert_err(conf_load(*state, env, &errors, &conf), ERR_INPUT);
	assert_int_equal(errors.n, 1);
	assert_holds(
	    errors.list[0], "MAINLINE_FORWARD_TO: is MAINLINE_LINE itself");
}

/* A value that is wrong is not repeated where it may be a secret. */
static void
test_conf_errors_keep_secrets(void **state)
{
	char *const env[] = { str_cstr(*state,
				  STR("TWILIO_AUTH_TOKEN=S3cret,,S3cret")),
		str_cstr(*state, STR("MAINLINE_WEBHOOK_SECRET=S3cret")),
		str_cstr(*state,
		    STR("DATABASE_URL=postgresql://a:S3cret@[db/calls")),
		NULL };
	const struct conf *conf;
	struct conf_errors errors;

	assert_err(conf_load(*state, env, &errors, &conf), ERR_INPUT);
	assert_int_equal(errors.n, 3);
	for (size_t i = 0; i < errors.n; i++) {
		print_message("  %.*s\n", STR_ARG(errors.list[i]));
		assert_false(str_holds(errors.list[i], "S3cret"));
	}
}

/* All at once, up to what a person can read. */
static void
test_conf_errors_are_all_told(void **state)
{
	char *env[60] = { NULL };

	for (size_t i = 0; i < 50; i++) {
		struct conf_errors errors;
		const struct conf *conf;

		assert_err(conf_load(*state, env, &errors, &conf),
		    i == 0 ? ERR_OK : ERR_INPUT);
		assert_int_equal(
		    errors.n, i < CONF_MAX_ERRORS ? i : CONF_MAX_ERRORS);
		env[i] =
		    str_cstr(*state, str_format(*state, "MAINLINE_X%zu=1", i));
	}
}

static void
test_conf_require(void **state)
{
	static const char *const keys[] = { "DATABASE_URL", "MAINLINE_DATA",
		"MAINLINE_WORKERS", "TWILIO_AUTH_TOKEN", "NO_SUCH_KEY", NULL };
	char *const env[] = { str_cstr(*state, STR("TWILIO_AUTH_TOKEN=x")),
		NULL };
	const struct conf *conf;
	struct conf_errors errors;

	assert_err(conf_load(*state, env, &errors, &conf), ERR_OK);
	assert_err(conf_require(*state, conf, keys, &errors), ERR_INPUT);
	assert_int_equal(errors.n, 1);
	assert_true(str_starts(
	    errors.list[0], STR("DATABASE_URL: is not set; it is ")));
	assert_err(conf_require(*state, conf, keys + 1, &errors), ERR_OK);
	assert_int_equal(errors.n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_conf_errors),
		TEST(test_conf_errors_line_rings_itself),
		TEST(test_conf_errors_keep_secrets),
		TEST(test_conf_errors_are_all_told),
		TEST(test_conf_require),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
