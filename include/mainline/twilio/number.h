/*
 * number: what a telephone number must be set to at Twilio so that its calls
 * come to us, and what one is set to, judged.  Pure.
 * Floor: twilio.
 *
 * Twilio keeps a URL for each of three occasions, each with a method.  What
 * stands behind a "#" in one is for Twilio alone (how often to try again, how
 * long to wait), is not sent to us, and is not signed.
 * Source: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
 */
#ifndef MAINLINE_TWILIO_NUMBER_H
#define MAINLINE_TWILIO_NUMBER_H

#include "base/arena.h"
#include "base/str.h"
#include "twilio/rest_numbers.h"

#include <stdbool.h>
#include <stddef.h>

enum number_state {
	NUMBER_OURS,      /* all of it is as it should be */
	NUMBER_DRIFTED,   /* ours, and something of it is not: `differs` */
	NUMBER_MOVED,     /* a Mainline's at another address: perhaps ours,
			     before MAINLINE_PUBLIC_URL was changed */
	NUMBER_ELSEWHERE, /* somebody else's */
	NUMBER_UNSET,     /* nobody's: a caller hears that there is nothing */
	NUMBER_NO_VOICE,  /* it cannot be called */
	NUMBER__MAX
};

enum number_field {
	NUMBER_VOICE_URL,
	NUMBER_VOICE_METHOD,
	NUMBER_FALLBACK_URL,
	NUMBER_FALLBACK_METHOD,
	NUMBER_STATUS_URL,
	NUMBER_STATUS_METHOD,
	NUMBER_APPLICATION, /* wins over the number's own settings */
	NUMBER_TRUNK,       /* wins over all of them */
	NUMBER_RECEIVE_MODE,
	NUMBER_FIELD__MAX
};

struct number_difference {
	enum number_field field;
	struct str is;     /* absent: it is not set */
	struct str should; /* absent: it should not be set */
};

struct number_verdict {
	enum number_state state;
	/*
	 * What decides: the number's own settings or its application's.  NULL:
	 * a trunk takes the calls, or an application that is not known.
	 */
	const struct rest_voice *voice;
	/*
	 * A fallback on another host than ours, which answers when our host
	 * does not; it is no difference.
	 */
	bool has_fallback_outside;
	struct number_difference differs[NUMBER_FIELD__MAX];
	size_t n_differs; /* 0 unless NUMBER_DRIFTED or NUMBER_MOVED */
};

/*
 * What `number` (E.164) must be set to when we are at `public_url` (an origin):
 * all six fields, each method POST.  `fallback_url` absent: ours.
 */
struct rest_voice number_settings(struct arena *arena, struct str public_url,
    struct str number, struct str fallback_url);

/*
 * What is a number set to?  `application` is the one that the number names;
 * NULL: it names none, or it could not be read.
 *
 * The state follows from the VoiceUrl that decides: ours when it is at
 * `public_url` or at a path of ours; a trunk or an application that takes the
 * calls of a number whose own VoiceUrl is ours is a difference as well, else
 * somebody else's.  Behind "#" nothing is compared, but that a failed status
 * callback is asked for again.  A fallback at another host differs only where
 * that is another Mainline's path.
 *
 * Borrows from all that is given, and from `arena`.
 */
void number_judge(struct arena *arena, struct str public_url,
    const struct rest_number *number,
    const struct rest_application *application, struct number_verdict *out);

/* "ours", "drifted", "moved", "elsewhere", "not set", "no voice". */
const char *number_state_name(enum number_state state);

/* As Twilio's API names it: "VoiceUrl", "TrunkSid", ... */
const char *number_field_name(enum number_field field);

/* As Twilio's console names it: "A call comes in", ... */
const char *number_field_label(enum number_field field);

/*
 * Could Twilio reach it?  NULL, or what is wrong with `public_url` (an origin
 * as conf checks it) and its mend: it is not https, it is this machine, or an
 * address in a private network.
 */
const char *number_unreachable(struct str public_url);

#endif
