/*
 * event_row: an event with its facts, as the bytes that the database takes.
 * Pure.
 * Floor: store.
 *
 * A worker makes it, the journal writes it: into the database, or into the
 * spool when the database is away.  So all that a row of `events` needs is in
 * it, in PostgreSQL's binary form, and whoever writes it need not understand
 * it.
 */
#ifndef MAINLINE_STORE_EVENT_ROW_H
#define MAINLINE_STORE_EVENT_ROW_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "flow/flow_step.h"
#include "twilio/webhook.h"

#include <stddef.h>
#include <stdint.h>

/* PostgreSQL counts microseconds from 2000-01-01, we from 1970. */
#define EVENT_ROW_EPOCH_US INT64_C(946684800000000)

/* The parameters of STMT_EVENTS_ADD in their order, then why it is no event. */
enum row_field {
	ROW_LINE,
	ROW_CALL_SID,
	ROW_KEY,
	ROW_KIND,
	ROW_RECEIVED,
	ROW_URI,
	ROW_BODY,
	ROW_TWIML,
	ROW_LEG_SID,
	ROW_LEG_PHONE,
	ROW_LEG_TO,
	ROW_LEG_STATUS,
	ROW_LEG_DURATION_S,
	ROW_SEQUENCE,
	ROW_SIP_CODE,
	ROW_OCCURRED,
	ROW_N,
	ROW_STEP,
	ROW_VERSION_ENTRY,
	ROW_VERSION_URL,
	ROW_STATUS_RANK,
	ROW_DURATION_CALLBACK_S,
	ROW_DURATION_REST_S,
	ROW_STARTED_CALLBACK,
	ROW_STARTED_REST,
	ROW_ENDED_CALLBACK,
	ROW_ENDED_REST,
	ROW_FROM,
	ROW_TO,
	ROW_CALLER_NAME,
	ROW_CITY,
	ROW_REGION,
	ROW_COUNTRY,
	ROW_VERSTAT,
	ROW_COURSE_RANK,
	ROW_PLACE,
	ROW_WHY,
	ROW_MENU_KEY,
	ROW_FORWARDED_N,
	ROW_FORWARDED_RANK,
	ROW_FORWARDED_TO,
	ROW_BRIDGED,
	ROW_ACCEPTED,
	ROW_TALK_S,
	ROW_RECORDING_SID,
	ROW_RECORDING_SOURCE,
	ROW_RECORDING_STATUS,
	ROW_RECORDING_MESSAGE,
	ROW_RECORDING_LENGTH_S,
	ROW_TRANSCRIPT,
	ROW_ERROR_CODE,
	ROW_RECONCILED,
	ROW_ASIDE, /* why it belongs to no call; absent: it does */
	ROW__MAX
};

struct event_row {
	int64_t received_us;
	struct str field[ROW__MAX]; /* absent: NULL */
};

/*
 * The row of an event.  What the database cannot take is cleaned: NUL, and what
 * is not UTF-8.  Lives in `arena` and borrows from `ev` and `reply`.
 *
 * Where the event names no line or no call ROW_ASIDE says so.
 */
struct event_row *event_row_new(
    struct arena *arena, const struct event *ev, const struct reply *reply);

/*
 * One byte string, for the journal's socket and the spool: a byte 1, then every
 * field as 4 bytes of length, the highest first, and the bytes; the length
 * 0xFFFFFFFF is an absent field.  Fields are only ever added at the end, so an
 * older record is read as well: what it has not is absent.
 */
struct str event_row_pack(struct arena *arena, const struct event_row *row);

/* Borrows from `record`.  ERR_INPUT: it is none. */
MUST_USE enum err event_row_unpack(struct str record, struct event_row *out);

/*
 * A record that event_row_unpack() refuses, as one that it takes: it was
 * acknowledged, so it is set aside as it is.
 */
struct str event_row_unreadable(
    struct arena *arena, struct str record, int64_t received_us);

/* The name of a field's type in SQL: "text", "bytea", "integer", ... */
const char *row_field_type(enum row_field field);

/* The same as PostgreSQL's OID, which stands in a binary array. */
uint32_t row_field_oid(enum row_field field);

/* How many bytes its values have; 0: any number. */
size_t row_field_bytes(enum row_field field);

#endif
