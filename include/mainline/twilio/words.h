/*
 * words: Twilio's closed lists of words, as enums.  Pure.
 * Floor: twilio.
 * Source: https://www.twilio.com/docs/voice/twiml#callstatus-values,
 * https://www.twilio.com/docs/voice/twiml/dial#dialcallstatus-values,
 * https://www.twilio.com/docs/voice/twiml/record
 */
#ifndef MAINLINE_TWILIO_WORDS_H
#define MAINLINE_TWILIO_WORDS_H

#include "base/str.h"

#include <stdbool.h>

/* CallStatus and DialCallStatus; the order has no meaning. */
enum call_status {
	CALL_UNKNOWN, /* absent, or a word that we do not know */
	CALL_QUEUED,
	CALL_INITIATED,
	CALL_RINGING,
	CALL_IN_PROGRESS,
	CALL_COMPLETED,
	CALL_BUSY,
	CALL_FAILED,
	CALL_NO_ANSWER,
	CALL_CANCELED,
	CALL_ANSWERED, /* DialCallStatus of a conference */
	CALL__MAX
};

enum recording_status {
	RECORDING_UNKNOWN,
	RECORDING_IN_PROGRESS,
	RECORDING_PROCESSING, /* ended, its media is not there yet */
	RECORDING_FAILED,
	RECORDING_ABSENT, /* there was nothing to keep */
	RECORDING_COMPLETED,
	RECORDING__MAX
};

/* What a request is about; one webhook route each. */
enum event_kind {
	EVENT_VOICE,
	EVENT_MENU,
	EVENT_DIAL,
	EVENT_SCREEN,
	EVENT_SCREEN_KEY,
	EVENT_VOICEMAIL,
	EVENT_FALLBACK,
	EVENT_STATUS,
	EVENT_LEG,
	EVENT_RECORDING,
	EVENT_TRANSCRIPTION,
	EVENT__MAX,                  /* of the routes */
	EVENT_RECONCILE = EVENT__MAX /* no request: what we asked Twilio for */
};

/* DialBridged: were the two connected?  Not every request says. */
enum bridged { BRIDGED_UNKNOWN, BRIDGED_NO, BRIDGED_YES };

enum call_status call_status_parse(struct str word);
enum recording_status recording_status_parse(struct str word);

/* Twilio's word; NULL for CALL_UNKNOWN. */
const char *call_status_word(enum call_status status);

/* completed, busy, failed, no-answer, canceled: nothing comes after. */
bool call_status_is_terminal(enum call_status status);

/* "voice", "screen_key", ...: as kept in `events.kind`. */
const char *event_kind_name(enum event_kind kind);

/* "/twilio/voice", "/twilio/screen-key", ... */
const char *event_kind_path(enum event_kind kind);

/* Does the answer carry TwiML?  (Else it is a callback: 204.) */
bool event_kind_is_voice(enum event_kind kind);

/* Two capital letters and 32 hexadecimal digits: "CA", "RE", ... */
bool sid_is(struct str s, const char *prefix);

#endif
