/* facts: the names under which facts are kept.  Floor: flow. */
#include "flow/facts.h"

const char *
place_name(enum place place)
{
	static const char *const names[PLACE__MAX] = {
		[PLACE_MENU] = "menu",
		[PLACE_FORWARD] = "forward",
		[PLACE_VOICEMAIL] = "voicemail",
		[PLACE_RECORDED] = "recorded",
		[PLACE_REJECTED] = "rejected",
		[PLACE_DONE] = "done",
	};

	return names[place];
}

const char *
why_name(enum why why)
{
	static const char *const names[WHY__MAX] = {
		[WHY_CHOSEN] = "chosen",
		[WHY_NOT_ACCEPTED] = "not_accepted",
		[WHY_NO_ANSWER] = "no_answer",
		[WHY_BUSY] = "busy",
		[WHY_BAD_NUMBER] = "bad_number",
		[WHY_LINE_CLOSED] = "line_closed",
		[WHY_BLOCKLIST] = "blocklist",
		[WHY_ANONYMOUS] = "anonymous",
	};

	return names[why];
}
