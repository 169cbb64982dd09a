/* rest_calls: asking the REST API about calls and recordings.
 * Floor: twilio. */
#include "twilio/rest_calls.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/date.h"
#include "codec/form.h"
#include "codec/json.h"
#include "rest_json.h"
#include "twilio/words.h"

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE_SIZE 200
#define SECOND_US INT64_C(1000000)

struct str
rest_call_path(struct arena *arena, struct str account_sid, struct str call_sid)
{
	return str_format(arena, REST_ACCOUNTS "%.*s/Calls/%.*s.json",
	    STR_ARG(account_sid), STR_ARG(call_sid));
}

struct str
rest_call_recordings_path(
    struct arena *arena, struct str account_sid, struct str call_sid)
{
	return str_format(arena,
	    REST_ACCOUNTS "%.*s/Calls/%.*s/Recordings.json?PageSize=%d",
	    STR_ARG(account_sid), STR_ARG(call_sid), PAGE_SIZE);
}

/* "2026-11-22T09:00:00Z", with its colons escaped. */
static struct str
second_of(struct arena *arena, int64_t us)
{
	const struct str time =
	    date_rfc3339(arena, us < 0 ? 0 : us / SECOND_US * SECOND_US);
	const struct str second = str_slice(time, 0, str_find(time, '.'));

	return form_escape(arena, str_format(arena, "%.*sZ", STR_ARG(second)));
}

struct str
rest_calls_path(struct arena *arena, struct str account_sid, struct str to,
    int64_t since_us)
{
	const struct str escaped = form_escape(arena, to);
	const struct str since = second_of(arena, since_us);

	return str_format(arena,
	    REST_ACCOUNTS
	    "%.*s/Calls.json?To=%.*s&StartTime%%3E=%.*s&PageSize=%d",
	    STR_ARG(account_sid), STR_ARG(escaped), STR_ARG(since), PAGE_SIZE);
}

struct str
rest_recordings_path(
    struct arena *arena, struct str account_sid, int64_t since_us)
{
	const struct str since = second_of(arena, since_us);

	return str_format(arena,
	    REST_ACCOUNTS
	    "%.*s/Recordings.json?DateCreated%%3E=%.*s&PageSize=%d",
	    STR_ARG(account_sid), STR_ARG(since), PAGE_SIZE);
}

/* Twilio writes numbers as strings, "-1" for none. */
static int
number(const struct json *object, const char *key)
{
	int value = REST_NONE;

	if (!str_to_int(rest_text(object, key), INT_MAX, &value))
		return REST_NONE;
	return value;
}

static int64_t
moment(const struct json *object, const char *key)
{
	int64_t us = REST_NONE;

	if (date_parse_rfc2822(rest_text(object, key), &us) != ERR_OK)
		return REST_NONE;
	return us;
}

static bool
read_call(const struct json *object, struct rest_call *out)
{
	*out = (struct rest_call){
		.sid = rest_text(object, "sid"),
		.parent_sid = rest_text(object, "parent_call_sid"),
		.from = rest_text(object, "from"),
		.to = rest_text(object, "to"),
		.is_inbound =
		    str_eq(rest_text(object, "direction"), STR("inbound")),
		.status = call_status_parse(rest_text(object, "status")),
		.started_us = moment(object, "start_time"),
		.ended_us = moment(object, "end_time"),
		.duration_s = number(object, "duration"),
	};
	return sid_is(out->sid, "CA");
}

/* Paused and stopped: there is more to come, as while it is processed. */
static enum recording_status
status_of(struct str word)
{
	if (str_eq(word, STR("paused")))
		return RECORDING_IN_PROGRESS;
	if (str_eq(word, STR("stopped")))
		return RECORDING_PROCESSING;
	return recording_status_parse(word);
}

static bool
read_recording(const struct json *object, struct rest_recording *out)
{
	const struct str source = rest_text(object, "source");

	*out = (struct rest_recording){
		.sid = rest_text(object, "sid"),
		.call_sid = rest_text(object, "call_sid"),
		.is_record_verb = str_eq(source, STR("RecordVerb")),
		.status = status_of(rest_text(object, "status")),
		.duration_s = number(object, "duration"),
	};
	return sid_is(out->sid, "RE") && sid_is(out->call_sid, "CA");
}

bool
rest_recording_is_over(const struct rest_recording *recording)
{
	return recording->status == RECORDING_COMPLETED ||
	    recording->status == RECORDING_ABSENT ||
	    recording->status == RECORDING_FAILED;
}

enum err
rest_call_read(struct arena *arena, struct str json, struct rest_call *out)
{
	const struct json *document;
	struct rest_call call;

	if (rest_object(arena, json, &document) != ERR_OK ||
	    !read_call(document, &call))
		return ERR_INPUT;
	*out = call;
	return ERR_OK;
}

enum err
rest_calls_read(struct arena *arena, struct str json, struct str account_sid,
    struct rest_calls *out)
{
	struct rest_calls calls = { 0 };
	struct rest_page page;

	if (rest_page(arena, json, account_sid, "calls", &page) != ERR_OK)
		return ERR_INPUT;
	calls.next = page.next;
	calls.list = ARENA_ARRAY(arena, page.n, struct rest_call);
	for (const struct json *e = page.first; e != NULL; e = e->next)
		calls.n += read_call(e, &calls.list[calls.n]);
	*out = calls;
	return ERR_OK;
}

enum err
rest_recordings_read(struct arena *arena, struct str json,
    struct str account_sid, struct rest_recordings *out)
{
	struct rest_recordings recordings = { 0 };
	struct rest_page page;

	if (rest_page(arena, json, account_sid, "recordings", &page) != ERR_OK)
		return ERR_INPUT;
	recordings.next = page.next;
	recordings.list = ARENA_ARRAY(arena, page.n, struct rest_recording);
	for (const struct json *e = page.first; e != NULL; e = e->next)
		recordings.n +=
		    read_recording(e, &recordings.list[recordings.n]);
	*out = recordings;
	return ERR_OK;
}
