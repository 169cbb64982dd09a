/*
 * flow: any document; one that is a flow answers every route at each of its
 * steps, and a caller who does nothing comes to a recording.
 */
#include "flow/flow_step.h"
#include "fuzz.h"

#include <string.h>

#define CALL "CA0123456789abcdef0123456789abcdef"

static struct reply
ask(struct arena *arena, const struct flow *flow, struct str uri,
    enum event_kind kind)
{
	static const char body[] =
	    "CallSid=" CALL "&To=%2B15550100001&From=%2B15550100009&Digits=1"
	    "&DialCallStatus=busy&RecordingDuration=3";
	struct form form;
	const struct webhook webhook = { kind, uri, STR_INIT(body), &form, 0 };
	struct event ev;
	struct reply reply;

	REQUIRE(form_parse(arena, webhook.body, 64, &form) == ERR_OK);
	ev = webhook_parse(arena, &webhook);
	flow_step(arena, flow, NULL, &ev, &reply);
	return reply;
}

static void
require_errors(const struct flow_errors *errors)
{
	REQUIRE(errors->n > 0 && errors->n <= FLOW_MAX_ERRORS);
	for (size_t i = 0; i < errors->n; i++)
		REQUIRE(errors->list[i].text.n > 0 &&
		    errors->list[i].path.p != NULL);
}

/* Every reference is resolved and every way without a key has an end. */
static void
require_step(const struct flow *flow, const struct step *step)
{
	size_t hops = 0;

	while (step->kind != STEP_VOICEMAIL) {
		step = step->kind == STEP_MENU ? step->menu.otherwise
					       : step->forward.otherwise;
		REQUIRE(step != NULL && ++hops <= flow->n_steps);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *const arena = fuzz_arena();
	struct flow_errors errors;
	const struct flow *flow;

	if (flow_parse(arena, fuzz_input(data, size), 7, &errors, &flow) !=
	    ERR_OK) {
		require_errors(&errors);
		return 0;
	}
	for (size_t i = 0; i < flow->n_steps && i < 8; i++) {
		require_step(flow, &flow->steps[i]);
		for (enum event_kind k = 0; k < EVENT__MAX; k++) {
			const struct state state = {
				.line = flow->lines[0].number,
				.version = 7,
				.step = flow->steps[i].name,
				.try = 1,
				.n = 3,
			};
			const struct reply reply =
			    ask(arena, flow, state_url(arena, k, &state), k);

			REQUIRE(event_kind_is_voice(k) ? reply.twiml.n > 0 &&
				    reply.twiml.n <= TWIML_MAX_BYTES
						       : reply.twiml.p == NULL);
		}
	}
	return 0;
}
