/* flow_testing: flows and events for tests. */
#include "flow_testing.h"

#include "base/buf.h"

#include <string.h>

static const struct flow *
flow_of(struct arena *arena, struct str json, int version, const char *name)
{
	struct flow_errors errors;
	const struct flow *flow = NULL;

	if (flow_parse(arena, json, version, &errors, &flow) != ERR_OK)
		fail_msg("%s: %.*s %.*s", name, STR_ARG(errors.list[0].path),
		    STR_ARG(errors.list[0].text));
	return flow;
}

const struct flow *
flow_of_file(struct arena *arena, const char *name, int version)
{
	const struct str path = str_format(arena, "data/flows/%s.json", name);

	return flow_of(arena, testing_file(arena, path.p), version, name);
}

struct str
quoted(struct arena *arena, const char *document)
{
	char *const json = arena_copy(arena, document, strlen(document));

	for (char *c = json; *c != '\0'; c++) {
		if (*c == '\'')
			*c = '"';
	}
	return str_of(json);
}

const struct flow *
flow_of_text(struct arena *arena, const char *document)
{
	return flow_of(arena, quoted(arena, document), 7, document);
}

static enum event_kind
kind_of(struct str uri)
{
	const struct str path = str_slice(uri, 0, str_find(uri, '?'));

	for (enum event_kind k = 0; k < EVENT__MAX; k++) {
		if (str_eq(path, str_of(event_kind_path(k))))
			return k;
	}
	fail_msg("no route: %.*s", STR_ARG(uri));
	return EVENT_VOICE;
}

struct event
event_of(struct arena *arena, struct str uri, struct str body)
{
	struct form *const form = ARENA_NEW(arena, struct form);
	const struct webhook webhook = {
		.kind = kind_of(uri),
		.uri = uri,
		.body = body,
		.form = form,
		.received_us = INT64_C(1795338000000000),
	};

	assert_err(form_parse(arena, body, 1024, form), ERR_OK);
	return webhook_parse(arena, &webhook);
}

static size_t
find(struct str s, struct str part)
{
	for (size_t i = 0; i + part.n <= s.n; i++) {
		if (str_eq(str_slice(s, i, part.n), part))
			return i;
	}
	return SIZE_MAX;
}

struct str
between(struct str document, const char *begin, const char *end)
{
	const size_t at = find(document, str_of(begin));
	struct str rest;

	if (at == SIZE_MAX)
		return STR_ABSENT;
	rest = str_slice(document, at + strlen(begin), document.n);
	return str_slice(rest, 0, find(rest, str_of(end)));
}

struct str
url_of(struct arena *arena, struct str attribute)
{
	const struct str amp = STR("&amp;");
	struct buf out;

	buf_init(&out, arena, attribute.n);
	for (size_t i = 0; i < attribute.n && attribute.p[i] != '#'; i++) {
		buf_addc(&out, attribute.p[i]);
		if (str_starts(str_slice(attribute, i, amp.n), amp))
			i += amp.n - 1;
	}
	return buf_str(&out);
}
