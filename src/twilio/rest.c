/* rest: requests to Twilio's REST API.  Floor: twilio. */
#include "twilio/rest.h"

#include "base/arena.h"
#include "base/str.h"

struct str
rest_recording_media(struct arena *arena, struct str api,
    struct str account_sid, struct str recording_sid, struct str suffix)
{
	return str_format(arena,
	    "%.*s/2010-04-01/Accounts/%.*s/Recordings/%.*s%.*s", STR_ARG(api),
	    STR_ARG(account_sid), STR_ARG(recording_sid), STR_ARG(suffix));
}

struct str
rest_recording(struct arena *arena, struct str api, struct str account_sid,
    struct str recording_sid)
{
	return rest_recording_media(
	    arena, api, account_sid, recording_sid, STR(".json"));
}

struct str
rest_call(struct arena *arena, struct str api, struct str account_sid,
    struct str call_sid)
{
	return str_format(arena,
	    "%.*s/2010-04-01/Accounts/%.*s/Calls/%.*s.json", STR_ARG(api),
	    STR_ARG(account_sid), STR_ARG(call_sid));
}
