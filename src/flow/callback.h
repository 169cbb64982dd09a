/*
 * callback: the facts that need no decision.  Private to the flow floor.
 */
#ifndef MAINLINE_FLOW_CALLBACK_H
#define MAINLINE_FLOW_CALLBACK_H

#include "flow/facts.h"
#include "flow/flow.h"
#include "twilio/webhook.h"

/* Sets all of `*facts`: what every event tells, and "not told" for the rest. */
void callback_common(const struct event *ev, struct facts *facts);

/* How the inbound leg ended, from the number's StatusCallback. */
void callback_status(const struct event *ev, struct facts *facts);

/* How a colleague's leg goes. */
void callback_leg(
    const struct flow *flow, const struct event *ev, struct facts *facts);

/* What became of a recording; `step` says what counts as a message. */
void callback_recording(
    const struct step *step, const struct event *ev, struct facts *facts);

#endif
