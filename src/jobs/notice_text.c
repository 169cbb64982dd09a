/* notice_text: what a person is told of a call.  Floor: jobs. */
#include "notice_text.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/compiler.h"
#include "base/str.h"
#include "codec/date.h"
#include "codec/phone.h"
#include "codec/utf8.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORD_MAX_BYTES 120 /* of a name from outside */
#define TRANSCRIPT_MAX_BYTES 8000
#define TEXT_MAX_BYTES ((size_t)64 * 1024)
#define DAY_BYTES 16 /* "Sun, 22 Nov 2026" of date_rfc2822() */
#define CLOCK_BYTES 8

/* Would it end a line, move the cursor, or turn the writing round? */
static bool
is_disturbing(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) ||
	    (c >= 0x200e && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	    (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

/*
 * Text of others on one line: each run of what is disturbing, and of line ends,
 * is replaced by `between`; at most `max` bytes, cut between two characters.
 */
static struct str
quiet(struct arena *arena, struct str text, size_t max, const char *between)
{
	struct str rest = str_trim(utf8_clean(arena, text));
	struct buf out;
	bool gap = false;

	buf_init(&out, arena, TEXT_MAX_BYTES);
	while (rest.n > 0) {
		uint32_t c;
		const size_t n = utf8_next(rest, &c);

		if (buf_str(&out).n + n > max) {
			buf_add(&out, STR("…"));
			break;
		}
		if (!is_disturbing(c)) {
			if (gap && buf_str(&out).n > 0)
				buf_add(&out, str_of(between));
			buf_add(&out, str_slice(rest, 0, n));
		}
		gap = is_disturbing(c);
		rest = str_slice(rest, n, rest.n);
	}
	return buf_str(&out);
}

static struct str
word(struct arena *arena, struct str text)
{
	return quiet(arena, text, WORD_MAX_BYTES, " ");
}

/* "Sun, 22 Nov 2026, 09:00:12 UTC" */
static struct str
moment(struct arena *arena, int64_t us)
{
	const struct str date = date_rfc2822(arena, us);
	const struct str day = str_slice(date, 0, DAY_BYTES);
	const struct str clock = str_slice(date, DAY_BYTES + 1, CLOCK_BYTES);

	return str_format(
	    arena, "%.*s, %.*s UTC", STR_ARG(day), STR_ARG(clock));
}

/* "sip:anna@example.com", "client:anna": who calls over the internet. */
static struct str
address_of(struct str from)
{
	static const char *const schemes[] = { "client:", "sip:", "sips:" };

	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		const struct str scheme = str_of(schemes[i]);

		if (str_starts(from, scheme))
			return str_slice(from, scheme.n, from.n);
	}
	return STR_ABSENT;
}

static struct str
caller(struct arena *arena, const struct notice *notice)
{
	const struct str address = word(arena, address_of(notice->from));

	if (phone_is_caller(notice->from))
		return phone_grouped(arena, notice->from);
	return str_is_empty(address) ? STR("an unknown caller") : address;
}

/* Why nobody took the call: for the subject, and as a sentence. */
static const struct reason {
	const char *reason, *brief;
	const char *before, *after; /* the name of whose phone rang; NULL */
	const char *without;        /* such a name; NULL: nothing to say */
} reasons[] = {
	{ "message_left", "", "", " did not take the call.", NULL },
	{ "not_accepted", "not taken", "", " did not take the call.",
	    "The phone that rang was picked up, but the call was not taken." },
	{ "no_answer", "no answer", "No answer; ", " rang.", "No answer." },
	{ "busy", "busy", "Busy at ", ".", "Busy." },
	{ "bad_number", "a number that does not work", "The number for ",
	    " does not work; please have it checked.",
	    "A number that was rung does not work; please have it checked." },
	{ "line_closed", "closed", NULL, NULL, "Outside opening hours." },
	{ "empty_message", "no message", NULL, NULL,
	    "The caller came to the voicemail and said nothing." },
};

static const struct reason *
reason_of(const struct notice *notice)
{
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++) {
		if (str_eq(notice->reason, str_of(reasons[i].reason)))
			return &reasons[i];
	}
	return NULL;
}

/* Absent when there is nothing to say. */
static struct str
why(struct arena *arena, const struct notice *notice)
{
	const struct reason *const reason = reason_of(notice);
	const struct str phone = word(arena, notice->forwarded_to);

	if (reason == NULL)
		return word(arena, notice->reason);
	if (reason->before == NULL || str_is_empty(phone))
		return str_of(reason->without);
	return str_format(
	    arena, "%s%.*s%s", reason->before, STR_ARG(phone), reason->after);
}

static bool
is_voicemail(const struct notice *notice)
{
	return str_eq(notice->outcome, STR("voicemail"));
}

struct str
notice_subject(struct arena *arena, const struct notice *notice)
{
	const struct reason *const reason = reason_of(notice);
	const struct str who = caller(arena, notice);
	struct str length;

	if (!is_voicemail(notice))
		return str_format(arena, "Missed call from %.*s%s%s",
		    STR_ARG(who), reason == NULL ? "" : ": ",
		    reason == NULL ? "" : reason->brief);
	if (notice->message_s < 0)
		return str_format(arena, "Voicemail from %.*s", STR_ARG(who));
	length = date_length(arena, notice->message_s);
	return str_format(
	    arena, "Voicemail from %.*s (%.*s)", STR_ARG(who), STR_ARG(length));
}

/* "Caller:  Jane Doe", unless there is nothing to say. */
static void
row(struct buf *out, const char *name, struct str value)
{
	if (!str_is_empty(value))
		buf_addf(out, "%-9s%.*s\n", name, STR_ARG(value));
}

/* Those of the three that are known, with commas between. */
static struct str
place_of(struct arena *arena, const struct notice *notice)
{
	const struct str parts[] = { notice->caller_city, notice->caller_region,
		notice->caller_country };
	struct buf out;

	buf_init(&out, arena, TEXT_MAX_BYTES);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		const struct str part = word(arena, parts[i]);

		if (!str_is_empty(part) && buf_str(&out).n > 0)
			buf_add(&out, STR(", "));
		buf_add(&out, part);
	}
	return buf_str(&out);
}

static struct str
line_of(struct arena *arena, const struct notice *notice)
{
	const struct str number = phone_grouped(arena, notice->line);
	const struct str name = word(arena, notice->line_name);

	if (str_is_empty(name) || str_eq(name, notice->line) ||
	    str_eq(name, STR("*")))
		return number;
	return str_format(arena, "%.*s, %.*s", STR_ARG(name), STR_ARG(number));
}

static struct str
length_of(struct arena *arena, int64_t s)
{
	return s < 0 ? STR_ABSENT : date_length(arena, s);
}

static void
add_transcript(struct buf *out, const struct notice *notice)
{
	const struct str text =
	    quiet(out->arena, notice->transcript, TRANSCRIPT_MAX_BYTES, "\n> ");

	if (!str_is_empty(text))
		buf_addf(out,
		    "\nWhat was said, as a machine heard it:\n> %.*s\n",
		    STR_ARG(text));
}

static void
add_sound(struct buf *out, const struct notice *notice)
{
	if (notice->sound == NOTICE_SOUND_ATTACHED)
		buf_add(out, STR("\nThe message is attached.\n"));
	if (notice->sound == NOTICE_SOUND_LINKED)
		buf_add(out, STR("\nThe message can be heard in the feed.\n"));
	if (!str_is_empty(notice->link))
		buf_addf(out, "\n%.*s\n", STR_ARG(notice->link));
}

struct str
notice_text(struct arena *arena, const struct notice *notice)
{
	const struct str who = caller(arena, notice);
	struct buf out;

	buf_init(&out, arena, TEXT_MAX_BYTES);
	buf_addf(&out,
	    is_voicemail(notice) ? "There is a message from %.*s.\n\n"
				 : "A call from %.*s was missed.\n\n",
	    STR_ARG(who));
	row(&out, "From:", who);
	row(&out, "Name:", word(arena, notice->caller_name));
	row(&out, "Place:", place_of(arena, notice));
	row(&out, "Line:", line_of(arena, notice));
	if (notice->started_us >= 0)
		row(&out, "When:", moment(arena, notice->started_us));
	row(&out, "Why:", why(arena, notice));
	row(&out, "Message:", length_of(arena, notice->message_s));
	row(&out, "Call:", length_of(arena, notice->duration_s));
	add_transcript(&out, notice);
	add_sound(&out, notice);
	return buf_str(&out);
}

struct str
notice_test_subject(struct arena *arena, const struct notice *notice)
{
	const struct str line = line_of(arena, notice);

	return str_format(arena, "Test: calls of %.*s", STR_ARG(line));
}

struct str
notice_test_text(struct arena *arena, const struct notice *notice)
{
	const struct str line = line_of(arena, notice);
	struct buf out;

	buf_init(&out, arena, TEXT_MAX_BYTES);
	buf_addf(&out,
	    "Somebody has asked Mainline for this letter, to see that letters\n"
	    "about the calls of %.*s arrive. They do.\n",
	    STR_ARG(line));
	add_sound(&out, notice);
	return buf_str(&out);
}
