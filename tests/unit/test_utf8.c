/* utf8: held against the table of RFC 3629, written down again here. */
#include "codec/utf8.h"
#include "testing.h"

#include "base/buf.h"

#include <string.h>

/* https://www.rfc-editor.org/rfc/rfc3629#section-4 */
static const struct form_of {
	unsigned char first[2]; /* from, to */
	unsigned char second[2];
	size_t n; /* bytes in all; those behind the second are 80 to BF */
} forms[] = {
	{ { 0x00, 0x7f }, { 0, 0 }, 1 },
	{ { 0xc2, 0xdf }, { 0x80, 0xbf }, 2 },
	{ { 0xe0, 0xe0 }, { 0xa0, 0xbf }, 3 },
	{ { 0xe1, 0xec }, { 0x80, 0xbf }, 3 },
	{ { 0xed, 0xed }, { 0x80, 0x9f }, 3 },
	{ { 0xee, 0xef }, { 0x80, 0xbf }, 3 },
	{ { 0xf0, 0xf0 }, { 0x90, 0xbf }, 4 },
	{ { 0xf1, 0xf3 }, { 0x80, 0xbf }, 4 },
	{ { 0xf4, 0xf4 }, { 0x80, 0x8f }, 4 },
};

static bool
within(unsigned char c, const unsigned char range[2])
{
	return c >= range[0] && c <= range[1];
}

/* Bytes of the character at the beginning of `s`; 0 when there is none. */
static size_t
model_next(struct str s)
{
	static const unsigned char tail[2] = { 0x80, 0xbf };
	const unsigned char *const p = (const unsigned char *)s.p;

	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		const struct form_of *const f = &forms[i];
		bool ok = s.n >= f->n && within(p[0], f->first);

		for (size_t k = 1; ok && k < f->n; k++)
			ok = within(p[k], k == 1 ? f->second : tail);
		if (ok)
			return f->n;
	}
	return 0;
}

static bool
model_is_valid(struct str s)
{
	while (s.n > 0) {
		const size_t n = model_next(s);

		if (n == 0)
			return false;
		s = str_slice(s, n, s.n);
	}
	return true;
}

static struct str
model_clean(struct arena *arena, struct str s)
{
	struct buf out;

	buf_init(&out, arena, 3 * s.n);
	while (s.n > 0) {
		const size_t n = model_next(s);

		if (n == 0 || s.p[0] == '\0')
			buf_add(&out, STR("\xef\xbf\xbd"));
		else
			buf_add(&out, str_slice(s, 0, n));
		s = str_slice(s, n == 0 ? 1 : n, s.n);
	}
	return buf_str(&out);
}

static void
test_utf8_of_every_code_point(void **state)
{
	(void)state;
	for (uint32_t c = 0; c < 0x110000; c++) {
		char p[4];
		size_t n = 0;
		uint32_t out = 0;
		const bool surrogate = c >= 0xd800 && c < 0xe000;

		if (c >= 0x10000) {
			p[n++] = (char)(0xf0 | c >> 18);
			p[n++] = (char)(0x80 | (c >> 12 & 63));
		} else if (c >= 0x800) {
			p[n++] = (char)(0xe0 | c >> 12);
		}
		if (c >= 0x800)
			p[n++] = (char)(0x80 | (c >> 6 & 63));
		else if (c >= 0x80)
			p[n++] = (char)(0xc0 | c >> 6);
		p[n++] = (char)(c < 0x80 ? c : 0x80 | (c & 63));
		assert_int_equal(utf8_is_valid(bytes_of(p, n)), !surrogate);
		assert_int_equal(
		    utf8_next(bytes_of(p, n), &out), surrogate ? 1 : n);
		assert_int_equal(out, surrogate ? 0xfffd : c);
	}
}

/* All pairs of bytes, with what a third and fourth may do to them. */
static void
test_utf8_is_valid_as_the_table_says(void **state)
{
	static const unsigned char ends[] = { 0x7f, 0x80, 0xbf, 0xc0 };
	unsigned char p[4];

	(void)state;
	assert_true(utf8_is_valid(STR_ABSENT));
	for (unsigned int i = 0; i < 65536 * 16; i++) {
		p[0] = (unsigned char)(i >> 8);
		p[1] = (unsigned char)i;
		p[2] = ends[i >> 16 & 3];
		p[3] = ends[i >> 18];
		for (size_t n = 1; n <= sizeof(p); n += n < 3 ? 2 : 1) {
			const struct str s = bytes_of(p, n);

			if (utf8_is_valid(s) != model_is_valid(s))
				fail_msg("%02x %02x %02x %02x", p[0], p[1],
				    p[2], p[3]);
		}
	}
}

static void
test_utf8_clean(void **state)
{
	struct random r = random_begin();

	for (int i = 0; i < 20000; i++) {
		const struct str s = i % 2 == 0
		    ? random_bytes(&r, *state, 24)
		    : random_text(&r, *state, 24,
			  "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xed\xa0\xef"
			  "\xbf\xbd\xc0");
		const struct str clean = utf8_clean(*state, s);

		assert_str(clean, model_clean(*state, s));
		assert_true(utf8_is_valid(clean));
		assert_int_equal(str_find(clean, '\0'), clean.n);
		assert_ptr_equal(utf8_clean(*state, clean).p, clean.p);
		arena_reset(*state);
	}
}

static void
test_utf8_clean_borrows_what_is_clean(void **state)
{
	const struct str s = STR("Zo\xc3\xab \xe2\x98\x8e \xef\xbf\xbd");

	assert_ptr_equal(utf8_clean(*state, s).p, s.p);
	assert_absent(utf8_clean(*state, STR_ABSENT));
	assert_str(utf8_clean(*state, STR("")), STR(""));
	assert_text(utf8_clean(*state, STR("a\0b")),
	    "a\xef\xbf\xbd"
	    "b");
	/* Each byte of a cut character counts by itself. */
	assert_text(utf8_clean(*state, STR("\xf0\x9f\x98")),
	    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_utf8_of_every_code_point),
		TEST(test_utf8_is_valid_as_the_table_says),
		TEST(test_utf8_clean),
		TEST(test_utf8_clean_borrows_what_is_clean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
