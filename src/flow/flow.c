/* flow: looking things up, and the compiled-in document.  Floor: flow. */
#include "flow/flow.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#include <stdlib.h>

const struct line *
flow_line(const struct flow *flow, struct str number)
{
	const struct line *any = NULL;

	for (size_t i = 0; i < flow->n_lines; i++) {
		const struct line *const line = &flow->lines[i];

		if (number.p != NULL && str_eq(line->number, number))
			return line;
		if (str_eq(line->number, STR(FLOW_ANY_LINE)))
			any = line;
	}
	return any;
}

const struct step *
flow_find_step(const struct flow *flow, struct str name)
{
	for (size_t i = 0; i < flow->n_steps; i++) {
		if (name.p != NULL && str_eq(flow->steps[i].name, name))
			return &flow->steps[i];
	}
	return NULL;
}

const struct phone *
flow_find_phone(const struct flow *flow, struct str id)
{
	for (size_t i = 0; i < flow->n_phones; i++) {
		if (id.p != NULL && str_eq(flow->phones[i].id, id))
			return &flow->phones[i];
	}
	return NULL;
}

static const char builtin_steps[] =
    "    \"message\": { \"voicemail\": {\n"
    "      \"say\": \"Please leave a message after the tone.\",\n"
    "      \"thanks\": \"Thank you. Goodbye.\",\n"
    "      \"max_s\": 180, \"min_s\": 2, \"silence_s\": 5 } }\n";

static const char builtin_forward[] =
    "    \"welcome\": { \"menu\": {\n"
    "      \"say\": \"Thank you for calling. Press 1 to talk to us. "
    "Press 2 to leave a message.\",\n"
    "      \"keys\": { \"1\": \"office\", \"2\": \"message\" },\n"
    "      \"timeout_s\": 6, \"tries\": 3, \"otherwise\": \"message\" } },\n"
    "    \"office\": { \"forward\": {\n"
    "      \"to\": [\"reception\"], \"ring_s\": 25, \"caller_id\": "
    "\"caller\",\n"
    "      \"accept\": { \"say\": \"Call for {line} from {caller}. "
    "Press any key to take it.\" },\n"
    "      \"otherwise\": \"message\" } },\n";

struct str
flow_builtin_json(struct arena *arena, struct str line, struct str forward_to)
{
	const bool forward = !str_is_empty(forward_to);
	const char *const entry = forward ? "welcome" : "message";
	struct buf out;

	buf_init(&out, arena, FLOW_MAX_BYTES);
	buf_add(&out, STR("{\n  \"lines\": {\n"));
	if (!str_is_empty(line))
		buf_addf(&out,
		    "    \"%.*s\": { \"name\": \"Main number\", "
		    "\"entry\": \"%s\" },\n",
		    STR_ARG(line), entry);
	buf_addf(&out,
	    "    \"*\": { \"name\": \"Main number\", \"entry\": \"%s\" }\n"
	    "  },\n",
	    entry);
	if (forward)
		buf_addf(&out,
		    "  \"phones\": {\n"
		    "    \"reception\": { \"name\": \"Reception\", "
		    "\"number\": \"%.*s\" }\n  },\n",
		    STR_ARG(forward_to));
	buf_add(&out, STR("  \"steps\": {\n"));
	if (forward)
		buf_add(&out, str_of(builtin_forward));
	buf_add(&out, str_of(builtin_steps));
	buf_add(&out, STR("  }\n}\n"));
	return buf_str(&out);
}

const struct flow *
flow_builtin(struct arena *arena, struct str line, struct str forward_to)
{
	const struct str json = flow_builtin_json(arena, line, forward_to);
	struct flow_errors errors;
	const struct flow *flow;

	/* Both numbers were checked with the configuration. */
	if (flow_parse(arena, json, 0, &errors, &flow) != ERR_OK)
		abort();
	return flow;
}
