/* parse_steps: the three kinds of steps.  Private to the flow floor. */
#ifndef MAINLINE_FLOW_PARSE_STEPS_H
#define MAINLINE_FLOW_PARSE_STEPS_H

#include "flow/flow.h"
#include "reader.h"

/*
 * The step that the member `key` names; NULL, and an error, if there is none.
 */
const struct step *parse_step_ref(struct reader *r, struct node object,
    const char *key, const struct flow *flow);

/* Fills in flow->steps, whose names are there already, in their order. */
void parse_steps(struct reader *r, struct node root, struct flow *flow);

#endif
