/* rest: requests to Twilio's REST API.  Floor: twilio. */
#include "twilio/rest.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/json.h"
#include "rest_json.h"

#define CODE_MAX 999999

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

void
rest_error_read(
    struct arena *arena, struct str json, int *code, struct str *message)
{
	const struct json *document;
	const struct json *number;

	*code = 0;
	*message = STR_ABSENT;
	if (rest_object(arena, json, &document) != ERR_OK)
		return;
	*message = rest_text(document, "message");
	number = json_member(document, STR("code"));
	if (number != NULL && number->type == JSON_NUMBER &&
	    number->number >= 1 && number->number <= CODE_MAX)
		*code = (int)number->number;
}
