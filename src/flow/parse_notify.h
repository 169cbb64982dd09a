/* parse_notify: who is told of a line's calls.  Private to the flow floor. */
#ifndef MAINLINE_FLOW_PARSE_NOTIFY_H
#define MAINLINE_FLOW_PARSE_NOTIFY_H

#include "flow/flow.h"
#include "reader.h"

/* The member "notify" of a line; without one nobody is told. */
struct notify parse_notify(struct reader *r, struct node line);

#endif
