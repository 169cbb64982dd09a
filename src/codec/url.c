/* url: the URLs that we ask.  Floor: codec. */
#include "codec/url.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/base64.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define HOST_MAX_BYTES 253
#define NAME "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_"
#define V6 "0123456789abcdefABCDEF:."

/* Does `s` consist of characters in `set` alone, and of at least one? */
static bool
is_made_of(struct str s, const char *set)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\0' || strchr(set, s.p[i]) == NULL)
			return false;
	}
	return s.n > 0;
}

/* Nothing that a parser might drop, mend, or read as something else. */
static bool
is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] <= ' ' || s.p[i] > '~' ||
		    strchr("\\#\"<>^`{|}", s.p[i]) != NULL)
			return false;
	}
	return true;
}

static bool
is_host(struct str host)
{
	if (host.n > HOST_MAX_BYTES)
		return false;
	if (host.n > 2 && host.p[0] == '[')
		return host.p[host.n - 1] == ']' &&
		    is_made_of(str_slice(host, 1, host.n - 2), V6);
	return is_made_of(host, NAME);
}

/* "host", "host:port", "[address]:port". */
static bool
take_authority(struct str authority, struct url *out)
{
	const bool v6 = authority.n > 0 && authority.p[0] == '[';
	const size_t host =
	    v6 ? str_find(authority, ']') + 1 : str_find(authority, ':');
	const struct str port = str_slice(authority, host + 1, authority.n);

	if (host > authority.n)
		return false;
	out->authority = authority;
	out->host = str_slice(authority, 0, host);
	out->port = 0;
	if (host < authority.n &&
	    (authority.p[host] != ':' || !str_to_int(port, 65535, &out->port) ||
		out->port == 0))
		return false;
	return is_host(out->host);
}

enum err
url_parse(struct str text, struct url *out)
{
	const size_t colon = str_find(text, ':');
	const size_t begin = colon + 3; /* behind "://" */
	size_t end = begin;

	if (!is_plain(text) || !str_eq(str_slice(text, colon, 3), STR("://")))
		return ERR_INPUT;
	while (end < text.n && text.p[end] != '/' && text.p[end] != '?')
		end++;
	out->scheme = str_slice(text, 0, colon);
	out->origin = str_slice(text, 0, end);
	out->path = str_slice(text, end, text.n);
	if (!str_eq_nocase(out->scheme, STR("https")) &&
	    !str_eq_nocase(out->scheme, STR("http")) &&
	    !str_eq_nocase(out->scheme, STR("smtps")) &&
	    !str_eq_nocase(out->scheme, STR("smtp")))
		return ERR_INPUT;
	return take_authority(str_slice(text, begin, end - begin), out)
	    ? ERR_OK
	    : ERR_INPUT;
}

struct str
url_unescape(struct arena *arena, struct str s)
{
	char *out;
	size_t n = 0;

	if (str_find(s, '%') == s.n)
		return s;
	out = arena_alloc(arena, s.n);
	for (size_t i = 0; i < s.n; i++) {
		struct str byte;

		if (s.p[i] != '%') {
			out[n++] = s.p[i];
			continue;
		}
		if (i + 2 >= s.n ||
		    hex_decode(arena, str_slice(s, i + 1, 2), &byte) != ERR_OK)
			return STR_ABSENT;
		out[n++] = byte.p[0];
		i += 2;
	}
	return (struct str){ out, n };
}

/* "127.1" and "0x7f.0.0.1" are read differently by different libraries. */
static bool
is_loopback_v4(struct str host)
{
	struct str rest = host;
	int numbers = 0;

	for (; rest.p != NULL; numbers++) {
		const struct str number = str_split(&rest, '.');
		int value;

		if (!str_to_int(number, 255, &value) ||
		    (number.n > 1 && number.p[0] == '0') ||
		    (numbers == 0 && value != 127))
			return false;
	}
	return numbers == 4;
}

bool
url_is_loopback(const struct url *url)
{
	return str_eq_nocase(url->host, STR("localhost")) ||
	    str_eq(url->host, STR("[::1]")) || is_loopback_v4(url->host);
}

bool
url_is_private(const struct url *url)
{
	return str_eq_nocase(url->scheme, STR("https")) ||
	    str_eq_nocase(url->scheme, STR("smtps")) || url_is_loopback(url);
}
