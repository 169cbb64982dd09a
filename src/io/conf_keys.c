/* conf_keys: the one table of configuration keys.  Floor: io. */
#include "conf_keys.h"

#include "base/compiler.h"
#include "base/str.h"
#include "conf_checks.h"
#include "io/conf.h"

#include <stdbool.h>
#include <stddef.h>

#define STRING(field) CONF_STRING, offsetof(struct conf, field)
#define INT(field) CONF_INT, offsetof(struct conf, field)

const struct conf_key conf_keys[] = {
	{ "DATABASE_URL", STRING(database_url), NULL, true, 0, 0,
	    check_database_url, "PostgreSQL, as libpq writes it" },
	{ "MAINLINE_API_WORKERS", INT(api_workers), "4", false, 1, 64, NULL,
	    "processes that answer the JSON API" },
	{ "MAINLINE_CA_FILE", STRING(ca_file), NULL, false, 0, 0, check_file,
	    "authorities to trust beside the system's, as PEM" },
	{ "MAINLINE_DATA", STRING(data), "var", false, 0, 0, NULL,
	    "folder of what is kept: the flow's snapshot, the recordings" },
	{ "MAINLINE_DELETE_AT_TWILIO", STRING(delete_at_twilio_word), "no",
	    false, 0, 0, check_yes_no,
	    "yes: a recording is deleted at Twilio once it is kept here" },
	{ "MAINLINE_FORWARD_TO", STRING(forward_to), NULL, false, 0, 0,
	    check_phone, "phone that key 1 rings while no flow is published" },
	{ "MAINLINE_HTTPS_PORT", INT(https_port), "8443", false, 1, 65535, NULL,
	    "nginx's, in the local stack" },
	{ "MAINLINE_HTTP_PORT", INT(http_port), "8080", false, 1, 65535, NULL,
	    "nginx's, in the local stack" },
	{ "MAINLINE_JOBS_WORKERS", INT(jobs_workers), "2", false, 1, 16, NULL,
	    "processes that do the background work" },
	{ "MAINLINE_KEEP_AUDIO_DAYS", INT(keep_audio_days), "0", false, 0,
	    36500, NULL, "recordings are removed after so many; 0: never" },
	{ "MAINLINE_KEEP_CALLS_DAYS", INT(keep_calls_days), "0", false, 0,
	    36500, check_keep_days,
	    "calls are, with all that belongs to them; 0, or 3 and more" },
	{ "MAINLINE_KEEP_EVENTS_DAYS", INT(keep_events_days), "0", false, 0,
	    36500, check_keep_days,
	    "what Twilio sent is, the calls stay; 0, or 3 and more" },
	{ "MAINLINE_LINE", STRING(line), NULL, false, 0, 0, check_phone,
	    "the company's number while no flow is published" },
	{ "MAINLINE_LOG_LEVEL", STRING(log_level_name), "info", false, 0, 0,
	    check_log_level, "debug, info, warn or error" },
	{ "MAINLINE_OAUTH2_PROXY", STRING(oauth2_proxy), NULL, false, 0, 0,
	    check_plain_origin,
	    "oauth2-proxy that says who people are: http://host:4180" },
	{ "MAINLINE_PUBLIC_CONNECT", STRING(public_connect), NULL, false, 0, 0,
	    check_host_port,
	    "host:port where mainline doctor finds the public URL from here" },
	{ "MAINLINE_PUBLIC_URL", STRING(public_url), NULL, false, 0, 0,
	    check_public_url, "the origin that Twilio calls, without a path" },
	{ "MAINLINE_RUN", STRING(run), NULL, false, 0, 0, NULL,
	    "folder of the sockets; MAINLINE_DATA/run when not set" },
	{ "MAINLINE_S3_KEY", STRING(s3_key), NULL, false, 0, 0, check_s3_word,
	    "the access key of MAINLINE_S3_URL" },
	{ "MAINLINE_S3_REGION", STRING(s3_region), "us-east-1", false, 0, 0,
	    check_s3_word, "the region of MAINLINE_S3_URL" },
	{ "MAINLINE_S3_SECRET", STRING(s3_secret), NULL, true, 0, 0, NULL,
	    "of MAINLINE_S3_KEY" },
	{ "MAINLINE_S3_URL", STRING(s3_url), NULL, false, 0, 0, check_s3_url,
	    "bucket that keeps the audio: https://host/bucket" },
	{ "MAINLINE_SMTP_FROM", STRING(smtp_from), NULL, false, 0, 0,
	    check_mailbox, "who mails are from: a@b or Name <a@b>" },
	{ "MAINLINE_SMTP_PASSWORD", STRING(smtp_password), NULL, true, 0, 0,
	    NULL, "of MAINLINE_SMTP_USER" },
	{ "MAINLINE_SMTP_URL", STRING(smtp_url), NULL, false, 0, 0,
	    check_smtp_url, "mail server: smtps://host or smtp://host:587" },
	{ "MAINLINE_SMTP_USER", STRING(smtp_user), NULL, false, 0, 0, NULL,
	    "who we are to the mail server" },
	{ "MAINLINE_SOCKET_GROUP", STRING(socket_group), NULL, false, 0, 0,
	    NULL, "group of the sockets, nginx's" },
	{ "MAINLINE_SPOOL_MB", INT(spool_mb), "512", false, 8, 1048576, NULL,
	    "what the spool may take of the disk, in MiB" },
	{ "MAINLINE_USER", STRING(user), NULL, false, 0, 0, NULL,
	    "user to become when started as root" },
	{ "MAINLINE_WEBHOOK_SECRET", STRING(webhook_secret), NULL, true, 0, 0,
	    check_webhook_secret,
	    "signs the webhooks that we send: whsec_..." },
	{ "MAINLINE_WORKERS", INT(workers), "24", false, 1, 256, NULL,
	    "processes that answer webhooks" },
	{ "MAINLINE_WORKER_REQUESTS", INT(worker_requests), "20000", false, 1,
	    100000000, NULL, "after about so many requests one is replaced" },
	{ "TWILIO_ACCOUNT_SID", STRING(twilio_account_sid), NULL, false, 0, 0,
	    check_account_sid, "the account whose webhooks are taken" },
	{ "TWILIO_API_KEY", STRING(twilio_api_key), NULL, false, 0, 0,
	    check_api_key,
	    "for Twilio's REST API; without one, the account and its token" },
	{ "TWILIO_API_SECRET", STRING(twilio_api_secret), NULL, true, 0, 0,
	    NULL, "of TWILIO_API_KEY" },
	{ "TWILIO_API_URL", STRING(twilio_api_url), "https://api.twilio.com",
	    false, 0, 0, check_api_url, "origin of Twilio's REST API" },
	{ "TWILIO_AUTH_TOKEN", STRING(twilio_auth_token), NULL, true, 0, 0,
	    check_auth_token,
	    "signs the webhooks; two with a comma while one replaces the "
	    "other" },
};

const char *const conf_serve_keys[] = { "DATABASE_URL", "MAINLINE_PUBLIC_URL",
	"TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", NULL };

const size_t conf_n_keys = ARRAY_LEN(conf_keys);

const struct conf_key *
conf_key_find(struct str name)
{
	for (size_t i = 0; i < conf_n_keys; i++) {
		if (str_eq(name, str_of(conf_keys[i].name)))
			return &conf_keys[i];
	}
	return NULL;
}

const struct conf_key *
conf_key_of_file(struct str name)
{
	static const struct str suffix = STR_INIT("_FILE");
	const struct conf_key *key;
	size_t n;

	if (name.n <= suffix.n)
		return NULL;
	n = name.n - suffix.n;
	if (!str_eq(str_slice(name, n, suffix.n), suffix))
		return NULL;
	key = conf_key_find(str_slice(name, 0, n));
	return key != NULL && key->secret ? key : NULL;
}
