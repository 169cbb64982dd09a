/* conf_keys: the one table of configuration keys.  Floor: io. */
#include "conf_keys.h"

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "codec/phone.h"
#include "io/conf.h"
#include "io/pg.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const char *
check_database_url(struct arena *arena, const char *value)
{
	struct str why; /* not told: it may repeat the password */

	if (pg_conninfo_check(arena, value, &why) == ERR_OK)
		return NULL;
	return "is no libpq connection string; write it like "
	       "postgresql://user:password@host/database";
}

/* Two letters and 32 hexadecimal digits? */
static bool
is_sid(const char *value, const char *prefix)
{
	return strncmp(value, prefix, 2) == 0 && strlen(value) == 34 &&
	    strspn(value + 2, "0123456789abcdefABCDEF") == 32;
}

static const char *
check_api_key(struct arena *arena, const char *value)
{
	(void)arena;
	return is_sid(value, "SK") ? NULL
				   : "is no API key; it is SK and 32 "
				     "hexadecimal digits";
}

static const char *
check_account_sid(struct arena *arena, const char *value)
{
	(void)arena;
	if (is_sid(value, "AC"))
		return NULL;
	return "is no account SID; it is AC and 32 hexadecimal digits, at the "
	       "top of the Twilio console";
}

static const char *
check_auth_token(struct arena *arena, const char *value)
{
	struct str rest = str_of(value);
	size_t n = 0;

	(void)arena;
	while (rest.p != NULL) {
		if (str_trim(str_split(&rest, ',')).n == 0)
			return "has an empty token; separate tokens by one "
			       "comma";
		n++;
	}
	return n <= CONF_MAX_TOKENS ? NULL
				    : "has too many tokens; keep the old "
				      "and the new one";
}

static size_t
scheme_bytes(struct str url)
{
	if (str_starts(url, STR("https://")))
		return 8;
	return str_starts(url, STR("http://")) ? 7 : 0;
}

/*
 * "host" or "host:port", the host a name, an address, or an IPv6 address in
 * brackets, as browsers and Twilio write it.
 */
static bool
is_authority(struct str s)
{
	const bool v6 = s.n > 0 && s.p[0] == '[';
	const size_t host = v6 ? str_find(s, ']') + 1 : str_find(s, ':');
	const struct str port = str_slice(s, host + 1, s.n);
	const char *const allowed = v6
	    ? "0123456789abcdef:.[]"
	    : "abcdefghijklmnopqrstuvwxyz0123456789.-";
	int number;

	if (host == 0 || host > s.n)
		return false;
	for (size_t i = 0; i < host; i++) {
		if (strchr(allowed, s.p[i]) == NULL || s.p[i] == '\0')
			return false;
	}
	return host == s.n ||
	    (s.p[host] == ':' && str_to_int(port, 65535, &number) &&
		number > 0 && port.p[0] != '0');
}

/* "https://host" or "https://host:port", also http for tests; nothing behind. */
static const char *
check_public_url(struct arena *arena, const char *value)
{
	const struct str url = str_of(value);
	const size_t scheme = scheme_bytes(url);
	const struct str host = str_slice(url, scheme, url.n);

	(void)arena;
	if (scheme == 0)
		return "must begin with https://, like "
		       "https://phone.example.com";
	if (!is_authority(host))
		return "must be an origin alone, like "
		       "https://phone.example.com: a host in lower case, "
		       "perhaps a port; no path, no slash at the end";
	return NULL;
}

static const char *
check_phone(struct arena *arena, const char *value)
{
	(void)arena;
	if (phone_is_e164(str_of(value)))
		return NULL;
	return "is not a number in E.164; write it like +15550100001: +, "
	       "country "
	       "code, no blanks";
}

static const char *
check_log_level(struct arena *arena, const char *value)
{
	enum log_level level;

	(void)arena;
	if (log_level_parse(str_of(value), &level))
		return NULL;
	return "must be debug, info, warn or error";
}

#define STRING(field) CONF_STRING, offsetof(struct conf, field)
#define INT(field) CONF_INT, offsetof(struct conf, field)

const struct conf_key conf_keys[] = {
	{ "DATABASE_URL", STRING(database_url), NULL, true, 0, 0,
	    check_database_url, "PostgreSQL, as libpq writes it" },
	{ "MAINLINE_API_WORKERS", INT(api_workers), "4", false, 1, 64, NULL,
	    "processes that answer the JSON API" },
	{ "MAINLINE_DATA", STRING(data), "var", false, 0, 0, NULL,
	    "folder of what is kept: the flow's snapshot" },
	{ "MAINLINE_FORWARD_TO", STRING(forward_to), NULL, false, 0, 0,
	    check_phone, "phone that key 1 rings while no flow is published" },
	{ "MAINLINE_HTTPS_PORT", INT(https_port), "8443", false, 1, 65535, NULL,
	    "nginx's, in the local stack" },
	{ "MAINLINE_HTTP_PORT", INT(http_port), "8080", false, 1, 65535, NULL,
	    "nginx's, in the local stack" },
	{ "MAINLINE_JOBS_WORKERS", INT(jobs_workers), "2", false, 1, 16, NULL,
	    "processes that do the background work" },
	{ "MAINLINE_LINE", STRING(line), NULL, false, 0, 0, check_phone,
	    "the company's number while no flow is published" },
	{ "MAINLINE_LOG_LEVEL", STRING(log_level_name), "info", false, 0, 0,
	    check_log_level, "debug, info, warn or error" },
	{ "MAINLINE_PUBLIC_URL", STRING(public_url), NULL, false, 0, 0,
	    check_public_url, "the origin that Twilio calls, without a path" },
	{ "MAINLINE_RUN", STRING(run), NULL, false, 0, 0, NULL,
	    "folder of the sockets; MAINLINE_DATA/run when not set" },
	{ "MAINLINE_SOCKET_GROUP", STRING(socket_group), NULL, false, 0, 0,
	    NULL, "group of the sockets, nginx's" },
	{ "MAINLINE_SPOOL_MB", INT(spool_mb), "512", false, 8, 1048576, NULL,
	    "what the spool may take of the disk, in MiB" },
	{ "MAINLINE_USER", STRING(user), NULL, false, 0, 0, NULL,
	    "user to become when started as root" },
	{ "MAINLINE_WORKERS", INT(workers), "8", false, 1, 256, NULL,
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
	    false, 0, 0, check_public_url, "origin of Twilio's REST API" },
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
