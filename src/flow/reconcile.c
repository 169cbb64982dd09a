/* reconcile: what the REST API says of a call, as events.  Floor: flow. */
#include "flow/reconcile.h"

#include "base/arena.h"
#include "base/compiler.h"
#include "base/str.h"
#include "callback.h"
#include "codec/digest.h"
#include "codec/phone.h"
#include "flow/facts.h"
#include "flow/flow.h"
#include "twilio/rest_calls.h"
#include "twilio/state.h"
#include "twilio/webhook.h"
#include "twilio/words.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define MIN_S 2 /* of a flow without a voicemail, as where none says */
#define FACTS_BYTES 160

/* An address that a row can be found by; what is longer is none. */
static struct str
address(struct str value)
{
	return value.n > STATE_WORD_MAX_BYTES ? STR_ABSENT : value;
}

/* An event that is no request: nothing of a request is told. */
static void
begin(const struct reconcile *asked, struct event *ev, struct reply *reply)
{
	*ev = (struct event){
		.kind = EVENT_RECONCILE,
		.received_us = asked->received_us,
		.uri = asked->path,
		.body = str_slice(asked->answer, 0, RECONCILE_BODY_MAX_BYTES),
		.state = { .version = FACT_NONE, .n = FACT_NONE },
		.line = asked->line,
		.call_sid = asked->call_sid,
		.timestamp_us = FACT_NONE,
		.duration_s = WEBHOOK_UNKNOWN,
		.sequence = WEBHOOK_UNKNOWN,
		.sip_code = WEBHOOK_UNKNOWN,
		.dial_duration_s = WEBHOOK_UNKNOWN,
		.recording_duration_s = WEBHOOK_UNKNOWN,
		.error_code = WEBHOOK_UNKNOWN,
	};
	*reply = (struct reply){ .twiml = STR_ABSENT };
	callback_common(ev, &reply->facts);
	reply->facts.status_source = SOURCE_REST;
	reply->facts.reconciled_us = asked->received_us;
}

/* `facts` in one string, and two texts. */
static void
set_key(struct event *ev, const char *facts, struct str a, struct str b)
{
	const struct str parts[] = { str_of(event_kind_name(ev->kind)), ev->uri,
		str_of(facts), a, b };

	digest_parts(parts, ARRAY_LEN(parts), ev->key);
}

void
reconcile_call(struct arena *arena, const struct reconcile *asked,
    const struct rest_call *call, struct event *ev, struct reply *reply)
{
	struct facts *const facts = &reply->facts;
	char text[FACTS_BYTES];

	begin(asked, ev, reply);
	ev->inbound_leg = true;
	ev->status = call->status;
	ev->from = address(call->from);
	ev->to = phone_canonical(arena, address(call->to));
	facts->status = call->status;
	facts->from = ev->from;
	facts->to = ev->to;
	facts->started_us = call->started_us;
	facts->ended_us = call->ended_us;
	/* Of one that nobody answered Twilio tells none: it took no time. */
	facts->duration_s = call->duration_s;
	(void)snprintf(text, sizeof(text), "call %d %d %" PRId64 " %" PRId64,
	    (int)facts->status, facts->duration_s, facts->started_us,
	    facts->ended_us);
	set_key(ev, text, facts->from, facts->to);
}

void
reconcile_recording(const struct reconcile *asked,
    const struct rest_recording *recording, int min_s, struct event *ev,
    struct reply *reply)
{
	const int duration_s = recording->duration_s;
	struct recording_fact *const fact = &reply->facts.recording;
	char text[FACTS_BYTES];

	begin(asked, ev, reply);
	ev->recording_sid = recording->sid;
	ev->recording_status = recording->status;
	fact->sid = recording->sid;
	fact->source = SOURCE_REST;
	fact->status = recording->status;
	fact->duration_s = duration_s;
	/* As callback_recording(): of unknown length, better shown. */
	fact->message = (recording->status == RECORDING_PROCESSING ||
			    recording->status == RECORDING_COMPLETED) &&
	    (duration_s < 0 || duration_s >= min_s);
	(void)snprintf(text, sizeof(text), "recording %d %d %d",
	    (int)fact->status, fact->duration_s, fact->message);
	set_key(ev, text, fact->sid, STR(""));
}

int
reconcile_min_s(const struct flow *flow, struct str step)
{
	const struct step *const named =
	    step.p == NULL ? NULL : flow_find_step(flow, step);
	int least = -1;

	if (named != NULL && named->kind == STEP_VOICEMAIL)
		return named->voicemail.min_s;
	for (size_t i = 0; i < flow->n_steps; i++) {
		const struct step *const s = &flow->steps[i];

		if (s->kind == STEP_VOICEMAIL &&
		    (least < 0 || s->voicemail.min_s < least))
			least = s->voicemail.min_s;
	}
	return least < 0 ? MIN_S : least;
}
