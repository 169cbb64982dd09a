/* rest_json: reading the answers of Twilio's REST API.  Floor: twilio. */
#include "rest_json.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/json.h"

#include <stdbool.h>
#include <stddef.h>

#define PATH_MAX_BYTES 2048

struct str
rest_text(const struct json *object, const char *key)
{
	const struct json *const member = json_member(object, str_of(key));

	if (member == NULL || member->type != JSON_STRING ||
	    member->string.n == 0)
		return STR_ABSENT;
	return member->string;
}

enum err
rest_object(struct arena *arena, struct str json, const struct json **out)
{
	struct json_error error;
	const struct json *document;

	if (json_parse(arena, json, &error, &document) != ERR_OK ||
	    document->type != JSON_OBJECT)
		return ERR_INPUT;
	*out = document;
	return ERR_OK;
}

/* Nothing that a URL or a header could be broken with. */
static bool
is_plain(struct str path)
{
	for (size_t i = 0; i < path.n; i++) {
		if (path.p[i] <= ' ' || path.p[i] > '~' || path.p[i] == '\\' ||
		    path.p[i] == '#')
			return false;
	}
	return path.n <= PATH_MAX_BYTES;
}

/* "..", or an escaped one: below our account is not where it would lead. */
static bool
climbs(struct str path)
{
	const struct str way = str_slice(path, 0, str_find(path, '?'));

	for (size_t i = 0; i < way.n; i++) {
		if (way.p[i] == '%' || str_eq(str_slice(way, i, 2), STR("..")))
			return true;
	}
	return false;
}

static enum err
read_next(struct arena *arena, const struct json *document,
    struct str account_sid, struct str *out)
{
	const struct str next = rest_text(document, "next_page_uri");
	const struct str home =
	    str_format(arena, REST_ACCOUNTS "%.*s/", STR_ARG(account_sid));

	*out = next;
	if (next.p == NULL)
		return ERR_OK;
	return str_starts(next, home) && is_plain(next) && !climbs(next)
	    ? ERR_OK
	    : ERR_INPUT;
}

enum err
rest_page(struct arena *arena, struct str json, struct str account_sid,
    const char *key, struct rest_page *out)
{
	struct rest_page page = { 0 };
	const struct json *document;
	const struct json *list;

	if (rest_object(arena, json, &document) != ERR_OK)
		return ERR_INPUT;
	list = json_member(document, str_of(key));
	if (list == NULL || list->type != JSON_ARRAY ||
	    read_next(arena, document, account_sid, &page.next) != ERR_OK)
		return ERR_INPUT;
	page.first = list->child;
	for (const struct json *e = list->child; e != NULL; e = e->next)
		page.n++;
	*out = page;
	return ERR_OK;
}

struct str
rest_other_origin(struct arena *arena, struct str api, const char *product)
{
	static const struct str begin = STR_INIT("https://api.");
	static const struct str end = STR_INIT(".twilio.com");
	struct str rest;

	if (api.n < begin.n + end.n - 1 || !str_starts(api, begin) ||
	    !str_eq(str_slice(api, api.n - end.n, end.n), end))
		return api;
	rest = str_slice(api, begin.n, api.n);
	return str_format(arena, "https://%s.%.*s", product, STR_ARG(rest));
}
