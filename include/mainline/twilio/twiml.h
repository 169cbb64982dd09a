/*
 * twiml: the verbs that we use, typed, over xml.  Pure.
 * Floor: twilio.
 * Source: https://www.twilio.com/docs/voice/twiml and a page for each verb
 *
 * Errors are sticky and read once, by twiml_end().  Times are in seconds.
 */
#ifndef MAINLINE_TWILIO_TWIML_H
#define MAINLINE_TWILIO_TWIML_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "codec/xml.h"

#include <stdbool.h>

#define TWIML_MAX_BYTES ((size_t)64000) /* above: Twilio's error 11750 */
#define TWIML_SAY_MAX 4096              /* characters of one Say */
#define TWIML_MAX_NUMBERS 10            /* of one Dial */

struct twiml {
	struct buf buf;
	struct xml xml;
};

struct twiml_voice {
	struct str name; /* "Polly.Joanna-Neural"; absent: Twilio's default */
	struct str language; /* "en-US"; absent: the voice's own */
};

struct twiml_gather {
	struct str action; /* URL */
	int num_digits;
	int timeout_s;
};

struct twiml_dial {
	struct str action;    /* URL */
	struct str caller_id; /* absent: Twilio takes the caller's own */
	int timeout_s;        /* of ringing; Twilio adds about 5 s */
	int time_limit_s;     /* of the call that follows */
	bool sequential;      /* one number after the other, not all at once */
};

struct twiml_number {
	struct str number; /* E.164 */
	struct str url;    /* document for who picks up; absent: none */
	struct str status_callback; /* URL for all four of a leg's events */
};

struct twiml_record {
	struct str action;   /* URL */
	struct str callback; /* URL for what becomes of the recording */
	struct str transcribe_callback; /* URL; absent: no transcription */
	int max_length_s;
	int timeout_s; /* of silence that ends it; 0: none does */
};

void twiml_begin(struct twiml *t, struct arena *arena);

/* Cut after TWIML_SAY_MAX characters. */
void twiml_say(
    struct twiml *t, const struct twiml_voice *voice, struct str text);
void twiml_pause(struct twiml *t, int length_s);

/*
 * Between begin and end stand only Say and Pause.  finishOnKey is empty, so
 * that every key counts, # and * too.
 */
void twiml_gather_begin(struct twiml *t, const struct twiml_gather *gather);
void twiml_gather_end(struct twiml *t);

/*
 * Between begin and end stand only Numbers.  answerOnBridge is on: the caller
 * hears the ring until somebody has taken the call.
 */
void twiml_dial_begin(struct twiml *t, const struct twiml_dial *dial);
void twiml_number(struct twiml *t, const struct twiml_number *number);
void twiml_dial_end(struct twiml *t);

void twiml_record(struct twiml *t, const struct twiml_record *record);
void twiml_redirect(struct twiml *t, struct str url);
void twiml_hangup(struct twiml *t);

/*
 * Turns the call away: the caller hears that the number is not in service, and
 * the call is neither answered nor billed.  Only as the first verb.
 */
void twiml_reject(struct twiml *t);

/*
 * Ends the document and gives it, ERR_LIMIT if it would be longer than
 * TWIML_MAX_BYTES, ERR_BUG if verbs were left open.
 */
MUST_USE enum err twiml_end(struct twiml *t, struct str *out);

#endif
