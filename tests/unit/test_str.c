/* str: borrowed runs of bytes, absent and empty told apart. */
#include "testing.h"

#include <limits.h>
#include <stdio.h>

static void
test_str_of(void **state)
{
	(void)state;
	assert_text(STR("abc"), "abc");
	assert_absent(str_of(NULL));
	assert_str(str_of(""), STR(""));
	assert_true(str_is_empty(STR_ABSENT));
	assert_true(str_is_empty(STR("")));
	assert_false(str_is_empty(STR("\0")));
}

static const struct pair {
	const char *name;
	struct str a, b;
	bool equal, equal_nocase, starts; /* `a` begins with `b` */
	int order;
} pairs[] = {
	{ "the same", STR_INIT("abc"), STR_INIT("abc"), true, true, true, 0 },
	{ "another case", STR_INIT("aBc"), STR_INIT("AbC"), false, true, false,
	    1 },
	{ "a beginning", STR_INIT("abc"), STR_INIT("ab"), false, false, true,
	    1 },
	{ "longer", STR_INIT("ab"), STR_INIT("abc"), false, false, false, -1 },
	{ "empty and absent", STR_INIT(""), { NULL, 0 }, true, true, true, 0 },
	{ "something and absent", STR_INIT("a"), { NULL, 0 }, false, false,
	    true, 1 },
	{ "absent and something", { NULL, 0 }, STR_INIT("a"), false, false,
	    false, -1 },
	{ "bytes above 127 are the greatest", STR_INIT("\xc3"), STR_INIT("z"),
	    false, false, false, 1 },
	{ "case is ASCII's alone", STR_INIT("\xc3\x84"), STR_INIT("\xc3\xa4"),
	    false, false, false, -1 },
	{ "@ and ` are no letters", STR_INIT("@["), STR_INIT("`{"), false,
	    false, false, -1 },
	{ "a NUL is a byte", STR_INIT("a\0b"), STR_INIT("a\0c"), false, false,
	    false, -1 },
};

static int
sign(int n)
{
	return (n > 0) - (n < 0);
}

static void
test_str_comparisons(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		const struct pair *const p = &pairs[i];

		print_message("  %s\n", p->name);
		assert_int_equal(str_eq(p->a, p->b), p->equal);
		assert_int_equal(str_eq(p->b, p->a), p->equal);
		assert_int_equal(str_eq_nocase(p->a, p->b), p->equal_nocase);
		assert_int_equal(str_eq_nocase(p->b, p->a), p->equal_nocase);
		assert_int_equal(str_starts(p->a, p->b), p->starts);
		assert_int_equal(sign(str_cmp(p->a, p->b)), p->order);
		assert_int_equal(sign(str_cmp(p->b, p->a)), -p->order);
	}
}

static void
test_str_slice(void **state)
{
	const struct str s = STR("abcdef");

	(void)state;
	assert_text(str_slice(s, 0, 6), "abcdef");
	assert_text(str_slice(s, 2, 2), "cd");
	assert_text(str_slice(s, 4, 100), "ef");
	assert_text(str_slice(s, 4, SIZE_MAX), "ef");
	assert_str(str_slice(s, 6, 1), STR(""));
	assert_str(str_slice(s, 100, 1), STR(""));
	assert_absent(str_slice(STR_ABSENT, 0, 1));
}

static void
test_str_find(void **state)
{
	(void)state;
	assert_int_equal(str_find(STR("a=b=c"), '='), 1);
	assert_int_equal(str_find(STR("abc"), '='), 3);
	assert_int_equal(str_find(STR("a\0b"), 'b'), 2);
	assert_int_equal(str_find(STR_ABSENT, '='), 0);
}

/* The pieces, joined again by the separator, are what was taken apart. */
static void
test_str_split(void **state)
{
	struct random r = random_begin();

	for (int i = 0; i < 1000; i++) {
		const struct str whole = random_text(&r, *state, 12, "ab,");
		struct str rest = whole;
		struct str joined = STR("");

		for (size_t n = 0; rest.p != NULL; n++) {
			const struct str piece = str_split(&rest, ',');

			assert_int_equal(str_find(piece, ','), piece.n);
			joined = str_format(*state, "%.*s%s%.*s",
			    STR_ARG(joined), n == 0 ? "" : ",", STR_ARG(piece));
		}
		assert_str(joined, whole);
	}
}

static void
test_str_split_absent(void **state)
{
	struct str rest = STR_ABSENT;

	(void)state;
	assert_absent(str_split(&rest, ','));
	assert_absent(rest);
}

static void
test_str_trim(void **state)
{
	(void)state;
	assert_text(str_trim(STR(" \t a b\t ")), "a b");
	assert_text(str_trim(STR("a")), "a");
	assert_str(str_trim(STR(" \t")), STR(""));
	assert_text(str_trim(STR("\na\r")), "\na\r");
	assert_absent(str_trim(STR_ABSENT));
}

static const struct number {
	const char *text;
	int max;
	int want; /* -1: refused */
} numbers[] = {
	{ "0", 10, 0 }, { "10", 10, 10 }, { "11", 10, -1 }, { "9", 5, -1 },
	{ "007", 10, 7 }, { "2147483647", INT_MAX, INT_MAX },
	{ "2147483648", INT_MAX, -1 }, { "99999999999999999999", INT_MAX, -1 },
	{ "", 10, -1 }, { "+1", 10, -1 }, { "-1", 10, -1 }, { " 1", 10, -1 },
	{ "1 ", 10, -1 }, { "1.0", 10, -1 }, { "0x1", 10, -1 },
	{ "\xd9\xa1", 10, -1 }, /* ARABIC-INDIC DIGIT ONE */
};

static void
test_str_to_int(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		const struct number *const n = &numbers[i];
		int out = -1;

		print_message("  \"%s\" up to %d\n", n->text, n->max);
		assert_int_equal(
		    str_to_int(str_of(n->text), n->max, &out), n->want >= 0);
		assert_int_equal(out, n->want);
	}
	assert_false(str_to_int(STR_ABSENT, 10, &(int){ 0 }));
}

/* Every number that fits is read, every other refused. */
static void
test_str_to_int_around_each_cap(void **state)
{
	(void)state;
	for (int max = 0; max < 130; max++) {
		for (int n = 0; n < 200; n++) {
			char text[8];
			int out = -1;

			(void)snprintf(text, sizeof(text), "%d", n);
			assert_int_equal(
			    str_to_int(str_of(text), max, &out), n <= max);
			assert_int_equal(out, n <= max ? n : -1);
		}
	}
}

static void
test_str_copies(void **state)
{
	char bytes[] = "abc";
	const struct str copy = str_copy(*state, str_of(bytes));

	assert_string_equal(
	    str_cstr(*state, str_slice(str_of(bytes), 0, 2)), "ab");
	assert_string_equal(str_cstr(*state, STR_ABSENT), "");
	bytes[0] = 'x';
	assert_text(copy, "abc");
	assert_absent(str_copy(*state, STR_ABSENT));
	assert_str(str_copy(*state, STR("")), STR(""));
	assert_text(str_format(*state, "%d-%s", 7, "x"), "7-x");
	assert_text(str_format(*state, "%.*s|", STR_ARG(STR_ABSENT)), "|");
	/* A format that the C library cannot write is empty, not a crash. */
	assert_str(str_format(*state, "%ls", L"\x110000"), STR(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_str_of),
		TEST(test_str_comparisons),
		TEST(test_str_slice),
		TEST(test_str_find),
		TEST(test_str_split),
		TEST(test_str_split_absent),
		TEST(test_str_trim),
		TEST(test_str_to_int),
		TEST(test_str_to_int_around_each_cap),
		TEST(test_str_copies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
