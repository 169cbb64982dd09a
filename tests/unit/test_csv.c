/*
 * csv: what RFC 4180 reads back is what was written, but for apostrophes; and
 * no cell is left that a spreadsheet would run, whatever separates its cells.
 */
#include "codec/csv.h"
#include "testing.h"

#include "base/buf.h"

#include <string.h>

#define ROW_CELLS 3

static struct str
cell(struct arena *arena, struct str text)
{
	struct buf out;
	struct csv w;

	buf_init(&out, arena, SIZE_MAX);
	csv_init(&w, &out);
	csv_cell(&w, text);
	return buf_str(&out);
}

static const struct row {
	const char *name;
	const char *text;
	const char *want;
} rows[] = {
	{ "a word", "Jane", "Jane" },
	{ "nothing", "", "" },
	{ "a comma", "Doe, Jane", "\"Doe, Jane\"" },
	{ "quotes", "the \"boss\"", "\"the \"\"boss\"\"\"" },
	{ "a line feed", "a\nb", "\"a\nb\"" },
	{ "blanks at the end", "a ", "\"a \"" },
	{ "a blank within", "a b", "a b" },
	{ "another script", "\xe6\x97\xa5\xe6\x9c\xac",
	    "\xe6\x97\xa5\xe6\x9c\xac" },
	{ "no UTF-8", "\xff\xc3", "\xff\xc3" },
	{ "a number stays one", "+15550100009", "+15550100009" },
	{ "a number and more", "+15550100009+1", "'+15550100009+1" },
	{ "too short for a number", "+1", "'+1" },
	{ "a formula", "=1+1", "'=1+1" },
	{ "plus", "+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0" },
	{ "minus", "-1", "'-1" },
	{ "at", "@SUM(A1)", "'@SUM(A1)" },
	{ "a TAB", "\t=1", "\"'\t'=1\"" },
	{ "a CR", "\r=1", "\"'\r'=1\"" },
	{ "an LF", "\n=1", "\"'\n'=1\"" },
	{ "behind blanks", "  =1", "\"'  =1\"" },
	{ "behind a quote", "\"=1", "\"'\"\"=1\"" },
	{ "in full width",
	    "\xef\xbc\x9d"
	    "1",
	    "'\xef\xbc\x9d"
	    "1" },
	{ "plus in full width",
	    "\xef\xbc\x8b"
	    "1",
	    "'\xef\xbc\x8b"
	    "1" },
	{ "minus in full width",
	    "\xef\xbc\x8d"
	    "1",
	    "'\xef\xbc\x8d"
	    "1" },
	{ "at in full width",
	    "\xef\xbc\xa0"
	    "1",
	    "'\xef\xbc\xa0"
	    "1" },
	{ "behind a wide blank", "\xe3\x80\x80=1", "'\xe3\x80\x80=1" },
	{ "behind a no-break space", "\xc2\xa0=1", "'\xc2\xa0=1" },
	{ "behind a mark of order", "\xef\xbb\xbf=1", "'\xef\xbb\xbf=1" },
	{ "where a semicolon separates", "a;=1;b", "\"a;'=1;b\"" },
	{ "where a TAB separates", "a\t@b", "\"a\t'@b\"" },
	{ "on another line", "a\n-b", "\"a\n'-b\"" },
	{ "a hyphen within", "a-b=c", "a-b=c" },
	{ "a key of a telephone", "*", "*" },
};

static void
test_csv_cell(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		print_message("  %s\n", rows[i].name);
		assert_text(cell(*state, str_of(rows[i].text)), rows[i].want);
	}
	assert_text(cell(*state, STR_ABSENT), "");
	assert_str(cell(*state, STR("a\0=")), STR("a\0="));
}

static void
test_csv_rows(void **state)
{
	struct buf out;
	struct csv w;

	buf_init(&out, *state, SIZE_MAX);
	csv_init(&w, &out);
	csv_cell(&w, STR("a"));
	csv_cell(&w, STR_ABSENT);
	csv_end(&w);
	csv_cell(&w, STR("b"));
	csv_cell(&w, STR(","));
	csv_end(&w);
	assert_text(buf_str(&out), "a,\r\nb,\",\"\r\n");
}

/*
 * RFC 4180's cells, read by another hand: takes one from the beginning of
 * `*rest` and gives what it says; what stood behind it is `*end`.
 */
static struct str
read_cell(struct arena *arena, struct str *rest, char *end)
{
	const bool quoted = rest->n > 0 && rest->p[0] == '"';
	struct buf out;
	size_t i = quoted ? 1 : 0;

	buf_init(&out, arena, SIZE_MAX);
	for (;; i++) {
		assert_true(i < rest->n);
		if (quoted && rest->p[i] == '"' && rest->p[i + 1] == '"')
			i++;
		else if (quoted && rest->p[i] == '"')
			break;
		else if (!quoted && (rest->p[i] == ',' || rest->p[i] == '\r'))
			break;
		buf_addc(&out, rest->p[i]);
	}
	i += quoted ? 1 : 0;
	assert_true(i < rest->n);
	*end = rest->p[i];
	*rest = str_slice(*rest, i + 1, rest->n);
	return buf_str(&out);
}

/* `got` is `sent` with apostrophes put in, and nothing else. */
static void
assert_same_but_apostrophes(struct str got, struct str sent)
{
	size_t k = 0;

	for (size_t i = 0; i < got.n; i++) {
		if (k < sent.n && got.p[i] == sent.p[k])
			k++;
		else
			assert_int_equal(got.p[i], '\'');
	}
	assert_int_equal(k, sent.n);
}

/* By a list of beginnings that were seen to run. */
static void
assert_harmless(struct str got)
{
	static const char *const signs[] = { "=", "+", "-", "@", "\xef\xbc\x9d",
		"\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0" };

	if (got.n > 0 && got.p[0] == '+' &&
	    strspn(got.p + 1, "0123456789") + 1 == got.n)
		return;
	for (size_t i = 0; i < got.n; i++) {
		const bool begins =
		    i == 0 || strchr(";\t\r\n", got.p[i - 1]) != NULL;
		size_t k = i;

		while (begins && k < got.n && strchr(" \"", got.p[k]) != NULL)
			k++;
		for (size_t s = 0; begins && s < ARRAY_LEN(signs); s++)
			assert_false(str_starts(
			    str_slice(got, k, got.n), str_of(signs[s])));
	}
}

static void
test_csv_is_read_back(void **state)
{
	struct random r = random_begin();

	for (int round = 0; round < 20000; round++) {
		struct str sent[ROW_CELLS];
		struct str rest;
		struct buf out;
		struct csv w;

		buf_init(&out, *state, SIZE_MAX);
		csv_init(&w, &out);
		for (size_t i = 0; i < ROW_CELLS; i++) {
			sent[i] = round % 2 == 0
			    ? random_bytes(&r, *state, 24)
			    : random_text(&r, *state, 12,
				  "=+-@;, \t\r\n\"'1\xef\xbc\x9d\xe3\x80");
			csv_cell(&w, sent[i]);
		}
		csv_end(&w);
		rest = buf_str(&out);
		for (size_t i = 0; i < ROW_CELLS; i++) {
			char end;
			const struct str got = read_cell(*state, &rest, &end);

			assert_int_equal(end, i + 1 < ROW_CELLS ? ',' : '\r');
			assert_same_but_apostrophes(got, sent[i]);
			if (memchr(got.p, '\0', got.n) == NULL)
				assert_harmless(got);
		}
		assert_text(rest, "\n");
		arena_reset(*state);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_csv_cell),
		TEST(test_csv_rows),
		TEST(test_csv_is_read_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
