/* parse_steps: the three kinds of steps.  Floor: flow. */
#include "parse_steps.h"

#include "base/buf.h"
#include "base/compiler.h"
#include "base/str.h"
#include "codec/json.h"
#include "flow/flow.h"
#include "reader.h"
#include "say.h"
#include "twilio/twiml.h"

#include <stdbool.h>
#include <string.h>

#define REF_MAX_BYTES 64

static struct str
names_of_steps(struct reader *r, const struct flow *flow)
{
	struct buf out;

	buf_init(&out, r->arena, FLOW_MAX_BYTES);
	for (size_t i = 0; i < flow->n_steps; i++)
		buf_addf(&out, "%s%.*s", i == 0 ? "" : ", ",
		    STR_ARG(flow->steps[i].name));
	return buf_str(&out);
}

static struct str
ids_of_phones(struct reader *r, const struct flow *flow)
{
	struct buf out;

	buf_init(&out, r->arena, FLOW_MAX_BYTES);
	for (size_t i = 0; i < flow->n_phones; i++)
		buf_addf(&out, "%s%.*s", i == 0 ? "" : ", ",
		    STR_ARG(flow->phones[i].id));
	return buf_str(&out);
}

static const struct step *
find_step(
    struct reader *r, struct str path, struct str name, const struct flow *flow)
{
	const struct step *const step = flow_find_step(flow, name);
	struct str names;

	if (step != NULL)
		return step;
	names = names_of_steps(r, flow);
	reader_error(r, path, "no step is named \"%.*s\"; the steps are: %.*s",
	    STR_ARG(name), STR_ARG(names));
	return NULL;
}

const struct step *
parse_step_ref(struct reader *r, struct node object, const char *key,
    const struct flow *flow)
{
	const size_t before = r->errors->n;
	const struct str name =
	    reader_string(r, object, key, REF_MAX_BYTES, STR_ABSENT);

	if (r->errors->n != before)
		return NULL;
	return find_step(r, reader_member(r, object, key).path, name, flow);
}

/* What is said, with its placeholders checked. */
static struct str
parse_say(
    struct reader *r, struct node object, const char *key, struct str otherwise)
{
	const struct str say =
	    reader_string(r, object, key, FLOW_SAY_MAX, otherwise);
	const struct str unknown = say_unknown_placeholder(say);

	if (unknown.p != NULL)
		reader_error(r, reader_member(r, object, key).path,
		    "%.*s is no placeholder; there are {line} and {caller}",
		    STR_ARG(unknown));
	return say;
}

static void
parse_keys(
    struct reader *r, struct node p, struct menu *menu, const struct flow *flow)
{
	const struct node keys = reader_member(r, p, "keys");
	const size_t n = reader_count(keys);

	if (!reader_is_object(r, keys, "{ \"1\": \"office\" }"))
		return;
	if (n == 0 || n > FLOW_MAX_KEYS) {
		reader_error(r, keys.path, "has %zu keys; it needs 1 to %d", n,
		    FLOW_MAX_KEYS);
		return;
	}
	for (const struct json *i = keys.json->child; i != NULL; i = i->next) {
		const struct node at = reader_child(r, keys, i, 0);
		struct menu_key *const key = &menu->keys[menu->n_keys++];

		if (i->key.n != 1 ||
		    strchr("0123456789*#", i->key.p[0]) == NULL)
			reader_error(r, at.path,
			    "is not a key of a phone; write one of 0 to 9, * "
			    "and #");
		if (i->key.n > 0)
			key->key = i->key.p[0];
		if (i->type != JSON_STRING)
			reader_error(r, at.path, "is %s; write a step's name",
			    json_type_name(i->type));
		else
			key->to = find_step(r, at.path, i->string, flow);
	}
}

static void
parse_menu(
    struct reader *r, struct node p, struct step *step, const struct flow *flow)
{
	static const char *const keys[] = { "say", "keys", "timeout_s", "tries",
		"otherwise", NULL };
	struct menu *const menu = &step->menu;

	reader_known_keys(r, p, keys);
	menu->say = parse_say(r, p, "say", STR_ABSENT);
	menu->timeout_s =
	    reader_int(r, p, "timeout_s", (struct range){ 1, 60, 6 });
	menu->tries = reader_int(r, p, "tries", (struct range){ 1, 10, 3 });
	menu->otherwise = parse_step_ref(r, p, "otherwise", flow);
	parse_keys(r, p, menu, flow);
}

static bool
is_rung(const struct forward *forward, const struct phone *phone)
{
	for (size_t i = 0; i < forward->n_to; i++) {
		if (forward->to[i] == phone)
			return true;
	}
	return false;
}

static void
parse_to(struct reader *r, struct node p, struct forward *forward,
    const struct flow *flow)
{
	const struct node to = reader_member(r, p, "to");
	const struct str ids = ids_of_phones(r, flow);
	const size_t n = reader_count(to);
	int index = 0;

	if (to.json == NULL || to.json->type != JSON_ARRAY || n == 0 ||
	    n > TWIML_MAX_NUMBERS) {
		reader_error(r, to.path,
		    "must be a list of 1 to %d phones, like [\"reception\"]",
		    TWIML_MAX_NUMBERS);
		return;
	}
	for (const struct json *i = to.json->child; i != NULL; i = i->next) {
		const struct node at = reader_child(r, to, i, index++);
		const struct phone *const phone = i->type == JSON_STRING
		    ? flow_find_phone(flow, i->string)
		    : NULL;

		if (phone == NULL)
			reader_error(r, at.path,
			    "no phone is named \"%.*s\"; the phones are: %.*s",
			    STR_ARG(i->string), STR_ARG(ids));
		else if (is_rung(forward, phone))
			reader_error(r, at.path,
			    "rings \"%.*s\" a second time; remove it",
			    STR_ARG(i->string));
		forward->to[forward->n_to++] = phone;
	}
}

static void
parse_accept(struct reader *r, struct node p, struct forward *forward)
{
	static const char *const keys[] = { "say", NULL };
	const struct node accept = reader_member(r, p, "accept");

	forward->accept = true;
	forward->accept_say =
	    STR("Call for {line} from {caller}. Press any key to take it.");
	if (accept.json == NULL)
		return;
	if (accept.json->type == JSON_BOOL) {
		forward->accept = accept.json->boolean;
		return;
	}
	if (!reader_is_object(
		r, accept, "false, or { \"say\": \"Press any key.\" }"))
		return;
	reader_known_keys(r, accept, keys);
	forward->accept_say = parse_say(r, accept, "say", forward->accept_say);
}

static void
parse_caller_id(struct reader *r, struct node p, struct forward *forward)
{
	const struct str who =
	    reader_string(r, p, "caller_id", REF_MAX_BYTES, STR("caller"));

	forward->show_line = str_eq(who, STR("line"));
	if (!forward->show_line && !str_eq(who, STR("caller")))
		reader_error(r, reader_member(r, p, "caller_id").path,
		    "must be \"caller\" (the phone shows who calls) or "
		    "\"line\" (it shows the company's number)");
}

static void
parse_forward(
    struct reader *r, struct node p, struct step *step, const struct flow *flow)
{
	static const char *const keys[] = { "to", "ring_s", "max_s", "in_turn",
		"caller_id", "accept", "otherwise", NULL };
	struct forward *const forward = &step->forward;

	reader_known_keys(r, p, keys);
	parse_to(r, p, forward, flow);
	forward->ring_s =
	    reader_int(r, p, "ring_s", (struct range){ 5, 600, 25 });
	forward->max_s =
	    reader_int(r, p, "max_s", (struct range){ 60, 14400, 14400 });
	forward->in_turn = reader_bool(r, p, "in_turn", false);
	forward->otherwise = parse_step_ref(r, p, "otherwise", flow);
	parse_caller_id(r, p, forward);
	parse_accept(r, p, forward);
}

static void
parse_voicemail(
    struct reader *r, struct node p, struct step *step, const struct flow *flow)
{
	static const char *const keys[] = { "say", "thanks", "max_s", "min_s",
		"silence_s", "transcribe", NULL };
	struct voicemail *const voicemail = &step->voicemail;

	(void)flow;
	reader_known_keys(r, p, keys);
	voicemail->say = parse_say(r, p, "say", STR_ABSENT);
	if (reader_member(r, p, "thanks").json != NULL)
		voicemail->thanks = parse_say(r, p, "thanks", STR_ABSENT);
	voicemail->max_s =
	    reader_int(r, p, "max_s", (struct range){ 5, 3600, 180 });
	voicemail->min_s =
	    reader_int(r, p, "min_s", (struct range){ 0, 60, 2 });
	voicemail->silence_s =
	    reader_int(r, p, "silence_s", (struct range){ 0, 60, 5 });
	voicemail->transcribe = reader_bool(r, p, "transcribe", false);
}

static const struct {
	const char *key;
	enum step_kind kind;
	void (*parse)(struct reader *r, struct node p, struct step *step,
	    const struct flow *flow);
} kinds[] = {
	{ "menu", STEP_MENU, parse_menu },
	{ "forward", STEP_FORWARD, parse_forward },
	{ "voicemail", STEP_VOICEMAIL, parse_voicemail },
};

static void
parse_step(
    struct reader *r, struct node p, struct step *step, const struct flow *flow)
{
	const struct json *const only =
	    p.json->type == JSON_OBJECT ? p.json->child : NULL;

	for (size_t i = 0;
	    only != NULL && only->next == NULL && i < ARRAY_LEN(kinds); i++) {
		struct node at;

		if (!str_eq(only->key, str_of(kinds[i].key)))
			continue;
		at = reader_child(r, p, only, 0);
		step->kind = kinds[i].kind;
		if (reader_is_object(
			r, at, "an object with the step's members"))
			kinds[i].parse(r, at, step, flow);
		return;
	}
	reader_error(
	    r, p.path, "must hold exactly one of menu, forward and voicemail");
}

void
parse_steps(struct reader *r, struct node root, struct flow *flow)
{
	const struct node p = reader_member(r, root, "steps");
	const struct json *i = flow->n_steps == 0 ? NULL : p.json->child;

	for (size_t n = 0; i != NULL; i = i->next)
		parse_step(
		    r, reader_child(r, p, i, 0), &flow->steps[n++], flow);
}
