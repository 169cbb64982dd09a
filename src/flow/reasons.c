/* reasons: what sends a caller on, or away.  Floor: flow. */
#include "reasons.h"

#include "codec/phone.h"
#include "flow/block_list.h"
#include "flow/facts.h"
#include "flow/flow.h"
#include "twilio/webhook.h"
#include "twilio/words.h"

#include <stddef.h>

enum why
why_turned_away(const struct event *ev, const struct line *line,
    const struct block_list *blocks)
{
	if (!ev->inbound_leg)
		return WHY_NONE;
	if (blocks != NULL && block_list_has(blocks, ev->from))
		return WHY_BLOCKLIST;
	if (line != NULL && line->reject_anonymous &&
	    phone_is_withheld(ev->from))
		return WHY_ANONYMOUS;
	return WHY_NONE;
}

enum why
why_of_dial(enum call_status status)
{
	switch (status) {
	case CALL_COMPLETED:
	case CALL_ANSWERED:
	case CALL_IN_PROGRESS:
		return WHY_NOT_ACCEPTED;
	case CALL_BUSY:
		return WHY_BUSY;
	case CALL_FAILED:
		return WHY_BAD_NUMBER;
	case CALL_NO_ANSWER:
		return WHY_NO_ANSWER;
	case CALL_UNKNOWN:
	case CALL_QUEUED:
	case CALL_INITIATED:
	case CALL_RINGING:
	case CALL_CANCELED:
	case CALL__MAX:
		return WHY_NONE;
	}
	return WHY_NONE;
}
