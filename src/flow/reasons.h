/*
 * reasons: what sends a caller on, or away.  Private to the flow floor.
 */
#ifndef MAINLINE_FLOW_REASONS_H
#define MAINLINE_FLOW_REASONS_H

#include "flow/block_list.h"
#include "flow/facts.h"
#include "flow/flow.h"
#include "twilio/webhook.h"
#include "twilio/words.h"

/*
 * Why a caller is not let in at the entry; WHY_NONE: they are.  `line` NULL: of
 * none that the flow knows; `blocks` NULL: nobody is blocked.
 */
enum why why_turned_away(const struct event *ev, const struct line *line,
    const struct block_list *blocks);

/* Why nobody took a call that was forwarded, by its DialCallStatus. */
enum why why_of_dial(enum call_status status);

#endif
