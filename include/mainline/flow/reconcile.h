/*
 * reconcile: what Twilio's REST API says of a call, as events like any other.
 * Pure.
 * Floor: flow.
 *
 * An event tells of the call, or of one of its recordings.  Its kind is
 * `reconcile`, its URI the path that was asked, its body the answer.
 */
#ifndef MAINLINE_FLOW_RECONCILE_H
#define MAINLINE_FLOW_RECONCILE_H

#include "base/arena.h"
#include "base/str.h"
#include "flow/flow.h"
#include "flow/flow_step.h"
#include "twilio/rest_calls.h"
#include "twilio/webhook.h"

#include <stdint.h>

#define RECONCILE_BODY_MAX_BYTES ((size_t)64 * 1024)

/* What was asked, about which call, and what came back; all borrowed. */
struct reconcile {
	struct str line, call_sid;
	struct str path;
	struct str answer; /* what is beyond RECONCILE_BODY_MAX_BYTES is cut */
	int64_t received_us;
};

/*
 * The event and its facts.  Its key is SHA-256 over kind, path and facts
 * (without the time of asking): what is learnt a second time is the same event,
 * a different answer is another.  Borrows from all that is given.
 */
void reconcile_call(struct arena *arena, const struct reconcile *asked,
    const struct rest_call *call, struct event *ev, struct reply *reply);

/* Likewise; what lasts `min_s` seconds is a message. */
void reconcile_recording(const struct reconcile *asked,
    const struct rest_recording *recording, int min_s, struct event *ev,
    struct reply *reply);

/*
 * From how many seconds on a recording is a message: as the voicemail step of
 * that name says; if there is none, the most lenient one of the flow.
 */
int reconcile_min_s(const struct flow *flow, struct str step);

#endif
