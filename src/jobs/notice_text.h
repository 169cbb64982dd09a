/*
 * notice_text: what a person is told of a call, in words.  Pure.
 * Private to the jobs floor.
 *
 * What comes from outside (a caller's name, a place, a transcript) stays where
 * it is put: a name is one line, and a transcript is marked as quoted.
 */
#ifndef MAINLINE_JOBS_NOTICE_TEXT_H
#define MAINLINE_JOBS_NOTICE_TEXT_H

#include "base/arena.h"
#include "base/str.h"

#include <stdint.h>

enum notice_sound {
	NOTICE_SOUND_NONE,     /* there is no message */
	NOTICE_SOUND_ATTACHED, /* its audio goes with the letter */
	NOTICE_SOUND_LINKED    /* it is to be heard in the page */
};

/* What is absent or below 0 is not known. */
struct notice {
	struct str sid, link; /* link: to the call in the page; absent */
	struct str line, line_name;
	struct str from, caller_name, caller_city, caller_region,
	    caller_country;
	struct str outcome, reason, forwarded_to;
	int64_t started_us;
	int64_t duration_s, message_s; /* of the call, of the message */
	struct str transcript;
	enum notice_sound sound;
};

/* "Voicemail from +1 555 010 0009 (0:34)", one line. */
struct str notice_subject(struct arena *arena, const struct notice *notice);

/* The letter itself: UTF-8, lines ended by "\n". */
struct str notice_text(struct arena *arena, const struct notice *notice);

/* The same two of a letter that only shows that letters arrive. */
struct str notice_test_subject(
    struct arena *arena, const struct notice *notice);
struct str notice_test_text(struct arena *arena, const struct notice *notice);

#endif
