/* callback: the facts that need no decision.  Floor: flow. */
#include "callback.h"

#include "flow/facts.h"
#include "flow/flow.h"
#include "twilio/webhook.h"
#include "twilio/words.h"

#include <stddef.h>
#include <stdint.h>

#define SECOND_US INT64_C(1000000)

void
callback_common(const struct event *ev, struct facts *facts)
{
	*facts = (struct facts){
		.n = ev->kind == EVENT_STATUS ? FACT_NONE : ev->state.n,
		.version_entry = FACT_NONE,
		.version_url = ev->state.version,
		.duration_s = FACT_NONE,
		.started_us = FACT_NONE,
		.ended_us = FACT_NONE,
		.reconciled_us = FACT_NONE,
		.forwarded_n = ev->state.n,
		.talk_s = FACT_NONE,
		.recording.duration_s = FACT_NONE,
		.error_code = FACT_NONE,
		.leg_duration_s = FACT_NONE,
	};
	if (!ev->inbound_leg)
		return;
	facts->status = ev->status;
	facts->status_source = SOURCE_ACTION;
	facts->caller_left = call_status_is_terminal(ev->status);
	facts->from = ev->from;
	facts->to = ev->to;
	facts->caller_name = ev->caller_name;
	facts->city = ev->city;
	facts->region = ev->region;
	facts->country = ev->country;
	facts->verstat = ev->verstat;
}

void
callback_status(const struct event *ev, struct facts *facts)
{
	if (!ev->inbound_leg)
		return;
	facts->status_source = SOURCE_CALLBACK;
	if (!call_status_is_terminal(ev->status))
		return;
	facts->duration_s = ev->duration_s;
	if (ev->timestamp_us < 0)
		return;
	facts->ended_us = ev->timestamp_us;
	if (ev->duration_s >= 0)
		facts->started_us =
		    ev->timestamp_us - ev->duration_s * SECOND_US;
}

/* An answered leg says so while it lasts, and by having been completed. */
static bool
leg_was_answered(enum call_status status)
{
	return status == CALL_IN_PROGRESS || status == CALL_COMPLETED;
}

void
callback_leg(
    const struct flow *flow, const struct event *ev, struct facts *facts)
{
	const struct phone *const phone =
	    flow_find_phone(flow, ev->state.phone);

	facts->leg_sid = ev->leg_sid;
	facts->leg_status = ev->status;
	facts->leg_duration_s = ev->duration_s;
	if (phone != NULL)
		facts->leg_phone = phone->name;
	if (phone != NULL && leg_was_answered(ev->status)) {
		facts->forwarded_to = phone->name;
		facts->forwarded_rank = FORWARDED_ANSWERED;
	}
}

void
callback_recording(
    const struct step *step, const struct event *ev, struct facts *facts)
{
	const bool action = ev->kind != EVENT_RECORDING;
	const int duration_s = ev->recording_duration_s;
	struct recording_fact *const recording = &facts->recording;

	if (ev->recording_sid.p == NULL)
		return;
	recording->sid = ev->recording_sid;
	recording->source = action ? SOURCE_ACTION : SOURCE_CALLBACK;
	recording->status =
	    action ? RECORDING_PROCESSING : ev->recording_status;
	recording->duration_s = duration_s;
	/* Of unknown length: better shown than hidden. */
	recording->message = (recording->status == RECORDING_PROCESSING ||
				 recording->status == RECORDING_COMPLETED) &&
	    (duration_s < 0 || duration_s >= step->voicemail.min_s);
}
