/* rest_numbers: asking about telephone numbers and applications.
 * Floor: twilio. */
#include "twilio/rest_numbers.h"

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/form.h"
#include "codec/json.h"
#include "codec/phone.h"
#include "rest_json.h"
#include "twilio/words.h"

#include <stdbool.h>
#include <stddef.h>

#define PAGE_SIZE 200

struct str
rest_numbers_path(
    struct arena *arena, struct str account_sid, struct str number)
{
	const struct str escaped = form_escape(arena, number);

	if (str_is_empty(number))
		return str_format(arena,
		    REST_ACCOUNTS "%.*s/IncomingPhoneNumbers.json?PageSize=%d",
		    STR_ARG(account_sid), PAGE_SIZE);
	return str_format(arena,
	    REST_ACCOUNTS "%.*s/IncomingPhoneNumbers.json?PhoneNumber=%.*s"
			  "&PageSize=%d",
	    STR_ARG(account_sid), STR_ARG(escaped), PAGE_SIZE);
}

struct str
rest_number_path(
    struct arena *arena, struct str account_sid, struct str number_sid)
{
	return str_format(arena,
	    REST_ACCOUNTS "%.*s/IncomingPhoneNumbers/%.*s.json",
	    STR_ARG(account_sid), STR_ARG(number_sid));
}

struct str
rest_numbers_new_path(struct arena *arena, struct str account_sid)
{
	return str_format(arena, REST_ACCOUNTS "%.*s/IncomingPhoneNumbers.json",
	    STR_ARG(account_sid));
}

struct str
rest_applications_path(
    struct arena *arena, struct str account_sid, struct str name)
{
	const struct str escaped = form_escape(arena, name);

	return str_format(arena,
	    REST_ACCOUNTS "%.*s/Applications.json?FriendlyName=%.*s"
			  "&PageSize=%d",
	    STR_ARG(account_sid), STR_ARG(escaped), PAGE_SIZE);
}

struct str
rest_application_path(
    struct arena *arena, struct str account_sid, struct str application_sid)
{
	return str_format(arena, REST_ACCOUNTS "%.*s/Applications/%.*s.json",
	    STR_ARG(account_sid), STR_ARG(application_sid));
}

struct str
rest_applications_new_path(struct arena *arena, struct str account_sid)
{
	return str_format(arena, REST_ACCOUNTS "%.*s/Applications.json",
	    STR_ARG(account_sid));
}

struct str
rest_form_with(
    struct arena *arena, struct str form, const char *name, struct str value)
{
	const struct str escaped = form_escape(arena, value);

	return str_format(arena, "%.*s%s%s=%.*s", STR_ARG(form),
	    form.n == 0 ? "" : "&", name, STR_ARG(escaped));
}

struct str
rest_voice_form(struct arena *arena, const struct rest_voice *voice)
{
	const struct {
		const char *name;
		struct str value;
	} fields[] = {
		{ "VoiceUrl", voice->url },
		{ "VoiceMethod", voice->method },
		{ "VoiceFallbackUrl", voice->fallback_url },
		{ "VoiceFallbackMethod", voice->fallback_method },
		{ "StatusCallback", voice->status_url },
		{ "StatusCallbackMethod", voice->status_method },
	};
	struct str form = STR("");

	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		if (fields[i].value.p != NULL)
			form = rest_form_with(
			    arena, form, fields[i].name, fields[i].value);
	}
	return form;
}

/* Numbers and applications name these alike. */
static struct rest_voice
read_voice(const struct json *object)
{
	return (struct rest_voice){
		.url = rest_text(object, "voice_url"),
		.method = rest_text(object, "voice_method"),
		.fallback_url = rest_text(object, "voice_fallback_url"),
		.fallback_method = rest_text(object, "voice_fallback_method"),
		.status_url = rest_text(object, "status_callback"),
		.status_method = rest_text(object, "status_callback_method"),
	};
}

/* Told otherwise, it cannot be called; a list without the word says nothing. */
static bool
has_voice(const struct json *object)
{
	const struct json *const can = json_member(object, STR("capabilities"));
	const struct json *voice;

	if (can == NULL || can->type != JSON_OBJECT)
		return true;
	voice = json_member(can, STR("voice"));
	return voice == NULL || voice->type != JSON_BOOL || voice->boolean;
}

/* Absent, where it is none: it would become part of a path. */
static struct str
sid_of(const struct json *object, const char *key, const char *prefix)
{
	const struct str sid = rest_text(object, key);

	return sid_is(sid, prefix) ? sid : STR_ABSENT;
}

static bool
read_number(const struct json *object, struct rest_number *out)
{
	const struct str mode = rest_text(object, "voice_receive_mode");

	*out = (struct rest_number){
		.sid = sid_of(object, "sid", "PN"),
		.number = rest_text(object, "phone_number"),
		.name = rest_text(object, "friendly_name"),
		.voice = read_voice(object),
		.application_sid =
		    sid_of(object, "voice_application_sid", "AP"),
		.trunk_sid = sid_of(object, "trunk_sid", "TK"),
		.has_voice = has_voice(object),
		.takes_fax = str_eq(mode, STR("fax")),
	};
	return out->sid.p != NULL && phone_is_e164(out->number);
}

static bool
read_application(const struct json *object, struct rest_application *out)
{
	*out = (struct rest_application){
		.sid = sid_of(object, "sid", "AP"),
		.name = rest_text(object, "friendly_name"),
		.voice = read_voice(object),
	};
	return out->sid.p != NULL;
}

enum err
rest_number_read(struct arena *arena, struct str json, struct rest_number *out)
{
	const struct json *document;
	struct rest_number number;

	if (rest_object(arena, json, &document) != ERR_OK ||
	    !read_number(document, &number))
		return ERR_INPUT;
	*out = number;
	return ERR_OK;
}

enum err
rest_numbers_read(struct arena *arena, struct str json, struct str account_sid,
    struct rest_numbers *out)
{
	struct rest_numbers numbers = { 0 };
	struct rest_page page;

	if (rest_page(arena, json, account_sid, "incoming_phone_numbers",
		&page) != ERR_OK)
		return ERR_INPUT;
	numbers.next = page.next;
	numbers.list = ARENA_ARRAY(arena, page.n, struct rest_number);
	for (const struct json *e = page.first; e != NULL; e = e->next)
		numbers.n += read_number(e, &numbers.list[numbers.n]);
	*out = numbers;
	return ERR_OK;
}

enum err
rest_application_read(
    struct arena *arena, struct str json, struct rest_application *out)
{
	const struct json *document;
	struct rest_application application;

	if (rest_object(arena, json, &document) != ERR_OK ||
	    !read_application(document, &application))
		return ERR_INPUT;
	*out = application;
	return ERR_OK;
}

enum err
rest_applications_read(struct arena *arena, struct str json,
    struct str account_sid, struct rest_applications *out)
{
	struct rest_applications applications = { 0 };
	struct rest_page page;

	if (rest_page(arena, json, account_sid, "applications", &page) !=
	    ERR_OK)
		return ERR_INPUT;
	applications.next = page.next;
	applications.list = ARENA_ARRAY(arena, page.n, struct rest_application);
	for (const struct json *e = page.first; e != NULL; e = e->next)
		applications.n +=
		    read_application(e, &applications.list[applications.n]);
	*out = applications;
	return ERR_OK;
}
