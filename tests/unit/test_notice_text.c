/* notice_text: what a person is told of a call, whole, case by case. */
#include "notice_text.h"
#include "testing.h"

#define NINE_US INT64_C(1795338012345678) /* 2026-11-22 09:00:12 */
#define LINK "https://phone.example.com/#CA01"

static const struct row {
	const char *name;
	struct notice notice;
	const char *subject, *text;
} rows[] = {
	{ "a message, with all that is known",
	    { .link = STR_INIT(LINK),
		.line = STR_INIT("+15550100001"),
		.line_name = STR_INIT("Main number"),
		.from = STR_INIT("+15550100009"),
		.caller_name = STR_INIT("JANE DOE"),
		.caller_city = STR_INIT("PORTLAND"),
		.caller_region = STR_INIT("OR"),
		.caller_country = STR_INIT("US"),
		.outcome = STR_INIT("voicemail"),
		.reason = STR_INIT("message_left"),
		.forwarded_to = STR_INIT("Reception"),
		.started_us = NINE_US,
		.duration_s = 62,
		.message_s = 34,
		.transcript = STR_INIT("Hello, please call me back."),
		.sound = NOTICE_SOUND_ATTACHED },
	    "Voicemail from +1 555 010 0009 (0:34)",
	    "There is a message from +1 555 010 0009.\n"
	    "\n"
	    "From:    +1 555 010 0009\n"
	    "Name:    JANE DOE\n"
	    "Place:   PORTLAND, OR, US\n"
	    "Line:    Main number, +1 555 010 0001\n"
	    "When:    Sun, 22 Nov 2026, 09:00:12 UTC\n"
	    "Why:     Reception did not take the call.\n"
	    "Message: 0:34\n"
	    "Call:    1:02\n"
	    "\n"
	    "What was said, as a machine heard it:\n"
	    "> Hello, please call me back.\n"
	    "\n"
	    "The message is attached.\n"
	    "\n" LINK "\n" },
	{ "a message of which little is known",
	    { .line = STR_INIT("+15550100001"),
		.line_name = STR_INIT("+15550100001"),
		.outcome = STR_INIT("voicemail"),
		.reason = STR_INIT("message_left"),
		.started_us = -1,
		.duration_s = -1,
		.message_s = -1,
		.sound = NOTICE_SOUND_LINKED },
	    "Voicemail from an unknown caller",
	    "There is a message from an unknown caller.\n"
	    "\n"
	    "From:    an unknown caller\n"
	    "Line:    +1 555 010 0001\n"
	    "\n"
	    "The message can be heard in the feed.\n" },
	{ "a missed call",
	    { .link = STR_INIT(LINK),
		.line = STR_INIT("+4930901820"),
		.line_name = STR_INIT("Büro Köln"),
		.from = STR_INIT("+4915112345678"),
		.caller_name = STR_INIT("Jürgen Müller & Söhne"),
		.caller_city = STR_INIT("KÖLN"),
		.caller_country = STR_INIT("DE"),
		.outcome = STR_INIT("missed"),
		.reason = STR_INIT("no_answer"),
		.forwarded_to = STR_INIT("Reception, Anna"),
		.started_us = NINE_US,
		.duration_s = 3725,
		.message_s = -1,
		.sound = NOTICE_SOUND_NONE },
	    "Missed call from +4915112345678: no answer",
	    "A call from +4915112345678 was missed.\n"
	    "\n"
	    "From:    +4915112345678\n"
	    "Name:    Jürgen Müller & Söhne\n"
	    "Place:   KÖLN, DE\n"
	    "Line:    Büro Köln, +4930901820\n"
	    "When:    Sun, 22 Nov 2026, 09:00:12 UTC\n"
	    "Why:     No answer; Reception, Anna rang.\n"
	    "Call:    1:02:05\n"
	    "\n" LINK "\n" },
};

static void
test_notice_whole(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		print_message("  %s\n", rows[i].name);
		assert_text(
		    notice_subject(*state, &rows[i].notice), rows[i].subject);
		assert_text(notice_text(*state, &rows[i].notice), rows[i].text);
	}
}

static const struct who_row {
	const char *from, *who;
} whos[] = {
	{ "+15550100009", "+1 555 010 0009" },
	{ "+442071838750", "+442071838750" },
	{ "anonymous", "an unknown caller" },
	{ "", "an unknown caller" },
	{ "+266696687", "an unknown caller" }, /* ANONYMOUS on the keys */
	{ "client:anna", "anna" },
	{ "sip:anna@example.com", "anna@example.com" },
	{ "client:", "an unknown caller" },
	{ "client:a\r\nBcc: b@c.example", "a Bcc: b@c.example" },
	{ "Restricted\r\nBcc: b@c.example", "an unknown caller" },
};

static void
test_notice_of_callers(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(whos); i++) {
		const struct notice notice = {
			.from = str_of(whos[i].from),
			.outcome = STR("missed"),
			.reason = STR("busy"),
		};

		print_message("  \"%s\"\n", whos[i].from);
		assert_str(notice_subject(*state, &notice),
		    str_format(
			*state, "Missed call from %s: busy", whos[i].who));
	}
}

static const struct reason_row {
	const char *outcome, *reason, *phone;
	const char *subject; /* behind "from +1 555 010 0009" */
	const char *why;     /* NULL: no such row */
} reasons[] = {
	{ "voicemail", "message_left", NULL, " (0:05)", NULL },
	{ "voicemail", "message_left", "Anna", " (0:05)",
	    "Anna did not take the call." },
	{ "missed", "not_accepted", "Anna", ": not taken",
	    "Anna did not take the call." },
	{ "missed", "not_accepted", NULL, ": not taken",
	    "The phone that rang was picked up, but the call was not taken." },
	{ "missed", "no_answer", NULL, ": no answer", "No answer." },
	{ "missed", "busy", "Anna", ": busy", "Busy at Anna." },
	{ "missed", "busy", NULL, ": busy", "Busy." },
	{ "missed", "bad_number", "Anna", ": a number that does not work",
	    "The number for Anna does not work; please have it checked." },
	{ "missed", "bad_number", NULL, ": a number that does not work",
	    "A number that was rung does not work; please have it checked." },
	{ "missed", "line_closed", "Anna", ": closed",
	    "Outside opening hours." },
	{ "missed", "empty_message", "Anna", ": no message",
	    "The caller came to the voicemail and said nothing." },
	{ "missed", "a_newer_word", "Anna", "", "a_newer_word" },
};

static void
test_notice_of_reasons(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++) {
		const struct reason_row *const r = &reasons[i];
		const struct notice notice = {
			.from = STR("+15550100009"),
			.outcome = str_of(r->outcome),
			.reason = str_of(r->reason),
			.forwarded_to = str_of(r->phone),
			.message_s = 5,
		};
		const struct str subject = notice_subject(*state, &notice);
		const struct str text = notice_text(*state, &notice);

		print_message("  %s, %s\n", r->reason,
		    r->phone == NULL ? "nobody named" : r->phone);
		assert_str(
		    str_slice(subject,
			str_find(subject, '+') + sizeof("+1 555 010 0009") - 1,
			subject.n),
		    str_of(r->subject));
		if (r->why == NULL)
			assert_false(str_holds(text, "Why:"));
		else
			assert_holds(text,
			    str_format(*state, "Why:     %s\n", r->why).p);
	}
}

/* How a name that comes from outside stands in its row. */
static const struct name_row {
	const char *name, *in, *out;
} names[] = {
	{ "a second line", "Jane\r\nLine:    forged", "Jane Line:    forged" },
	{ "blanks around", "  Jane\t ", "Jane" },
	{ "no UTF-8",
	    "J\xff"
	    "ne",
	    "J\xef\xbf\xbdne" },
	{ "a terminal's escape", "Jane\x1b[2J", "Jane [2J" },
	{ "writing turned round",
	    "a\xe2\x80\xae"
	    "b",
	    "a b" },
	{ "a line separator",
	    "a\xe2\x80\xa8"
	    "b",
	    "a b" },
	{ "next line, of Latin-1",
	    "a\xc2\x85"
	    "b",
	    "a b" },
	{ "an emoji", "\xf0\x9f\x93\x9e", "\xf0\x9f\x93\x9e" },
	{ "very long",
	    "0123456789012345678901234567890123456789012345678901234567890123"
	    "4567890123456789012345678901234567890123456789012345678\xc3\xbc"
	    "x",
	    "0123456789012345678901234567890123456789012345678901234567890123"
	    "4567890123456789012345678901234567890123456789012345678…" },
};

static void
test_notice_keeps_names_in_their_place(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const struct notice notice = {
			.outcome = STR("missed"),
			.reason = STR("busy"),
			.caller_name = str_of(names[i].in),
		};

		print_message("  %s\n", names[i].name);
		assert_holds(notice_text(*state, &notice),
		    str_format(*state, "\nName:    %s\nWhen:", names[i].out).p);
	}
}

static void
test_notice_quotes_transcripts(void **state)
{
	const struct notice notice = {
		.outcome = STR("voicemail"),
		.reason = STR("message_left"),
		.transcript = STR("One.\r\n\r\nThe message is attached.\n"),
	};

	assert_holds(notice_text(*state, &notice),
	    "heard it:\n> One.\n> The message is attached.\n");
}

/* Whatever comes from outside: a subject is one line, and rows stay rows. */
static void
test_notice_for_any_bytes(void **state)
{
	struct random r = random_begin();

	for (int i = 0; i < 2000; i++) {
		const struct notice notice = {
			.outcome = STR("missed"),
			.reason = random_bytes(&r, *state, 40),
			.from = str_format(*state, "client:%.*s",
			    STR_ARG(random_bytes(&r, *state, 40))),
			.caller_name = random_bytes(&r, *state, 300),
			.forwarded_to = random_bytes(&r, *state, 40),
			.caller_city = random_bytes(&r, *state, 40),
			.message_s = -1,
			.duration_s = -1,
			.started_us = -1,
		};
		const struct str subject = notice_subject(*state, &notice);
		struct str rest = notice_text(*state, &notice);
		int lines = 0;

		for (size_t k = 0; k < subject.n; k++)
			assert_true((unsigned char)subject.p[k] >= ' ');
		while (rest.p != NULL) {
			(void)str_split(&rest, '\n');
			lines++;
		}
		/* Head, blank, From, Name, Place, Line, Why, the end. */
		assert_true(lines <= 8);
		arena_reset(*state);
	}
}

static void
test_notice_of_a_test(void **state)
{
	const struct notice notice = {
		.line = STR("+15550100001"),
		.line_name = STR("Main number"),
		.link = STR(LINK),
	};

	assert_text(notice_test_subject(*state, &notice),
	    "Test: calls of Main number, +1 555 010 0001");
	assert_holds(notice_test_text(*state, &notice),
	    "about the calls of Main number, +1 555 010 0001 arrive.");
	assert_holds(notice_test_text(*state, &notice), LINK "\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_notice_whole),
		TEST(test_notice_of_callers),
		TEST(test_notice_of_reasons),
		TEST(test_notice_keeps_names_in_their_place),
		TEST(test_notice_quotes_transcripts),
		TEST(test_notice_for_any_bytes),
		TEST(test_notice_of_a_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
