/* case: reads golden cases and asks flow_step(). */
#include "case.h"

#include "base/buf.h"
#include "codec/base64.h"
#include "codec/form.h"
#include "flow/flow_set.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_CASES 500
#define FILE_MAX_BYTES ((size_t)256 * 1024)
#define BODY_MAX_BYTES ((size_t)64 * 1024)
#define RECEIVED_US INT64_C(1795338000000000) /* 2026-11-22 09:00 */
#define HOUR_US INT64_C(3600000000)

static void
die(const char *path, const char *what)
{
	(void)fprintf(stderr, "%s: %s\n", path, what);
	exit(2);
}

static struct str
read_file(struct arena *arena, const char *path)
{
	char *const bytes = arena_alloc(arena, FILE_MAX_BYTES + 1);
	FILE *const file = fopen(path, "re");
	size_t n;

	if (file == NULL)
		die(path, "cannot be opened");
	n = fread(bytes, 1, FILE_MAX_BYTES, file);
	(void)fclose(file);
	return (struct str){ bytes, n };
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char **
case_list(struct arena *arena)
{
	const char **const list =
	    ARENA_ARRAY(arena, MAX_CASES + 1, const char *);
	DIR *const dir = opendir(CASES_FOLDER);
	const struct dirent *entry;
	size_t n = 0;

	if (dir == NULL)
		die(CASES_FOLDER, "cannot be opened");
	while ((entry = readdir(dir)) != NULL && n < MAX_CASES) {
		if (strstr(entry->d_name, ".txt") != NULL)
			list[n++] =
			    str_format(arena, CASES_FOLDER "/%s", entry->d_name)
				.p;
	}
	(void)closedir(dir);
	qsort(list, n, sizeof(*list), by_name);
	return list;
}

/* The text behind a line's "word", or absent when the line has another. */
static struct str
behind(struct str line, const char *word)
{
	const struct str head = str_of(word);

	if (!str_starts(line, head))
		return STR_ABSENT;
	return str_slice(line, head.n, line.n);
}

/* Adds what a "{c*n}" or "\xHH" at the beginning of `s` stands for. */
static size_t
add_one(struct arena *arena, struct buf *out, struct str s)
{
	struct str count = str_slice(s, 3, str_find(s, '}') - 3);
	struct str byte;
	int n;

	if (s.n > 4 && s.p[0] == '{' && s.p[2] == '*' &&
	    str_to_int(count, 100000, &n)) {
		for (int i = 0; i < n; i++)
			buf_addc(out, s.p[1]);
		return count.n + 4;
	}
	if (str_starts(s, STR("\\x")) &&
	    hex_decode(arena, str_slice(s, 2, 2), &byte) == ERR_OK) {
		buf_add(out, byte);
		return 4;
	}
	buf_addc(out, s.p[0]);
	return 1;
}

static struct str
expand(struct arena *arena, struct str s)
{
	struct buf out;

	buf_init(&out, arena, BODY_MAX_BYTES);
	for (size_t i = 0; i < s.n;)
		i += add_one(arena, &out, str_slice(s, i, s.n));
	return buf_str(&out);
}

/* "name = value" becomes "&name=value", escaped. */
static void
add_pair(struct arena *arena, struct buf *body, struct str line)
{
	struct str value = line;
	const struct str name = str_trim(str_split(&value, '='));

	if (buf_str(body).n > 0)
		buf_addc(body, '&');
	buf_add(body, form_escape(arena, expand(arena, name)));
	if (value.p == NULL)
		return;
	buf_addc(body, '=');
	buf_add(body, form_escape(arena, expand(arena, str_trim(value))));
}

struct golden_case
case_read(struct arena *arena, const char *path)
{
	const struct str text = read_file(arena, path);
	struct golden_case c = { .path = path };
	struct str rest = text;
	struct buf body;

	buf_init(&body, arena, BODY_MAX_BYTES);
	while (rest.n > 0 && !str_starts(rest, STR("-> "))) {
		const struct str line = str_split(&rest, '\n');

		if (c.sentence.p == NULL)
			c.sentence = line;
		else if (behind(line, "POST ").p != NULL)
			c.uri = behind(line, "POST ");
		else if (behind(line, "flows: ").p != NULL)
			c.flows = behind(line, "flows: ");
		else if (behind(line, "blocks: ").p != NULL)
			c.blocks = behind(line, "blocks: ");
		else if (str_trim(line).n > 0)
			add_pair(arena, &body, line);
	}
	c.body = buf_str(&body);
	c.expected = rest.p == NULL ? STR("") : rest;
	c.head = str_slice(text, 0, text.n - c.expected.n);
	if (c.uri.p == NULL || c.flows.p == NULL || buf_close(&body) != ERR_OK)
		die(path, "lacks its POST or its flows, or is too large");
	return c;
}

/* "office as 7, clinic as 8" */
static const struct flow_set *
flows_of(struct arena *arena, const struct golden_case *c)
{
	struct flow_set *const set = flow_set_new(arena,
	    flow_builtin(arena, STR("+15550100001"), STR("+15550100777")));
	struct flow_version versions[8];
	struct str rest = c->flows;
	struct str json;
	struct str why = STR("too large");
	size_t n = 0;

	while (rest.p != NULL && !str_eq(c->flows, STR("none")) && n < 8) {
		const struct str one = str_trim(str_split(&rest, ','));
		const size_t blank = str_find(one, ' ');
		struct flow_version *const v = &versions[n++];

		v->published_us = RECEIVED_US - HOUR_US;
		v->document = read_file(arena,
		    str_format(
			arena, FLOWS_FOLDER "/%.*s.json", (int)blank, one.p)
			.p);
		if (!str_to_int(
			str_slice(one, blank + 4, one.n), 1000, &v->version))
			die(c->path, "flows: NAME as VERSION");
	}
	if (flow_set_render(arena, versions, n, c->blocks, &json) != ERR_OK ||
	    flow_set_parse(arena, json, set, &why) != ERR_OK)
		die(c->path, str_cstr(arena, why));
	return set;
}

static enum event_kind
kind_of(const struct golden_case *c)
{
	const struct str path = str_slice(c->uri, 0, str_find(c->uri, '?'));
	enum event_kind k = EVENT_VOICE;

	while (k < EVENT__MAX && !str_eq(path, str_of(event_kind_path(k))))
		k++;
	if (k == EVENT__MAX)
		die(c->path, "POST to no route of ours");
	return k;
}

struct answer
case_answer(struct arena *arena, const struct golden_case *c)
{
	const struct flow_set *const set = flows_of(arena, c);
	struct form *const form = ARENA_NEW(arena, struct form);
	const struct webhook webhook = { kind_of(c), c->uri, c->body, form,
		RECEIVED_US };
	struct answer a;
	bool entry;

	if (form_parse(arena, c->body, 1024, form) != ERR_OK)
		die(c->path, "has too many pairs");
	a.ev = webhook_parse(arena, &webhook);
	entry = a.ev.kind == EVENT_VOICE ||
	    (a.ev.kind == EVENT_FALLBACK && a.ev.failed == EVENT_VOICE);
	flow_step(arena,
	    entry ? flow_set_entry(set, RECEIVED_US)
		  : flow_set_at(set, a.ev.state.version),
	    &set->blocks, &a.ev, &a.reply);
	return a;
}
