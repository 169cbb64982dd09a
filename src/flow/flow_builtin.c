/* flow_builtin: the flow when nothing is published.  Floor: flow. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "flow/flow.h"

#include <stdbool.h>
#include <stdlib.h>

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
