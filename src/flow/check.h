/* check: what only the whole flow can tell.  Private to the flow floor. */
#ifndef MAINLINE_FLOW_CHECK_H
#define MAINLINE_FLOW_CHECK_H

#include "flow/flow.h"
#include "reader.h"

/* Notes what is wrong with a flow whose parts are all right by themselves. */
void check_flow(struct reader *r, const struct flow *flow);

#endif
