/* form: rows, and a decoder that is as plain as the specification's words. */
#include "codec/form.h"
#include "testing.h"

#include <string.h>

#define ALPHABET "a%2b+&=F0 \xc3\xa9"

/* "a=b" of each pair, ";" between; with a NUL as \0 in the rows. */
static struct str
listed(struct arena *arena, const struct form *form)
{
	struct str out = STR("");

	for (size_t i = 0; i < form->n; i++)
		out = str_format(arena, "%.*s%s%.*s=%.*s", STR_ARG(out),
		    i == 0 ? "" : ";", STR_ARG(form->pairs[i].name),
		    STR_ARG(form->pairs[i].value));
	return out;
}

static const struct row {
	const char *name;
	const char *body;
	const char *want;
} rows[] = {
	{ "two pairs", "a=1&b=2", "a=1;b=2" },
	{ "a plus is a space", "a+b=c+d", "a b=c d" },
	{ "an escaped plus is a plus", "To=%2B1555", "To=+1555" },
	{ "either case of digits", "a=%c3%A9", "a=\xc3\xa9" },
	{ "one pass only", "a=%2541", "a=%41" },
	{ "a lone percent stands for itself", "a=100%&b=%&c=%4&d=%zz&e=%4g",
	    "a=100%;b=%;c=%4;d=%zz;e=%4g" },
	{ "a percent before an escape", "a=%%41", "a=%A" },
	{ "an escape cut by the next pair", "a=%4&b=1", "a=%4;b=1" },
	{ "an empty value is kept", "a=&b=", "a=;b=" },
	{ "an empty name is kept", "=1&=", "=1;=" },
	{ "a name alone has an empty value", "a&b", "a=;b=" },
	{ "empty pieces are no pairs", "&&a=1&&&b=2&", "a=1;b=2" },
	{ "the second equals sign is the value's", "a=b=c", "a=b=c" },
	{ "separators may be escaped", "a%26b=c%3Dd", "a&b=c=d" },
	{ "the same name twice", "k=b&k=a&k=b", "k=b;k=a;k=b" },
	{ "bytes that are no UTF-8", "a=%FF%fe", "a=\xff\xfe" },
	{ "a semicolon separates nothing", "a=1;b=2", "a=1;b=2" },
	{ "nothing", "", "" },
};

static void
test_form_parse(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *const r = &rows[i];
		struct form form;

		print_message("  %s\n", r->name);
		assert_err(
		    form_parse(*state, str_of(r->body), 9, &form), ERR_OK);
		assert_text(listed(*state, &form), r->want);
	}
}

static void
test_form_parse_keeps_every_byte(void **state)
{
	struct form form;

	assert_err(
	    form_parse(*state, STR("%00a=b%00c&d=\0"), 9, &form), ERR_OK);
	assert_int_equal(form.n, 2);
	assert_str(form.pairs[0].name, STR("\0a"));
	assert_str(form.pairs[0].value, STR("b\0c"));
	assert_str(form.pairs[1].value, STR("\0"));
	assert_err(form_parse(*state, STR_ABSENT, 9, &form), ERR_OK);
	assert_int_equal(form.n, 0);
}

static void
test_form_parse_limit(void **state)
{
	struct form form = { 0 };

	assert_err(form_parse(*state, STR("a&b&c"), 3, &form), ERR_OK);
	assert_int_equal(form.n, 3);
	assert_err(form_parse(*state, STR("a&&b&&c&&"), 3, &form), ERR_OK);
	form.n = 77;
	assert_err(form_parse(*state, STR("a&b&c&d"), 3, &form), ERR_LIMIT);
	assert_int_equal(form.n, 77); /* left alone */
	assert_err(form_parse(*state, STR("a"), 0, &form), ERR_LIMIT);
	assert_err(form_parse(*state, STR("&"), 0, &form), ERR_OK);
}

static int
model_digit(char c)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *const at = c == '\0' ? NULL : strchr(digits, c);

	if (at == NULL)
		return -1;
	return (int)(at - digits) - (at - digits > 15 ? 6 : 0);
}

static struct str
model_decode(struct arena *arena, struct str s)
{
	char *const out = arena_alloc(arena, s.n);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		const bool escape = s.p[i] == '%' && i + 2 < s.n &&
		    model_digit(s.p[i + 1]) >= 0 &&
		    model_digit(s.p[i + 2]) >= 0;

		out[n++] = s.p[i] == '+' ? ' ' : s.p[i];
		if (escape) {
			out[n - 1] = (char)(model_digit(s.p[i + 1]) * 16 +
			    model_digit(s.p[i + 2]));
			i += 2;
		}
	}
	return (struct str){ out, n };
}

/* Compares `form` with what a plain walk over the pieces gives. */
static void
check_against_model(
    struct arena *arena, struct str body, const struct form *form)
{
	struct str rest = body;
	size_t n = 0;

	while (rest.p != NULL) {
		const struct str piece = str_split(&rest, '&');
		const size_t equals = str_find(piece, '=');

		if (piece.n == 0)
			continue;
		assert_true(n < form->n);
		assert_str(form->pairs[n].name,
		    model_decode(arena, str_slice(piece, 0, equals)));
		assert_str(form->pairs[n].value,
		    model_decode(arena, str_slice(piece, equals + 1, piece.n)));
		n++;
	}
	assert_int_equal(n, form->n);
}

static void
test_form_agrees_with_a_plain_decoder(void **state)
{
	struct random r = random_begin();

	for (int i = 0; i < 20000; i++) {
		const struct str body = i % 4 == 0
		    ? random_bytes(&r, *state, 40)
		    : random_text(&r, *state, 40, ALPHABET);
		struct form form;

		assert_err(form_parse(*state, body, 64, &form), ERR_OK);
		check_against_model(*state, body, &form);
		arena_reset(*state);
	}
}

/* Two bodies with "&" between them are the pairs of both, wherever one cuts. */
static void
test_form_for_all_splits(void **state)
{
	struct random r = random_begin();

	for (int i = 0; i < 300; i++) {
		const struct str body = random_text(&r, *state, 40, ALPHABET);

		for (size_t at = 0; at < body.n; at++) {
			struct form whole;
			struct form left;
			struct form right;

			if (body.p[at] != '&')
				continue;
			assert_err(
			    form_parse(*state, body, 64, &whole), ERR_OK);
			assert_err(form_parse(*state, str_slice(body, 0, at),
				       64, &left),
			    ERR_OK);
			assert_err(
			    form_parse(*state, str_slice(body, at + 1, body.n),
				64, &right),
			    ERR_OK);
			assert_int_equal(whole.n, left.n + right.n);
		}
		arena_reset(*state);
	}
}

static void
test_form_escape(void **state)
{
	struct random r = random_begin();

	assert_text(
	    form_escape(*state, STR("+1 5/é~-._")), "%2B1%205%2F%C3%A9~-._");
	assert_text(form_escape(*state, STR("\0\xff")), "%00%FF");
	for (int i = 0; i < 3000; i++) {
		const struct str s = random_bytes(&r, *state, 30);
		const struct str body = str_format(
		    *state, "%.*s=1", STR_ARG(form_escape(*state, s)));
		struct form form;

		assert_err(form_parse(*state, body, 9, &form), ERR_OK);
		assert_int_equal(form.n, 1);
		assert_str(form.pairs[0].name, s);
		arena_reset(*state);
	}
}

static void
test_form_get(void **state)
{
	struct form form;

	assert_err(form_parse(*state, STR("a=1&b=&a=2"), 9, &form), ERR_OK);
	assert_text(form_get(&form, "a"), "1");
	assert_str(form_get(&form, "b"), STR(""));
	assert_absent(form_get(&form, "A"));
	assert_absent(form_get(&form, ""));
	assert_int_equal(form_count(&form, "a"), 2);
	assert_int_equal(form_count(&form, "b"), 1);
	assert_int_equal(form_count(&form, "c"), 0);
}

static int
pair_order(const struct form_pair *a, const struct form_pair *b)
{
	const int order = str_cmp(a->name, b->name);

	return order != 0 ? order : str_cmp(a->value, b->value);
}

static size_t
count_pair(const struct form *form, const struct form_pair *pair)
{
	size_t n = 0;

	for (size_t i = 0; i < form->n; i++)
		n += pair_order(&form->pairs[i], pair) == 0;
	return n;
}

static void
test_form_sorted(void **state)
{
	struct random r = random_begin();

	for (int i = 0; i < 2000; i++) {
		const struct str body = random_text(&r, *state, 40,
		    "ab=&\xff"
		    "Z");
		struct form form;
		struct form sorted;

		assert_err(form_parse(*state, body, 64, &form), ERR_OK);
		sorted = form_sorted(*state, &form);
		for (size_t k = 0; k < form.n; k++)
			assert_int_equal(
			    count_pair(&sorted, &form.pairs[k]), 1);
		for (size_t k = 0; k < sorted.n; k++)
			assert_true(count_pair(&form, &sorted.pairs[k]) > 0);
		for (size_t k = 1; k < sorted.n; k++)
			assert_true(pair_order(&sorted.pairs[k - 1],
					&sorted.pairs[k]) < 0);
		check_against_model(
		    *state, body, &form); /* left in its order */
		arena_reset(*state);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_form_parse),
		TEST(test_form_parse_keeps_every_byte),
		TEST(test_form_parse_limit),
		TEST(test_form_agrees_with_a_plain_decoder),
		TEST(test_form_for_all_splits),
		TEST(test_form_escape),
		TEST(test_form_get),
		TEST(test_form_sorted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
