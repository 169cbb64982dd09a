/*
 * webhook: a signed request of Twilio's as a typed event.  Pure and total:
 * every form gives an event.
 * Floor: twilio.
 * Source: https://www.twilio.com/docs/voice/twiml#request-parameters and the
 * pages of Dial, Number, Gather and Record beside it
 */
#ifndef MAINLINE_TWILIO_WEBHOOK_H
#define MAINLINE_TWILIO_WEBHOOK_H

#include "base/arena.h"
#include "base/str.h"
#include "codec/digest.h"
#include "codec/form.h"
#include "twilio/state.h"
#include "twilio/words.h"

#include <stdbool.h>
#include <stdint.h>

#define WEBHOOK_UNKNOWN (-1) /* a number that is absent or makes no sense */

/* What a handler hands over; all borrowed. */
struct webhook {
	enum event_kind kind;
	struct str uri;          /* path and query, raw */
	struct str body;         /* raw */
	const struct form *form; /* `body` decoded */
	int64_t received_us;
};

/*
 * Strings are valid UTF-8 without NUL, or absent; an empty parameter counts as
 * absent, except `digits`.
 */
struct event {
	enum event_kind kind;
	int64_t received_us;
	struct str uri, body;                   /* raw, as in struct webhook */
	unsigned char key[DIGEST_SHA256_BYTES]; /* see webhook_parse() */

	struct state state;     /* the URL's, or for the fallback ErrorUrl's */
	enum event_kind failed; /* fallback: the kind of ErrorUrl's route */
	struct str line;        /* whose call this is; absent: nobody knows */
	struct str call_sid;    /* the inbound leg; absent: nobody knows */
	struct str leg_sid; /* the child leg that this is about, or absent */
	bool inbound_leg;   /* CallSid is the inbound leg's own */

	struct str from, to, caller_name;
	struct str city, region, country; /* of the caller */
	struct str verstat;               /* StirVerstat */
	enum call_status status;
	int64_t timestamp_us; /* of the event at Twilio; -1: not sent */
	int duration_s;       /* CallDuration */
	int sequence;         /* SequenceNumber */
	int sip_code;

	struct str digits; /* absent: the caller pressed nothing */
	enum call_status dial_status;
	enum bridged bridged;
	int dial_duration_s;

	struct str
	    recording_sid; /* RE..., from its own parameter or the URL's end */
	enum recording_status recording_status;
	int recording_duration_s;
	struct str transcript;

	int error_code; /* fallback */
};

/*
 * Types the event.
 *
 * Line and call are the URL's.  Where it has none: the line is `To` when the
 * request is about the inbound leg, the call is ParentCallSid or else CallSid.
 * For the fallback the URL is ErrorUrl, and its counter goes on at n+1; when
 * ErrorUrl is of no use the counter is STATE_N_UNKNOWN.
 *
 * `key` is the event's identity: SHA-256 over length-prefixed kind, URI and the
 * sorted pairs, so that the same request sent twice is one event.
 *
 * The event borrows from `webhook`; what had to be cleaned lives in `arena`.
 */
struct event webhook_parse(struct arena *arena, const struct webhook *webhook);

#endif
