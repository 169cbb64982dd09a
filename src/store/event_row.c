/* event_row: an event with its facts, as the bytes that the database takes.
 * Floor: store. */
#include "store/event_row.h"

#include "base/arena.h"
#include "base/compiler.h"
#include "base/str.h"
#include "codec/digest.h"
#include "codec/utf8.h"
#include "flow/facts.h"
#include "flow/flow_step.h"
#include "twilio/webhook.h"
#include "twilio/words.h"

#include <stddef.h>
#include <stdint.h>

#define RANK_LEFT 0 /* below every rank_of(): see step_word.rank */

/* Builds a row. */
struct builder {
	struct arena *arena;
	struct event_row *row;
};

/* The lowest `n` bytes of a number, the highest first. */
static struct str
big_endian(struct arena *arena, uint64_t value, size_t n)
{
	char *const bytes = arena_alloc(arena, n);

	for (size_t i = 0; i < n; i++)
		bytes[i] = (char)(unsigned char)(value >> 8 * (n - 1 - i));
	return (struct str){ bytes, n };
}

static void
put(const struct builder *b, enum row_field f, struct str bytes)
{
	b->row->field[f] = bytes;
}

/* The database takes no NUL and nothing but UTF-8. */
static void
put_text(const struct builder *b, enum row_field f, struct str value)
{
	put(b, f, utf8_clean(b->arena, value));
}

static void
put_number(const struct builder *b, enum row_field f, int64_t value)
{
	put(b, f, big_endian(b->arena, (uint64_t)value, row_field_bytes(f)));
}

static void
put_fact(const struct builder *b, enum row_field f, int value)
{
	if (value != FACT_NONE)
		put_number(b, f, value);
}

static void
put_time(const struct builder *b, enum row_field f, int64_t us)
{
	if (us >= 0)
		put(b, f,
		    big_endian(
			b->arena, (uint64_t)(us - EVENT_ROW_EPOCH_US), 8));
}

static void
put_bool(const struct builder *b, enum row_field f, bool value)
{
	put(b, f, value ? STR("\1") : (struct str){ "\0", 1 });
}

/*
 * The first 63 bits of the key, inverted: the greatest of these is that of the
 * smallest key, which settles two events of one step.
 */
static int64_t
rank_of(const struct event *ev)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < 8; i++)
		bits = bits << 8 | ev->key[i];
	return (int64_t)(~bits >> 1);
}

/* See call_status_word() in migrations/0001_calls.sql. */
static int
status_rank(enum call_status status, enum fact_source source)
{
	static const int going_on[CALL__MAX] = {
		[CALL_QUEUED] = 1,
		[CALL_INITIATED] = 2,
		[CALL_RINGING] = 3,
		[CALL_IN_PROGRESS] = 4,
	};
	static const int over[CALL__MAX] = {
		[CALL_CANCELED] = 1,
		[CALL_FAILED] = 2,
		[CALL_NO_ANSWER] = 3,
		[CALL_BUSY] = 4,
		[CALL_COMPLETED] = 5,
	};

	if (over[status] > 0)
		return 100 + 10 * (int)source + over[status];
	if (going_on[status] > 0)
		return 4 * going_on[status] + (int)source;
	return FACT_NONE;
}

/* See recording_status_word() in migrations/0001_calls.sql. */
static int
recording_rank(enum recording_status status)
{
	static const int ranks[RECORDING__MAX] = {
		[RECORDING_UNKNOWN] = 2,
		[RECORDING_IN_PROGRESS] = 1,
		[RECORDING_PROCESSING] = 2,
		[RECORDING_FAILED] = 3,
		[RECORDING_ABSENT] = 4,
		[RECORDING_COMPLETED] = 5,
	};

	return ranks[status];
}

static void
put_event(
    const struct builder *b, const struct event *ev, const struct reply *reply)
{
	put_text(b, ROW_LINE, ev->line);
	put_text(b, ROW_CALL_SID, ev->call_sid);
	put(b, ROW_KEY, (struct str){ (const char *)ev->key, sizeof(ev->key) });
	put(b, ROW_KIND, str_of(event_kind_name(ev->kind)));
	put_time(b, ROW_RECEIVED, ev->received_us);
	put_text(b, ROW_URI, ev->uri.p == NULL ? STR("") : ev->uri);
	put(b, ROW_BODY, ev->body.p == NULL ? STR("") : ev->body);
	put_text(b, ROW_TWIML, reply->twiml);
}

static void
put_leg(
    const struct builder *b, const struct event *ev, const struct facts *facts)
{
	const bool own = facts->leg_sid.p != NULL && !ev->inbound_leg;

	put_text(b, ROW_LEG_SID, facts->leg_sid);
	put_text(b, ROW_LEG_PHONE, facts->leg_phone);
	if (own)
		put_text(b, ROW_LEG_TO, ev->to);
	put(b, ROW_LEG_STATUS, str_of(call_status_word(facts->leg_status)));
	put_fact(b, ROW_LEG_DURATION_S, facts->leg_duration_s);
	put_fact(b, ROW_SEQUENCE, own ? ev->sequence : FACT_NONE);
	put_fact(b, ROW_SIP_CODE, ev->sip_code);
	put_time(b, ROW_OCCURRED, ev->timestamp_us);
}

/* What REST says of times is kept apart: it outranks what a callback says. */
static void
put_times(const struct builder *b, const struct facts *facts)
{
	const bool rest = facts->status_source == SOURCE_REST;

	put_fact(b, rest ? ROW_DURATION_REST_S : ROW_DURATION_CALLBACK_S,
	    facts->duration_s);
	put_time(b, rest ? ROW_STARTED_REST : ROW_STARTED_CALLBACK,
	    facts->started_us);
	put_time(
	    b, rest ? ROW_ENDED_REST : ROW_ENDED_CALLBACK, facts->ended_us);
	put_time(b, ROW_RECONCILED, facts->reconciled_us);
}

static void
put_call(const struct builder *b, const struct facts *facts)
{
	put_fact(b, ROW_N, facts->n);
	put_text(b, ROW_STEP, facts->step);
	put_fact(b, ROW_VERSION_ENTRY, facts->version_entry);
	put_fact(b, ROW_VERSION_URL, facts->version_url);
	put_fact(b, ROW_STATUS_RANK,
	    status_rank(facts->status, facts->status_source));
	put_text(b, ROW_FROM, facts->from);
	put_text(b, ROW_TO, facts->to);
	put_text(b, ROW_CALLER_NAME, facts->caller_name);
	put_text(b, ROW_CITY, facts->city);
	put_text(b, ROW_REGION, facts->region);
	put_text(b, ROW_COUNTRY, facts->country);
	put_text(b, ROW_VERSTAT, facts->verstat);
	put_text(b, ROW_TRANSCRIPT, facts->transcript);
	put_fact(b, ROW_ERROR_CODE, facts->error_code);
}

/* False is told as well where Twilio said so: it contradicts a key press. */
static void
put_course(
    const struct builder *b, const struct event *ev, const struct facts *facts)
{
	put_number(
	    b, ROW_COURSE_RANK, facts->caller_left ? RANK_LEFT : rank_of(ev));
	put(b, ROW_PLACE, str_of(place_name(facts->place)));
	put(b, ROW_WHY, str_of(why_name(facts->why)));
	if (facts->menu_key != '\0')
		put(b, ROW_MENU_KEY,
		    str_copy(b->arena, (struct str){ &facts->menu_key, 1 }));
	put_number(b, ROW_FORWARDED_N, facts->forwarded_n);
	put_number(b, ROW_FORWARDED_RANK, facts->forwarded_rank);
	put_text(b, ROW_FORWARDED_TO, facts->forwarded_to);
	if (facts->bridged != BRIDGED_UNKNOWN)
		put_bool(b, ROW_BRIDGED, facts->bridged == BRIDGED_YES);
	if (facts->accepted)
		put_bool(b, ROW_ACCEPTED, true);
	put_fact(b, ROW_TALK_S, facts->talk_s);
}

static void
put_recording(const struct builder *b, const struct recording_fact *recording)
{
	put_text(b, ROW_RECORDING_SID, recording->sid);
	put_number(b, ROW_RECORDING_SOURCE, recording->source);
	put_number(b, ROW_RECORDING_STATUS, recording_rank(recording->status));
	put_bool(b, ROW_RECORDING_MESSAGE, recording->message);
	put_fact(b, ROW_RECORDING_LENGTH_S, recording->duration_s);
}

static void
put_missing_identity(const struct builder *b, const struct event *ev)
{
	if (ev->call_sid.p == NULL)
		put(b, ROW_ASIDE, STR("no call SID"));
	else if (ev->line.p == NULL)
		put(b, ROW_ASIDE, STR("no line"));
}

struct str
event_row_unreadable(
    struct arena *arena, struct str record, int64_t received_us)
{
	const struct builder b = { arena, ARENA_NEW(arena, struct event_row) };
	unsigned char *const key = arena_alloc(arena, DIGEST_SHA256_BYTES);

	digest_sha256(record, key);
	put(&b, ROW_KEY,
	    (struct str){ (const char *)key, DIGEST_SHA256_BYTES });
	put(&b, ROW_KIND, STR("record"));
	put_time(&b, ROW_RECEIVED, received_us < 0 ? 0 : received_us);
	put(&b, ROW_URI, STR(""));
	put(&b, ROW_BODY, record);
	put(&b, ROW_ASIDE, STR("a record that this program cannot read"));
	return event_row_pack(arena, b.row);
}

struct event_row *
event_row_new(
    struct arena *arena, const struct event *ev, const struct reply *reply)
{
	const struct builder b = { arena, ARENA_NEW(arena, struct event_row) };
	const struct facts *const facts = &reply->facts;

	b.row->received_us = ev->received_us;
	put_event(&b, ev, reply);
	put_leg(&b, ev, facts);
	put_call(&b, facts);
	put_times(&b, facts);
	put_course(&b, ev, facts);
	put_recording(&b, &facts->recording);
	put_missing_identity(&b, ev);
	return b.row;
}
