/*
 * flow_parse: a JSON document becomes a flow, or a list of what is wrong.
 * Floor: flow.
 *
 * Two passes, since steps name steps that stand behind them: the first makes a
 * step of each name, the second fills them in.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "check.h"
#include "codec/json.h"
#include "codec/phone.h"
#include "flow/flow.h"
#include "parse_notify.h"
#include "parse_steps.h"
#include "reader.h"

#include <stddef.h>

#define NAME_MAX_BYTES 64

/* Names of steps and phones travel in URLs: letters, digits, "_" and "-". */
static bool
is_id(struct str s)
{
	if (s.n == 0 || s.n > NAME_MAX_BYTES)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		const char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || c == '_' || c == '-'))
			return false;
	}
	return true;
}

static void
check_id(struct reader *r, struct node p)
{
	if (!is_id(p.json->key))
		reader_error(r, p.path,
		    "is not a name; use 1 to %d of a-z A-Z 0-9 _ -",
		    NAME_MAX_BYTES);
}

/* The members of an object of 1 to `max` members; 0 when it is none. */
static size_t
members(struct reader *r, struct node p, size_t max, const char *example)
{
	const size_t n = reader_count(p);

	if (!reader_is_object(r, p, example))
		return 0;
	if (n == 0 || n > max) {
		reader_error(
		    r, p.path, "has %zu members; it needs 1 to %zu", n, max);
		return 0;
	}
	return n;
}

/* As Twilio writes voices and languages: "Polly.Joanna-Neural", "en-US". */
static void
check_word(
    struct reader *r, struct node object, const char *key, struct str word)
{
	for (size_t i = 0; i < word.n; i++) {
		const char c = word.p[i];

		if (is_id(str_slice(word, i, 1)) || c == '.')
			continue;
		reader_error(r, reader_member(r, object, key).path,
		    "is none of Twilio's; it has letters, digits, . _ and - "
		    "only");
		return;
	}
}

static void
parse_voice(struct reader *r, struct node root, struct flow *flow)
{
	static const char *const keys[] = { "name", "language", NULL };
	const struct node p = reader_member(r, root, "voice");

	if (p.json == NULL)
		return;
	if (!reader_is_object(r, p,
		"{ \"name\": \"Polly.Joanna\", \"language\": \"en-US\" }"))
		return;
	reader_known_keys(r, p, keys);
	flow->voice.name =
	    reader_string(r, p, "name", NAME_MAX_BYTES, STR_ABSENT);
	flow->voice.language =
	    reader_string(r, p, "language", NAME_MAX_BYTES, STR_ABSENT);
	check_word(r, p, "name", flow->voice.name);
	check_word(r, p, "language", flow->voice.language);
}

static void
parse_phones(struct reader *r, struct node root, struct flow *flow)
{
	static const char *const keys[] = { "name", "number", NULL };
	const struct node p = reader_member(r, root, "phones");
	size_t n;

	if (p.json == NULL)
		return;
	n = members(r, p, FLOW_MAX_PHONES,
	    "{ \"reception\": { \"number\": \"+15550100777\" } }");
	flow->phones = ARENA_ARRAY(r->arena, n, struct phone);
	for (const struct json *i = n == 0 ? NULL : p.json->child; i != NULL;
	    i = i->next) {
		const struct node at = reader_child(r, p, i, 0);
		struct phone *const phone = &flow->phones[flow->n_phones++];

		check_id(r, at);
		phone->id = i->key;
		if (!reader_is_object(
			r, at, "{ \"number\": \"+15550100777\" }"))
			continue;
		reader_known_keys(r, at, keys);
		phone->name =
		    reader_string(r, at, "name", NAME_MAX_BYTES, i->key);
		phone->number =
		    reader_string(r, at, "number", NAME_MAX_BYTES, STR_ABSENT);
		if (phone->number.p != NULL && !phone_is_e164(phone->number))
			reader_error(r, reader_member(r, at, "number").path,
			    "is not a number in E.164; write it like "
			    "+15550100777: +, country code, no blanks");
	}
}

static void
parse_step_names(struct reader *r, struct node root, struct flow *flow)
{
	const struct node p = reader_member(r, root, "steps");
	const size_t n = members(r, p, FLOW_MAX_STEPS,
	    "{ \"message\": { \"voicemail\": { \"say\": \"…\" } } }");

	flow->steps = ARENA_ARRAY(r->arena, n, struct step);
	for (const struct json *i = n == 0 ? NULL : p.json->child; i != NULL;
	    i = i->next) {
		check_id(r, reader_child(r, p, i, 0));
		flow->steps[flow->n_steps++].name = i->key;
	}
}

/* "answer", which is assumed, or "reject". */
static bool
parse_anonymous(struct reader *r, struct node line)
{
	const size_t before = r->errors->n;
	const struct str word =
	    reader_string(r, line, "anonymous", NAME_MAX_BYTES, STR("answer"));

	if (r->errors->n == before && !str_eq(word, STR("answer")) &&
	    !str_eq(word, STR("reject")))
		reader_error(r, reader_member(r, line, "anonymous").path,
		    "must be \"answer\" or \"reject\"");
	return str_eq(word, STR("reject"));
}

static void
parse_lines(struct reader *r, struct node root, struct flow *flow)
{
	static const char *const keys[] = { "name", "entry", "notify",
		"anonymous", NULL };
	const char *const example =
	    "{ \"+15550100001\": { \"name\": \"Main number\", "
	    "\"entry\": \"message\" } }";
	const struct node p = reader_member(r, root, "lines");
	const size_t n = members(r, p, FLOW_MAX_LINES, example);

	flow->lines = ARENA_ARRAY(r->arena, n, struct line);
	for (const struct json *i = n == 0 ? NULL : p.json->child; i != NULL;
	    i = i->next) {
		const struct node at = reader_child(r, p, i, 0);
		struct line *const line = &flow->lines[flow->n_lines++];

		if (!phone_is_e164(i->key) &&
		    !str_eq(i->key, STR(FLOW_ANY_LINE)))
			reader_error(r, at.path,
			    "is not a number in E.164; write it like "
			    "+15550100001, or \"*\" for every other number");
		line->number = i->key;
		if (!reader_is_object(r, at, "{ \"entry\": \"welcome\" }"))
			continue;
		reader_known_keys(r, at, keys);
		line->name =
		    reader_string(r, at, "name", NAME_MAX_BYTES, i->key);
		line->entry = parse_step_ref(r, at, "entry", flow);
		line->notify = parse_notify(r, at);
		line->reject_anonymous = parse_anonymous(r, at);
	}
}

static void
parse_document(struct reader *r, struct node root, struct flow *flow)
{
	static const char *const keys[] = { "lines", "phones", "voice", "steps",
		NULL };

	if (!reader_is_object(r, root, "an object with lines and steps"))
		return;
	reader_known_keys(r, root, keys);
	parse_voice(r, root, flow);
	parse_phones(r, root, flow);
	parse_step_names(r, root, flow);
	parse_steps(r, root, flow);
	parse_lines(r, root, flow);
}

enum err
flow_parse(struct arena *arena, struct str json, int version,
    struct flow_errors *errors, const struct flow **out)
{
	struct reader r = { arena, errors };
	struct flow *const flow = ARENA_NEW(arena, struct flow);
	struct node root = { NULL, STR_INIT("") };
	struct json_error json_error;

	*errors = (struct flow_errors){ .n = 0 };
	flow->version = version;
	if (json.n > FLOW_MAX_BYTES) {
		reader_error(&r, root.path, "has %zu bytes; at most %zu",
		    json.n, FLOW_MAX_BYTES);
		return ERR_INPUT;
	}
	if (json_parse(arena, json, &json_error, &root.json) != ERR_OK) {
		if (json_error.line == 0)
			reader_error(&r, root.path, "%s", json_error.what);
		else
			reader_error(&r, root.path, "line %d, column %d: %s",
			    json_error.line, json_error.column,
			    json_error.what);
		return ERR_INPUT;
	}
	parse_document(&r, root, flow);
	if (errors->n == 0)
		check_flow(&r, flow);
	if (errors->n > 0)
		return ERR_INPUT;
	*out = flow;
	return ERR_OK;
}
