/* json: the tree that is read, and where a mistake is said to be. */
#include "base/buf.h"
#include "codec/json.h"
#include "testing.h"

#include <string.h>

static const struct json *
parse(struct arena *arena, struct str text)
{
	const struct json *tree = NULL;
	struct json_error error;

	assert_err(json_parse(arena, text, &error, &tree), ERR_OK);
	assert_non_null(tree);
	return tree;
}

static void
test_json_parse(void **state)
{
	const struct json *const t = parse(*state,
	    STR(" {\"a\": [1, -2.5e3, true, false, null, \"x\"],\n"
		"\t\"b\": {\"\": \"\"}, \"c\\u00e9\": "
		"\"\\ud83d\\ude00\\n\"} "));
	const struct json *i = t->child->child;

	assert_int_equal(t->type, JSON_OBJECT);
	assert_absent(t->key);
	assert_text(t->child->key, "a");
	assert_int_equal(t->child->type, JSON_ARRAY);
	assert_int_equal(i->type, JSON_NUMBER);
	assert_true(i->number == 1);
	assert_absent(i->key);
	i = i->next;
	assert_true(i->number == -2500);
	i = i->next;
	assert_true(i->type == JSON_BOOL && i->boolean);
	i = i->next;
	assert_true(i->type == JSON_BOOL && !i->boolean);
	i = i->next;
	assert_int_equal(i->type, JSON_NULL);
	i = i->next;
	assert_int_equal(i->type, JSON_STRING);
	assert_text(i->string, "x");
	assert_null(i->next);

	i = json_member(json_member(t, STR("b")), STR(""));
	assert_str(i->string, STR(""));
	assert_text(
	    json_member(t, STR("c\xc3\xa9"))->string, "\xf0\x9f\x98\x80\n");
}

static void
test_json_member(void **state)
{
	const struct json *const t =
	    parse(*state, STR("{\"a\": 1, \"A\": 2, \"b\": [1]}"));

	assert_true(json_member(t, STR("a"))->number == 1);
	assert_true(json_member(t, STR("A"))->number == 2);
	assert_null(json_member(t, STR("c")));
	assert_null(json_member(t, STR_ABSENT));
	assert_null(json_member(json_member(t, STR("b")), STR("a")));
	assert_null(json_member(json_member(t, STR("a")), STR("a")));
	assert_null(json_member(NULL, STR("a")));
}

static const struct error_row {
	const char *name;
	const char *text;
	int line, column;
	const char *what; /* a part of it */
} error_rows[] = {
	{ "a comma too many", "{\"a\": 1,}", 1, 9,
	    "here: take away the comma" },
	{ "on its line", "{\n  \"a\": 1,\n  b\n}", 3, 3,
	    "here: a name in double quotes" },
	{ "columns are bytes", "[\"\xc3\xa9\", x]", 1, 8, "is not JSON here" },
	{ "cut off", "[1, 2", 1, 6, "here: it ends too early" },
	{ "nothing", "", 1, 1, "here: there is nothing" },
	{ "something behind", "{} x", 1, 4,
	    "a comma, a quote or a brace is missing or too much" },
	{ "two values", "[1, 2x]", 1, 6,
	    "a comma, a quote or a brace is missing" },
	{ "a name of no text", "[1, {\"[\": 1, b: 2}]", 1, 14,
	    "here: a name in double quotes" },
	{ "single quotes", "['a']", 1, 2, "here: write double quotes" },
	{ "a string that goes on", "[\"a]", 1, 3, "a quote" },
	{ "a NUL", "[\n\"\\u0000\"]", 2, 2, "NUL" },
	{ "the same key twice", "{\"a\": {\"b\": 1, \"b\": 2}}", 0, 0,
	    "has the key \"b\" twice" },
	{ "no UTF-8", "\"\xff\"", 0, 0, "UTF-8" },
};

static void
test_json_error(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(error_rows); i++) {
		const struct error_row *const r = &error_rows[i];
		const struct json *tree = NULL;
		struct json_error error;

		print_message("  %s\n", r->name);
		assert_err(json_parse(*state, str_of(r->text), &error, &tree),
		    ERR_INPUT);
		assert_null(tree);
		assert_holds(str_of(error.what), r->what);
		assert_int_equal(error.line, r->line);
		assert_int_equal(error.column, r->column);
	}
}

static void
test_json_depth(void **state)
{
	for (size_t depth = 1; depth < 1200; depth++) {
		const struct json *tree;
		struct json_error error;
		struct buf b;
		enum err e;

		buf_init(&b, *state, 3 * depth);
		for (size_t i = 0; i < depth; i++)
			buf_add(&b, i % 2 == 0 ? STR("[") : STR("[ "));
		for (size_t i = 0; i < depth; i++)
			buf_addc(&b, ']');
		e = json_parse(*state, buf_str(&b), &error, &tree);
		if (depth <= JSON_MAX_DEPTH)
			assert_err(e, ERR_OK);
		if (depth > JSON_MAX_DEPTH + 1)
			assert_err(e, ERR_INPUT);
		arena_reset(*state);
	}
}

static void
test_json_limit(void **state)
{
	const size_t n = JSON_MAX_BYTES + 1;
	char *const blanks = arena_alloc(*state, n);
	struct json_error error;
	const struct json *tree;

	memset(blanks, ' ', n);
	assert_err(
	    json_parse(*state, bytes_of(blanks, n), &error, &tree), ERR_LIMIT);
	blanks[0] = '1';
	assert_err(
	    json_parse(*state, bytes_of(blanks, n - 1), &error, &tree), ERR_OK);
}

/* Of a document in brackets no beginning is a document. */
static void
test_json_for_all_cuts(void **state)
{
	static const char text[] =
	    "{\"a\":[1,-2.5e3,true,null,\"\\u00e9\\n\"],\"b\":{\"c\":{}}}";
	const struct json *tree;
	struct json_error error;

	for (size_t n = 0; n < sizeof(text) - 1; n++) {
		assert_err(json_parse(*state, bytes_of(text, n), &error, &tree),
		    ERR_INPUT);
		assert_true(error.line <= 1);
		assert_true(error.column <= (int)n + 1);
	}
	(void)parse(*state, bytes_of(text, sizeof(text) - 1));
}

static void
test_json_type_name(void **state)
{
	(void)state;
	assert_string_equal(json_type_name(JSON_NULL), "null");
	assert_string_equal(json_type_name(JSON_BOOL), "true or false");
	assert_string_equal(json_type_name(JSON_NUMBER), "a number");
	assert_string_equal(json_type_name(JSON_STRING), "a string");
	assert_string_equal(json_type_name(JSON_ARRAY), "an array");
	assert_string_equal(json_type_name(JSON_OBJECT), "an object");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_json_parse),
		TEST(test_json_member),
		TEST(test_json_error),
		TEST(test_json_depth),
		TEST(test_json_limit),
		TEST(test_json_for_all_cuts),
		TEST(test_json_type_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
