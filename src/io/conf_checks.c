/* conf_checks: what is wrong with a value.  Floor: io. */
#include "conf_checks.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "codec/base64.h"
#include "codec/mail_header.h"
#include "codec/phone.h"
#include "codec/url.h"
#include "codec/webhook_sign.h"
#include "io/conf.h"
#include "io/pg.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

const char *
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

const char *
check_api_key(struct arena *arena, const char *value)
{
	(void)arena;
	return is_sid(value, "SK") ? NULL
				   : "is no API key; it is SK and 32 "
				     "hexadecimal digits";
}

const char *
check_account_sid(struct arena *arena, const char *value)
{
	(void)arena;
	if (is_sid(value, "AC"))
		return NULL;
	return "is no account SID; it is AC and 32 hexadecimal digits, at the "
	       "top of the Twilio console";
}

const char *
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

/* How much of "host:port" is the host. */
static size_t
host_bytes(struct str s)
{
	const bool v6 = s.n > 0 && s.p[0] == '[';

	return v6 ? str_find(s, ']') + 1 : str_find(s, ':');
}

/*
 * "host" or "host:port", the host a name, an address, or an IPv6 address in
 * brackets, as browsers and Twilio write it.
 */
static bool
is_authority(struct str s)
{
	const bool v6 = s.n > 0 && s.p[0] == '[';
	const size_t host = host_bytes(s);
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
const char *
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

/* "127.0.0.1:8443": where the public URL is found from within. */
const char *
check_host_port(struct arena *arena, const char *value)
{
	const struct str s = str_of(value);
	const struct str port = str_slice(s, host_bytes(s), s.n);

	(void)arena;
	if (is_authority(s) && port.n > 1)
		return NULL;
	return "must be a host and a port, like 127.0.0.1:8443";
}

/* nginx asks it on every request: a neighbour, over plain http. */
const char *
check_plain_origin(struct arena *arena, const char *value)
{
	const struct str url = str_of(value);

	(void)arena;
	if (str_starts(url, STR("http://")) &&
	    is_authority(str_slice(url, 7, url.n)))
		return NULL;
	return "must be an origin like http://127.0.0.1:4180: a host in lower "
	       "case of this machine or a closed network, perhaps a port; no "
	       "path, no slash at the end";
}

const char *
check_phone(struct arena *arena, const char *value)
{
	(void)arena;
	if (phone_is_e164(str_of(value)))
		return NULL;
	return "is not a number in E.164; write it like +15550100001: +, "
	       "country code, no blanks";
}

const char *
check_yes_no(struct arena *arena, const char *value)
{
	(void)arena;
	if (strcmp(value, "yes") == 0 || strcmp(value, "no") == 0)
		return NULL;
	return "must be yes or no";
}

const char *
check_log_level(struct arena *arena, const char *value)
{
	enum log_level level;

	(void)arena;
	if (log_level_parse(str_of(value), &level))
		return NULL;
	return "must be debug, info, warn or error";
}

/* Credentials go there, so nobody on the way may read them. */
const char *
check_api_url(struct arena *arena, const char *value)
{
	const char *const wrong = check_public_url(arena, value);
	struct url url;

	if (wrong != NULL)
		return wrong;
	if (url_parse(str_of(value), &url) != ERR_OK || !url_is_private(&url))
		return "must begin with https://; http is for localhost alone";
	return NULL;
}

const char *
check_file(struct arena *arena, const char *value)
{
	(void)arena;
	return access(value, R_OK) == 0
	    ? NULL
	    : "cannot be read; check its name and rights";
}

/* Letters, digits and what needs no escaping in a URL. */
static bool
is_unreserved(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!is_base64url(s.p[i]) && s.p[i] != '.' && s.p[i] != '~')
			return false;
	}
	return s.n > 0;
}

const char *
check_s3_word(struct arena *arena, const char *value)
{
	(void)arena;
	return is_unreserved(str_of(value))
	    ? NULL
	    : "has other characters than letters, digits, \"-\", \".\" and "
	      "\"_\"";
}

/* "/bucket", perhaps with folders behind it, and no slash at the end. */
static bool
is_bucket_path(struct str path)
{
	struct str rest = str_slice(path, 1, path.n);

	if (path.n < 2 || path.p[0] != '/')
		return false;
	while (rest.p != NULL) {
		const struct str part = str_split(&rest, '/');

		if (!is_unreserved(part) || str_eq(part, STR(".")) ||
		    str_eq(part, STR("..")))
			return false;
	}
	return true;
}

const char *
check_s3_url(struct arena *arena, const char *value)
{
	struct url url;

	if (url_parse(str_of(value), &url) != ERR_OK ||
	    scheme_bytes(url.origin) == 0 || !is_authority(url.authority))
		return "is no URL of a bucket, like "
		       "https://s3.eu-central-1.amazonaws.com/my-bucket";
	if (!url_is_private(&url))
		return "must begin with https://; http is for localhost alone";
	if (!is_bucket_path(url.path))
		return "must name the bucket behind the host, like "
		       "https://s3.eu-central-1.amazonaws.com/my-bucket, with "
		       "no slash at the end";
	(void)arena;
	return NULL;
}

const char *
check_smtp_url(struct arena *arena, const char *value)
{
	struct url url;

	(void)arena;
	if (url_parse(str_of(value), &url) != ERR_OK ||
	    (!str_eq(url.scheme, STR("smtp")) &&
		!str_eq(url.scheme, STR("smtps"))) ||
	    url.path.n > 0)
		return "must be smtps://host or smtp://host:587, with nothing "
		       "behind it; user and password are keys of their own";
	return NULL;
}

const char *
check_mailbox(struct arena *arena, const char *value)
{
	struct mailbox mailbox;

	(void)arena;
	if (mailbox_parse(str_of(value), &mailbox) == ERR_OK)
		return NULL;
	return "is no mail address; write it like phone@example.com or "
	       "Our phone <phone@example.com>";
}

const char *
check_webhook_secret(struct arena *arena, const char *value)
{
	struct str key; /* not told */

	if (webhook_secret_parse(arena, str_of(value), &key) == ERR_OK)
		return NULL;
	return "must be whsec_ and the base64 of 24 to 64 random bytes; make "
	       "one with: echo whsec_$(openssl rand -base64 32)";
}

/*
 * The calls of the last 48 hours are read at Twilio again and again: what was
 * removed sooner would come back.
 */
const char *
check_keep_days(struct arena *arena, const char *value)
{
	(void)arena;
	if (strcmp(value, "1") != 0 && strcmp(value, "2") != 0)
		return NULL;
	return "must be 3 or more, or 0 for ever: calls of the last two days "
	       "are read at Twilio once more, and would come back";
}
