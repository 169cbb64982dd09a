/* webhook: a signed request as a typed event.  Floor: twilio. */
#include "twilio/webhook.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/date.h"
#include "codec/digest.h"
#include "codec/form.h"
#include "codec/phone.h"
#include "codec/utf8.h"
#include "twilio/state.h"
#include "twilio/words.h"

#include <limits.h>
#include <stddef.h>

#define QUERY_MAX_PAIRS 64
#define TEXT_MAX_BYTES 4096 /* a parameter that is kept as text */
#define LABEL_MAX_BYTES 256 /* a caller's name, a place */

struct reader {
	struct arena *arena;
	const struct form *form;
};

static struct str
text(const struct reader *r, const char *name)
{
	const struct str raw = form_get(r->form, name);

	if (str_is_empty(raw))
		return STR_ABSENT;
	return utf8_clean(r->arena, str_slice(raw, 0, TEXT_MAX_BYTES));
}

/* The first of two names that has a value: Twilio sends both, or either. */
static struct str
either(const struct reader *r, const char *name, const char *other)
{
	const struct str value = text(r, name);

	return value.p != NULL ? value : text(r, other);
}

/* At most `max` bytes of it, and no half character. */
static struct str
cut(struct str value, size_t max)
{
	size_t n = value.n;

	while (n > max || !utf8_is_valid(str_slice(value, 0, n)))
		n--;
	return str_slice(value, 0, n);
}

/* A number or SIP address: rows are found by it, and it travels in URLs. */
static struct str
address(const struct reader *r, const char *name, const char *other)
{
	return cut(either(r, name, other), STATE_WORD_MAX_BYTES);
}

/* A name or place: every row of the feed shows it. */
static struct str
label(const struct reader *r, const char *name, const char *other)
{
	return cut(either(r, name, other), LABEL_MAX_BYTES);
}

static int
number(const struct reader *r, const char *name)
{
	int value = WEBHOOK_UNKNOWN;

	if (!str_to_int(form_get(r->form, name), INT_MAX, &value))
		return WEBHOOK_UNKNOWN;
	return value;
}

static struct str
query_of(struct str url)
{
	(void)str_split(&url, '?');
	return url;
}

static struct state
parse_query(struct arena *arena, struct str url)
{
	struct form query = { 0 };

	/* Too long to be ours; what was read before the limit is not used. */
	if (form_parse(arena, query_of(url), QUERY_MAX_PAIRS, &query) != ERR_OK)
		query = (struct form){ 0 };
	return state_parse(arena, &query);
}

/* The path of an absolute or relative URL, without its query. */
static struct str
path_of(struct str url)
{
	const size_t scheme = str_find(url, ':');

	if (str_eq(str_slice(url, scheme, 3), STR("://"))) {
		const struct str rest = str_slice(url, scheme + 3, url.n);

		url = str_slice(rest, str_find(rest, '/'), rest.n);
	}
	return str_slice(url, 0, str_find(url, '?'));
}

static bool
kind_of_path(struct str path, enum event_kind *out)
{
	for (enum event_kind k = 0; k < EVENT__MAX; k++) {
		if (str_eq(path, str_of(event_kind_path(k)))) {
			*out = k;
			return true;
		}
	}
	return false;
}

/*
 * Is what ErrorUrl tells about this call?  It may be an old number's, or a
 * server's that is none of ours.
 */
static bool
is_of_call(
    const struct reader *r, const struct state *own, const struct state *told)
{
	return (told->line.p == NULL || own->line.p == NULL ||
		   str_eq(told->line, own->line)) &&
	    (told->call_sid.p == NULL ||
		str_eq(told->call_sid, text(r, "CallSid")) ||
		str_eq(told->call_sid, text(r, "ParentCallSid")));
}

/*
 * VoiceFallbackUrl is fixed; what the caller was about to hear is told by
 * ErrorUrl, which is signed as a parameter.
 */
static void
parse_fallback(const struct reader *r, struct event *ev)
{
	struct str url = form_get(r->form, "ErrorUrl");
	const struct state own = ev->state;
	struct state told;

	/* Behind "#" stand Twilio's connection overrides. */
	url = str_slice(url, 0, str_find(url, '#'));
	told = parse_query(r->arena, url);
	ev->error_code = number(r, "ErrorCode");
	ev->failed = EVENT_FALLBACK;
	if (!kind_of_path(path_of(url), &ev->failed) ||
	    ev->failed == EVENT_FALLBACK || !is_of_call(r, &own, &told)) {
		ev->failed = EVENT_FALLBACK;
		ev->state.n = STATE_N_UNKNOWN;
		return;
	}
	ev->state = told;
	if (ev->failed == EVENT_VOICE)
		ev->state.n = STATE_N_ENTRY;
	ev->state.n = ev->state.n > 0 && ev->state.n < STATE_N_MAX
	    ? ev->state.n + 1
	    : STATE_N_UNKNOWN;
	if (ev->state.line.p == NULL)
		ev->state.line = own.line;
}

static void
parse_identity(const struct reader *r, struct event *ev)
{
	const struct str own = text(r, "CallSid");
	const struct str parent = text(r, "ParentCallSid");

	/* A call that came to us may have a parent, which is none of ours. */
	const bool came_in =
	    str_eq(form_get(r->form, "Direction"), STR("inbound"));

	ev->call_sid = ev->state.call_sid;
	if (ev->call_sid.p == NULL && !came_in && sid_is(parent, "CA"))
		ev->call_sid = parent;
	else if (ev->call_sid.p == NULL && sid_is(own, "CA"))
		ev->call_sid = own;
	ev->inbound_leg = own.p != NULL && str_eq(own, ev->call_sid);
	if (sid_is(own, "CA") && !ev->inbound_leg)
		ev->leg_sid = own;
	else if (sid_is(text(r, "DialCallSid"), "CA"))
		ev->leg_sid = text(r, "DialCallSid");

	ev->from = address(r, "From", "Caller");
	ev->to = phone_canonical(r->arena, address(r, "To", "Called"));
	ev->line = ev->state.line;
	if (ev->line.p == NULL && ev->inbound_leg)
		ev->line = ev->to;
}

static void
parse_caller(const struct reader *r, struct event *ev)
{
	ev->caller_name = label(r, "CallerName", "CallerName");
	ev->city = label(r, "FromCity", "CallerCity");
	ev->region = label(r, "FromState", "CallerState");
	ev->country = label(r, "FromCountry", "CallerCountry");
	ev->verstat = label(r, "StirVerstat", "StirVerstat");
}

static void
parse_progress(const struct reader *r, struct event *ev)
{
	const struct str bridged = text(r, "DialBridged");

	ev->status = call_status_parse(text(r, "CallStatus"));
	ev->duration_s = number(r, "CallDuration");
	ev->sequence = number(r, "SequenceNumber");
	ev->sip_code = number(r, "SipResponseCode");
	ev->timestamp_us = -1;
	if (date_parse_rfc2822(text(r, "Timestamp"), &ev->timestamp_us) !=
	    ERR_OK)
		ev->timestamp_us = -1;
	ev->digits = utf8_clean(r->arena, form_get(r->form, "Digits"));
	ev->dial_status = call_status_parse(text(r, "DialCallStatus"));
	ev->dial_duration_s = number(r, "DialCallDuration");
	if (str_eq(bridged, STR("true")))
		ev->bridged = BRIDGED_YES;
	else if (str_eq(bridged, STR("false")))
		ev->bridged = BRIDGED_NO;
}

/* The SID of a RecordingUrl's last part, which may end with ".wav" or so. */
static struct str
sid_of_url(struct str url)
{
	struct str last = STR_ABSENT;
	struct str rest = str_slice(url, 0, str_find(url, '?'));

	while (rest.p != NULL)
		last = str_split(&rest, '/');
	return str_slice(last, 0, str_find(last, '.'));
}

static void
parse_recording(const struct reader *r, struct event *ev)
{
	struct str sid = text(r, "RecordingSid");

	if (!sid_is(sid, "RE"))
		sid = sid_of_url(text(r, "RecordingUrl"));
	if (sid_is(sid, "RE"))
		ev->recording_sid = sid;
	ev->recording_status =
	    recording_status_parse(text(r, "RecordingStatus"));
	ev->recording_duration_s = number(r, "RecordingDuration");
	if (str_eq(text(r, "TranscriptionStatus"), STR("completed")))
		ev->transcript = text(r, "TranscriptionText");
}

static void
make_key(struct arena *arena, const struct webhook *w, unsigned char *out)
{
	const struct form sorted = form_sorted(arena, w->form);
	struct str *const parts =
	    ARENA_ARRAY(arena, 2 + 2 * sorted.n, struct str);
	size_t n = 0;

	parts[n++] = str_of(event_kind_name(w->kind));
	parts[n++] = w->uri;
	for (size_t i = 0; i < sorted.n; i++) {
		parts[n++] = sorted.pairs[i].name;
		parts[n++] = sorted.pairs[i].value;
	}
	digest_parts(parts, n, out);
}

struct event
webhook_parse(struct arena *arena, const struct webhook *webhook)
{
	const struct reader r = { arena, webhook->form };
	struct event ev = {
		.kind = webhook->kind,
		.received_us = webhook->received_us,
		.uri = webhook->uri,
		.body = webhook->body,
		.failed = EVENT_FALLBACK,
		.error_code = WEBHOOK_UNKNOWN,
	};

	make_key(arena, webhook, ev.key);
	ev.state = parse_query(arena, webhook->uri);
	if (webhook->kind == EVENT_VOICE)
		ev.state.n = STATE_N_ENTRY;
	else if (ev.state.n == 0 && webhook->kind != EVENT_STATUS)
		ev.state.n = STATE_N_UNKNOWN; /* a URL that nginx wrote */
	if (webhook->kind == EVENT_FALLBACK)
		parse_fallback(&r, &ev);
	parse_identity(&r, &ev);
	parse_caller(&r, &ev);
	parse_progress(&r, &ev);
	parse_recording(&r, &ev);
	return ev;
}
