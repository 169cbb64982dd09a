/*
 * rest: requests to Twilio's REST API: builds them, sends none.  Pure.
 * Floor: twilio.
 */
#ifndef MAINLINE_TWILIO_REST_H
#define MAINLINE_TWILIO_REST_H

#include "base/arena.h"
#include "base/str.h"

/*
 * The URL of a recording's audio; never taken from a request.  `api` is an
 * origin, the SIDs have been checked, `suffix` is ".mp3" or ".wav".
 * Source: https://www.twilio.com/docs/voice/api/recording
 */
struct str rest_recording_media(struct arena *arena, struct str api,
    struct str account_sid, struct str recording_sid, struct str suffix);

/* The URL of a recording itself, with its audio, for a DELETE. */
struct str rest_recording(struct arena *arena, struct str api,
    struct str account_sid, struct str recording_sid);

/* The URL of a call or of a leg, for a DELETE. */
struct str rest_call(struct arena *arena, struct str api,
    struct str account_sid, struct str call_sid);

/*
 * What an error's body says: Twilio's own code, 0 when none is told, and its
 * words, absent when there are none.  They live in `arena`.
 * Source: https://www.twilio.com/docs/usage/twilios-response
 */
void rest_error_read(
    struct arena *arena, struct str json, int *code, struct str *message);

/*
 * What a person can do about an error of this code; NULL: we know nothing.
 * Source: https://www.twilio.com/docs/api/errors
 */
const char *rest_error_mend(int code);

#endif
