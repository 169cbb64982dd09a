/* call_json: a call as JSON.  Floor: store.  Shape: openapi/mainline.yaml. */
#include "store/call_json.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/form.h"
#include "codec/jsonw.h"
#include "io/pg.h"
#include "store/calls.h"
#include "twilio/signature.h"
#include "twilio/words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define AUDIO_URL_BYTES 512
#define EVENTS_MAX_BYTES ((size_t)4 * 1024 * 1024)

/* A row's columns are written one by one, straight from the result. */
struct row {
	struct jsonw *w;
	const struct pg_rows *rows;
	size_t at;
};

static void
text(const struct row *r, const char *key, int column)
{
	jsonw_str(r->w, key, pg_str(r->rows, r->at, (size_t)column));
}

static void
moment(const struct row *r, const char *key, int column)
{
	jsonw_time(r->w, key, pg_int(r->rows, r->at, (size_t)column, -1));
}

static void
number(const struct row *r, const char *key, int column)
{
	if (pg_str(r->rows, r->at, (size_t)column).p == NULL)
		jsonw_null(r->w, key);
	else
		jsonw_int(r->w, key, pg_int(r->rows, r->at, (size_t)column, 0));
}

static void
boolean(const struct row *r, const char *key, int column)
{
	jsonw_bool(r->w, key, pg_bool(r->rows, r->at, (size_t)column));
}

static void
audio_url(const struct row *r, const char *origin)
{
	const struct str sid =
	    pg_str(r->rows, r->at, CALL_COLUMN_RECORDING_SID);
	char url[AUDIO_URL_BYTES];

	(void)snprintf(url, sizeof(url), "%s/api/recordings/%.*s.mp3", origin,
	    STR_ARG(sid));
	jsonw_str(r->w, "audio_url", str_of(url));
}

/* A message that can be heard; a recording too short for one is none. */
static void
voicemail(const struct row *r, const char *origin)
{
	if (!pg_bool(r->rows, r->at, CALL_COLUMN_RECORDING_MESSAGE)) {
		jsonw_null(r->w, "voicemail");
		return;
	}
	jsonw_object(r->w, "voicemail");
	text(r, "recording_sid", CALL_COLUMN_RECORDING_SID);
	number(r, "duration_s", CALL_COLUMN_RECORDING_DURATION_S);
	text(r, "status", CALL_COLUMN_RECORDING_STATUS);
	audio_url(r, origin);
	text(r, "transcript", CALL_COLUMN_TRANSCRIPT);
	moment(r, "heard_at", CALL_COLUMN_HEARD_US);
	jsonw_object_end(r->w);
}

void
call_json_members(
    struct jsonw *w, const struct pg_rows *rows, size_t row, const char *origin)
{
	const struct row r = { w, rows, row };

	text(&r, "sid", CALL_COLUMN_SID);
	text(&r, "line", CALL_COLUMN_LINE);
	text(&r, "from", CALL_COLUMN_FROM);
	text(&r, "to", CALL_COLUMN_TO);
	text(&r, "caller_name", CALL_COLUMN_NAME);
	text(&r, "caller_city", CALL_COLUMN_CITY);
	text(&r, "caller_region", CALL_COLUMN_REGION);
	text(&r, "caller_country", CALL_COLUMN_COUNTRY);
	text(&r, "verstat", CALL_COLUMN_VERSTAT);
	text(&r, "status", CALL_COLUMN_STATUS);
	text(&r, "outcome", CALL_COLUMN_OUTCOME);
	text(&r, "reason", CALL_COLUMN_REASON);
	text(&r, "menu_key", CALL_COLUMN_MENU_KEY);
	text(&r, "forwarded_to", CALL_COLUMN_FORWARDED_TO);
	moment(&r, "first_seen_at", CALL_COLUMN_FIRST_SEEN_US);
	moment(&r, "started_at", CALL_COLUMN_STARTED_US);
	moment(&r, "ended_at", CALL_COLUMN_ENDED_US);
	number(&r, "duration_s", CALL_COLUMN_DURATION_S);
	number(&r, "talk_s", CALL_COLUMN_TALK_S);
	voicemail(&r, origin);
	text(&r, "note", CALL_COLUMN_NOTE);
	moment(&r, "done_at", CALL_COLUMN_DONE_US);
	text(&r, "answered_later", CALL_COLUMN_ANSWERED_LATER);
	number(&r, "flow_version", CALL_COLUMN_FLOW_VERSION);
	moment(&r, "updated_at", CALL_COLUMN_UPDATED_US);
	moment(&r, "reconciled_at", CALL_COLUMN_RECONCILED_US);
}

static void
steps(struct jsonw *w, const struct pg_rows *rows)
{
	struct row r = { w, rows, 0 };

	jsonw_array(w, "steps");
	for (; r.at < rows->n; r.at++) {
		jsonw_object(w, NULL);
		number(&r, "n", STEP_COLUMN_N);
		text(&r, "event", STEP_COLUMN_KIND);
		text(&r, "key", STEP_COLUMN_KEY);
		text(&r, "why", STEP_COLUMN_WHY);
		text(&r, "step", STEP_COLUMN_STEP);
		text(&r, "place", STEP_COLUMN_PLACE);
		moment(&r, "at", STEP_COLUMN_AT_US);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
}

static void
legs(struct jsonw *w, const struct pg_rows *rows)
{
	struct row r = { w, rows, 0 };

	jsonw_array(w, "legs");
	for (; r.at < rows->n; r.at++) {
		jsonw_object(w, NULL);
		text(&r, "sid", LEG_COLUMN_SID);
		text(&r, "phone", LEG_COLUMN_PHONE);
		text(&r, "to", LEG_COLUMN_TO);
		text(&r, "status", LEG_COLUMN_STATUS);
		boolean(&r, "accepted", LEG_COLUMN_ACCEPTED);
		boolean(&r, "bridged", LEG_COLUMN_BRIDGED);
		number(&r, "duration_s", LEG_COLUMN_DURATION_S);
		number(&r, "sip_code", LEG_COLUMN_SIP_CODE);
		moment(&r, "started_at", LEG_COLUMN_STARTED_US);
		moment(&r, "answered_at", LEG_COLUMN_ANSWERED_US);
		moment(&r, "ended_at", LEG_COLUMN_ENDED_US);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
}

/* The form as it was sent, its names and values decoded. */
static void
params(struct arena *arena, struct jsonw *w, struct str body)
{
	struct form form = { 0 };

	jsonw_array(w, "params");
	if (form_parse(arena, body, SIGNATURE_MAX_PAIRS, &form) != ERR_OK)
		form.n = 0; /* never: it was checked when it came */
	for (size_t i = 0; i < form.n; i++) {
		jsonw_object(w, NULL);
		jsonw_str(w, "name", form.pairs[i].name);
		jsonw_str(w, "value", form.pairs[i].value);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
}

/* Twilio's request as a form, or its answer to ours as it came. */
static void
contents(const struct row *r, struct arena *arena)
{
	const struct str kind = pg_str(r->rows, r->at, EVENT_COLUMN_KIND);
	const struct str body =
	    pg_bytes(arena, r->rows, r->at, EVENT_COLUMN_BODY);
	const bool is_answer =
	    str_eq(kind, str_of(event_kind_name(EVENT_RECONCILE)));

	params(arena, r->w, is_answer ? STR("") : body);
	jsonw_str(r->w, "answer", is_answer ? body : STR_ABSENT);
}

static void
events(struct arena *arena, struct jsonw *w, const struct pg_rows *rows)
{
	struct row r = { w, rows, 0 };

	jsonw_array(w, "events");
	for (; r.at < rows->n && buf_str(w->out).n < EVENTS_MAX_BYTES; r.at++) {
		jsonw_object(w, NULL);
		text(&r, "kind", EVENT_COLUMN_KIND);
		number(&r, "n", EVENT_COLUMN_N);
		moment(&r, "received_at", EVENT_COLUMN_AT_US);
		text(&r, "leg_sid", EVENT_COLUMN_LEG_SID);
		text(&r, "url", EVENT_COLUMN_URI);
		contents(&r, arena);
		text(&r, "twiml", EVENT_COLUMN_TWIML);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
	jsonw_int(w, "events_omitted",
	    pg_int(rows, 0, EVENT_COLUMN_TOTAL, 0) - (int64_t)r.at);
}

static void
listens(struct jsonw *w, const struct pg_rows *rows)
{
	struct row r = { w, rows, 0 };

	jsonw_array(w, "listens");
	for (; r.at < rows->n; r.at++) {
		jsonw_object(w, NULL);
		text(&r, "who", LISTEN_COLUMN_WHO);
		moment(&r, "at", LISTEN_COLUMN_AT_US);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
}

void
call_json_course(struct jsonw *w, const struct call_detail *detail)
{
	steps(w, &detail->steps);
	legs(w, &detail->legs);
}

void
call_json_detail(
    struct arena *arena, struct jsonw *w, const struct call_detail *detail)
{
	call_json_course(w, detail);
	listens(w, &detail->listens);
	events(arena, w, &detail->events);
}
