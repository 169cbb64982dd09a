/*
 * webhook: any route, URI and body: an event and, with the compiled-in flow, an
 * answer that fits; whoever is blocked is turned away at the entry alone.
 */
#include "codec/utf8.h"
#include "flow/flow_step.h"
#include "fuzz.h"
#include "twilio/webhook.h"

static void
require_fit(struct str s)
{
	REQUIRE(utf8_is_valid(s) && str_find(s, '\0') == s.n);
}

static void
require_event(const struct event *ev)
{
	require_fit(ev->line);
	require_fit(ev->call_sid);
	require_fit(ev->leg_sid);
	require_fit(ev->from);
	require_fit(ev->to);
	require_fit(ev->caller_name);
	require_fit(ev->recording_sid);
	require_fit(ev->transcript);
	REQUIRE(ev->state.n >= 0 && ev->state.n <= STATE_N_MAX);
	REQUIRE(ev->state.version >= -1);
}

static void
require_reply(const struct event *ev, const struct reply *reply)
{
	if (!event_kind_is_voice(ev->kind)) {
		REQUIRE(reply->twiml.p == NULL);
		return;
	}
	REQUIRE(reply->twiml.n > 0 && reply->twiml.n <= TWIML_MAX_BYTES);
	require_fit(reply->twiml);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *const arena = fuzz_arena();
	struct str rest = fuzz_input(data, size);
	const struct str first = fuzz_piece(&rest);
	const struct str uri = fuzz_piece(&rest);
	struct form form;
	struct webhook webhook = { EVENT_VOICE, uri, rest, &form, 0 };
	struct block_list blocks;
	struct event ev;
	struct reply reply;

	if (form_parse(arena, rest, 512, &form) != ERR_OK)
		return 0;
	if (first.n > 0)
		webhook.kind = (unsigned char)first.p[0] % EVENT__MAX;
	ev = webhook_parse(arena, &webhook);
	require_event(&ev);
	flow_step(arena,
	    flow_builtin(arena, STR("+15550100001"), STR("+15550100777")), NULL,
	    &ev, &reply);
	require_reply(&ev, &reply);
	if (ev.from.p != NULL &&
	    block_list_parse(arena, ev.from, &blocks) == ERR_OK) {
		flow_step(arena,
		    flow_builtin(arena, STR("+15550100001"), STR_ABSENT),
		    &blocks, &ev, &reply);
		require_reply(&ev, &reply);
		REQUIRE(reply.facts.place != PLACE_REJECTED ||
		    ev.kind == EVENT_VOICE || ev.kind == EVENT_FALLBACK);
	}
	return 0;
}
