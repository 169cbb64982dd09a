/* mail_header: addresses that are taken, and texts that stay in their line. */
#include "codec/base64.h"
#include "codec/mail_header.h"
#include "codec/utf8.h"
#include "testing.h"

#include <string.h>

static void
test_mail_address_is_good(void **state)
{
	static const char *const good[] = { "a@b", "phone@example.com",
		"first.last+calls@sub.example.co", "o'neil=x@example.com",
		"1@1.example" };
	static const char *const bad[] = { "", "@", "a", "a@", "@b", "a@b@c",
		"a b@c", "a@b c", "<a@b>", "a@b>", "a@b\r\nRCPT TO:<c@d>",
		"a\n@b", ".a@b", "a.@b", "a..b@c", "a@.b", "a@b.", "a@b..c",
		"\"a\"@b", "a,b@c", "a@[127.0.0.1]", "a@b,c@d", "a@\xc3\xa4",
		"\xc3\xa4@b", "a@b\t", "a;@b", "a@b_c" };
	char text[300];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		assert_true(mail_address_is_good(str_of(good[i])));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		print_message("  %s\n", bad[i]);
		assert_false(mail_address_is_good(str_of(bad[i])));
	}
	assert_false(mail_address_is_good(STR("a\0@b")));
	assert_false(mail_address_is_good(STR_ABSENT));
	memset(text, 'a', sizeof(text));
	text[64] = '@';
	assert_true(mail_address_is_good(bytes_of(text, 254)));
	assert_false(mail_address_is_good(bytes_of(text, 255)));
	text[64] = 'a';
	text[65] = '@';
	assert_false(mail_address_is_good(bytes_of(text, 200)));
}

static const struct mailbox_row {
	const char *text;
	const char *want; /* as a header has it; NULL: refused */
} mailboxes[] = {
	{ "a@b", "a@b" },
	{ " a@b ", "a@b" },
	{ "<a@b>", "a@b" },
	{ "Our phone <a@b>", "\"Our phone\" <a@b>" },
	{ "\"Smith, J.\" <a@b>", "\"Smith, J.\" <a@b>" },
	{ "B\xc3\xbcro <a@b>", "=?UTF-8?B?QsO8cm8=?= <a@b>" },
	{ "=?x <a@b>", "=?UTF-8?B?PT94?= <a@b>" },
	{ "A <a@b", NULL },
	{ "A <a@b> c", NULL },
	{ "A <a@b><c@d>", NULL },
	{ "A\r\nBcc: c@d <a@b>", NULL },
	{ "A\" <a@b>", NULL },
	{ "A\\ <a@b>", NULL },
	{ "\xff <a@b>", NULL },
	{ "A", NULL },
	{ "", NULL },
	{ "A <>", NULL },
	{ "<", NULL },
};

static void
test_mailbox(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(mailboxes); i++) {
		const struct mailbox_row *const row = &mailboxes[i];
		struct mailbox box;
		const enum err e = mailbox_parse(str_of(row->text), &box);

		print_message("  %s\n", row->text);
		assert_err(e, row->want == NULL ? ERR_INPUT : ERR_OK);
		if (row->want != NULL)
			assert_text(mailbox_format(*state, &box), row->want);
	}
}

/* What a reader makes of encoded words. */
static struct str
read_back(struct arena *arena, struct str value)
{
	char *const out = arena_alloc(arena, value.n + 1);
	struct str rest = value;
	size_t n = 0;

	if (!str_starts(value, STR("=?UTF-8?B?")))
		return value;
	while (rest.n > 0) {
		struct str word = str_slice(rest, 0, str_find(rest, '\r'));
		struct str bytes;

		rest = str_slice(rest, word.n, rest.n);
		if (rest.n > 0) {
			assert_true(str_starts(rest, STR("\r\n =?")));
			rest = str_slice(rest, 3, rest.n);
		}
		assert_true(word.n <= 75);
		assert_true(str_starts(word, STR("=?UTF-8?B?")));
		word = str_slice(word, 10, word.n - 12);
		assert_err(base64_decode(arena, word, &bytes), ERR_OK);
		assert_true(utf8_is_valid(bytes)); /* no character is cut */
		memcpy(out + n, bytes.p, bytes.n);
		n += bytes.n;
	}
	return bytes_of(out, n);
}

static void
test_mail_header_text(void **state)
{
	struct random r = random_begin();

	assert_text(mail_header_text(*state, STR("A call")), "A call");
	assert_text(
	    mail_header_text(*state, STR(" A\r\nBcc: x\ty ")), "A  Bcc: x y");
	for (int i = 0; i < 3000; i++) {
		static const char *const alphabets[] = { "a =?\r\n\t\x7f",
			"\xc3\xa4\xe2\x82\xac\xf0\x9f\x93\x9e\xff a" };
		const struct str text = random_text(
		    &r, *state, 300, alphabets[random_below(&r, 2)]);
		const struct str got = mail_header_text(*state, text);
		const struct str back = read_back(*state, got);
		const struct str valid = utf8_clean(*state, text);
		char *const want =
		    arena_copy(*state, valid.n > 0 ? valid.p : "", valid.n);

		for (size_t k = 0; k < valid.n; k++) {
			if (strchr("\r\n\t\x7f", want[k]) != NULL)
				want[k] = ' ';
		}
		assert_str(back, str_trim(bytes_of(want, valid.n)));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_mail_address_is_good),
		TEST(test_mailbox),
		TEST(test_mail_header_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
