/* rest_account: the account, as the REST API tells of it.  Floor: twilio. */
#include "twilio/rest_account.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/form.h"
#include "codec/json.h"
#include "rest_json.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct str
rest_account_path(struct arena *arena, struct str account_sid)
{
	return str_format(
	    arena, REST_ACCOUNTS "%.*s.json", STR_ARG(account_sid));
}

struct str
rest_caller_id_path(
    struct arena *arena, struct str account_sid, struct str number)
{
	const struct str escaped = form_escape(arena, number);

	return str_format(arena,
	    REST_ACCOUNTS "%.*s/OutgoingCallerIds.json?PhoneNumber=%.*s",
	    STR_ARG(account_sid), STR_ARG(escaped));
}

struct str
rest_newest_recordings_path(struct arena *arena, struct str account_sid)
{
	return str_format(arena,
	    REST_ACCOUNTS "%.*s/Recordings.json?PageSize=20",
	    STR_ARG(account_sid));
}

/*
 * ITU-T E.164 (assigned country codes): 1 and 7 stand alone; these have two
 * digits, all others three.
 */
struct str
rest_calling_code(struct str number)
{
	static const char two[] =
	    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 "
	    "55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98";
	const struct str digits = str_slice(number, 1, number.n);

	if (digits.n < 4)
		return STR_ABSENT;
	if (digits.p[0] == '1' || digits.p[0] == '7')
		return str_slice(digits, 0, 1);
	for (const char *p = two; *p != '\0'; p += p[2] == '\0' ? 2 : 3) {
		if (memcmp(p, digits.p, 2) == 0)
			return str_slice(digits, 0, 2);
	}
	return str_slice(digits, 0, 3);
}

struct str
rest_countries_url(struct arena *arena, struct str api, struct str number)
{
	const struct str code = rest_calling_code(number);
	const struct str origin = rest_other_origin(arena, api, "voice");

	if (code.p == NULL)
		return STR_ABSENT;
	return str_format(arena,
	    "%.*s/v1/DialingPermissions/Countries?CountryCode=%.*s&PageSize=100",
	    STR_ARG(origin), STR_ARG(code));
}

enum err
rest_account_read(
    struct arena *arena, struct str json, struct rest_account *out)
{
	const struct json *object;
	struct str status;

	if (rest_object(arena, json, &object) != ERR_OK)
		return ERR_INPUT;
	status = rest_text(object, "status");
	if (status.p == NULL)
		return ERR_INPUT;
	out->status = ACCOUNT_ACTIVE;
	if (str_eq(status, STR("suspended")))
		out->status = ACCOUNT_SUSPENDED;
	else if (str_eq(status, STR("closed")))
		out->status = ACCOUNT_CLOSED;
	out->is_trial = str_eq_nocase(rest_text(object, "type"), STR("Trial"));
	return ERR_OK;
}

/* The elements of an array; ERR_INPUT: there is none of that name. */
static enum err
elements(struct arena *arena, struct str json, const char *key,
    const struct json **out)
{
	const struct json *object;
	const struct json *array;

	if (rest_object(arena, json, &object) != ERR_OK)
		return ERR_INPUT;
	array = json_member(object, str_of(key));
	if (array == NULL || array->type != JSON_ARRAY)
		return ERR_INPUT;
	*out = array->child;
	return ERR_OK;
}

enum err
rest_caller_id_read(
    struct arena *arena, struct str json, struct str number, bool *is_there)
{
	const struct json *each;

	if (elements(arena, json, "outgoing_caller_ids", &each) != ERR_OK)
		return ERR_INPUT;
	*is_there = false;
	for (; each != NULL; each = each->next)
		*is_there |= each->type == JSON_OBJECT &&
		    str_eq(rest_text(each, "phone_number"), number);
	return ERR_OK;
}

enum err
rest_countries_read(
    struct arena *arena, struct str json, struct rest_countries *out)
{
	const struct json *each;

	if (elements(arena, json, "content", &each) != ERR_OK)
		return ERR_INPUT;
	*out = (struct rest_countries){ .n = 0 };
	for (; each != NULL; each = each->next) {
		const struct json *open;

		if (each->type != JSON_OBJECT)
			continue;
		open = json_member(each, STR("low_risk_numbers_enabled"));
		out->is_open |=
		    open != NULL && open->type == JSON_BOOL && open->boolean;
		if (out->n++ == 0)
			out->name = rest_text(each, "name");
	}
	return ERR_OK;
}
