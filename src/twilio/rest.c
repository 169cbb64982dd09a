/* rest: requests to Twilio's REST API.  Floor: twilio. */
#include "twilio/rest.h"

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/json.h"
#include "rest_json.h"

#include <stddef.h>

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

static const struct {
	int code;
	const char *mend;
} mends[] = {
	{ 10001, "the account is not active; see the Twilio console" },
	{ 10002,
	    "a trial account cannot do this: one number, of those that are "
	    "offered to trials; upgrade it, or release the number it has" },
	{ 20003,
	    "check TWILIO_API_KEY with TWILIO_API_SECRET, or "
	    "TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN: key and token must be "
	    "of this very account and region, and an API key of the kind "
	    "\"restricted\" needs the right to numbers" },
	{ 20005, "the account is not active; see the Twilio console" },
	{ 20008,
	    "these are test credentials, which reach nothing real; take the "
	    "live ones" },
	{ 20404, "it is not there, or not in this account" },
	{ 20429, "Twilio is asked too often; try again in a minute" },
	{ 21402,
	    "Twilio does not take this URL; it must be https, at a name that "
	    "the world knows" },
	{ 21404,
	    "a trial account has one number at most; upgrade it, or release "
	    "the number it has" },
	{ 21421, "this is no telephone number" },
	{ 21422,
	    "somebody else has it, or it is none of Twilio's; find another "
	    "with mainline number search" },
	{ 21452, "there is none in this area code; try another" },
	{ 21613,
	    "the law of its country wants your address; add one in the "
	    "console, and name it with --address-sid" },
	{ 21615,
	    "the law of its country wants an address in that place; add one "
	    "in the console, and name it with --address-sid" },
	{ 21631,
	    "the law of its country wants your address; add one in the "
	    "console, and name it with --address-sid" },
	{ 21649,
	    "the law of its country wants to know who has it; have a "
	    "regulatory bundle approved in the console, and name it with "
	    "--bundle-sid" },
};

const char *
rest_error_mend(int code)
{
	for (size_t i = 0; i < ARRAY_LEN(mends); i++) {
		if (mends[i].code == code)
			return mends[i].mend;
	}
	return NULL;
}
