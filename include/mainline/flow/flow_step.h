/*
 * flow_step: what a caller hears next, and what was learnt.  Pure and total.
 * Floor: flow.
 */
#ifndef MAINLINE_FLOW_FLOW_STEP_H
#define MAINLINE_FLOW_FLOW_STEP_H

#include "base/arena.h"
#include "base/str.h"
#include "flow/block_list.h"
#include "flow/facts.h"
#include "flow/flow.h"
#include "twilio/webhook.h"

struct reply {
	struct str twiml; /* absent for a callback: answer 204 */
	struct facts facts;
};

/*
 * Decides.  The same (flow, blocks, event) always gives the same reply; time
 * comes in with the event.  `flow` is the version that the event's URL names,
 * or for the entry the one in force; where it has not the line or the step that
 * the event names, the caller is led to a voicemail that needs no flow, and a
 * colleague's leg is hung up.
 *
 * Whoever is on `blocks` (NULL: nobody is) is turned away at the entry, as is
 * who withholds the number where the line says so; a call that has gone beyond
 * it goes on.
 *
 * The reply lives in `arena` and borrows from `flow` and `ev`.
 */
void flow_step(struct arena *arena, const struct flow *flow,
    const struct block_list *blocks, const struct event *ev, struct reply *out);

#endif
