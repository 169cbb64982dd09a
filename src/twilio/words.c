/* words: Twilio's closed lists of words.  Floor: twilio. */
#include "twilio/words.h"

#include "base/str.h"
#include "codec/base64.h"

#include <stddef.h>

#define SID_DIGITS 32

static const char *const call_words[CALL__MAX] = {
	[CALL_QUEUED] = "queued",
	[CALL_INITIATED] = "initiated",
	[CALL_RINGING] = "ringing",
	[CALL_IN_PROGRESS] = "in-progress",
	[CALL_COMPLETED] = "completed",
	[CALL_BUSY] = "busy",
	[CALL_FAILED] = "failed",
	[CALL_NO_ANSWER] = "no-answer",
	[CALL_CANCELED] = "canceled",
	[CALL_ANSWERED] = "answered",
};

static const char *const recording_words[RECORDING__MAX] = {
	[RECORDING_IN_PROGRESS] = "in-progress",
	[RECORDING_PROCESSING] = "processing",
	[RECORDING_FAILED] = "failed",
	[RECORDING_ABSENT] = "absent",
	[RECORDING_COMPLETED] = "completed",
};

static const struct {
	const char *name;
	const char *path;
	bool voice;
} kinds[EVENT__MAX + 1] = {
	[EVENT_VOICE] = { "voice", "/twilio/voice", true },
	[EVENT_MENU] = { "menu", "/twilio/menu", true },
	[EVENT_DIAL] = { "dial", "/twilio/dial", true },
	[EVENT_SCREEN] = { "screen", "/twilio/screen", true },
	[EVENT_SCREEN_KEY] = { "screen_key", "/twilio/screen-key", true },
	[EVENT_VOICEMAIL] = { "voicemail", "/twilio/voicemail", true },
	[EVENT_FALLBACK] = { "fallback", "/twilio/fallback", true },
	[EVENT_STATUS] = { "status", "/twilio/status", false },
	[EVENT_LEG] = { "leg", "/twilio/leg", false },
	[EVENT_RECORDING] = { "recording", "/twilio/recording", false },
	[EVENT_TRANSCRIPTION] = { "transcription", "/twilio/transcription",
	    false },
	[EVENT_RECONCILE] = { "reconcile", NULL, false },
};

/* The index of `word`, or 0, which both lists keep for "unknown". */
static size_t
find_word(const char *const *words, size_t n, struct str word)
{
	for (size_t i = 1; i < n; i++) {
		if (str_eq(word, str_of(words[i])))
			return i;
	}
	return 0;
}

enum call_status
call_status_parse(struct str word)
{
	return (enum call_status)find_word(call_words, CALL__MAX, word);
}

enum recording_status
recording_status_parse(struct str word)
{
	return (enum recording_status)find_word(
	    recording_words, RECORDING__MAX, word);
}

const char *
call_status_word(enum call_status status)
{
	return call_words[status];
}

bool
call_status_is_terminal(enum call_status status)
{
	return status == CALL_COMPLETED || status == CALL_BUSY ||
	    status == CALL_FAILED || status == CALL_NO_ANSWER ||
	    status == CALL_CANCELED;
}

const char *
event_kind_name(enum event_kind kind)
{
	return kinds[kind].name;
}

const char *
event_kind_path(enum event_kind kind)
{
	return kinds[kind].path;
}

bool
event_kind_is_voice(enum event_kind kind)
{
	return kinds[kind].voice;
}

bool
sid_is(struct str s, const char *prefix)
{
	const struct str head = str_of(prefix);

	if (s.n != head.n + SID_DIGITS || !str_starts(s, head))
		return false;
	for (size_t i = head.n; i < s.n; i++) {
		if (hex_digit(s.p[i]) < 0)
			return false;
	}
	return true;
}
