/* json: what RFC 8259 allows is read, all else refused, whatever the library
 * beneath would let pass. */
#include "codec/json.h"
#include "testing.h"

static const struct row {
	const char *name;
	struct str text;
	bool ok;
} rows[] = {
	{ "a string alone", STR_INIT("\"a\""), true },
	{ "a number alone", STR_INIT("-0.5E+2"), true },
	{ "zero", STR_INIT("0"), true },
	{ "white space around it", STR_INIT(" \t\r\n1 \t\r\n"), true },
	{ "every escape", STR_INIT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\""),
	    true },
	{ "DEL in a string", STR_INIT("\"\x7f\""), true },
	{ "a backslash before u0000", STR_INIT("\"\\\\u0000\""), true },
	{ "a key that looks like a NUL", STR_INIT("{\"\\\\u0000\": 1}"), true },
	{ "no value", STR_INIT(" "), false },
	{ "single quotes", STR_INIT("'a'"), false },
	{ "a comment", STR_INIT("1 // one"), false },
	{ "a key without quotes", STR_INIT("{a: 1}"), false },
	{ "a value without key", STR_INIT("{1}"), false },
	{ "a comma at the end", STR_INIT("[1,]"), false },
	{ "an unknown word", STR_INIT("nil"), false },
	{ "a word in capitals", STR_INIT("True"), false },
	{ "NaN", STR_INIT("NaN"), false },
	{ "Infinity", STR_INIT("-Infinity"), false },
	{ "an unknown escape", STR_INIT("\"\\x41\""), false },
	{ "an escape cut off", STR_INIT("\"\\u00\""), false },
	{ "a high surrogate alone", STR_INIT("\"\\ud83d\""), false },
	{ "a low surrogate alone", STR_INIT("\"\\ude00\""), false },
	{ "two high surrogates", STR_INIT("\"\\ud83d\\ud83d\""), false },
	{ "an escaped NUL", STR_INIT("\"a\\u0000b\""), false },
	{ "an escaped NUL in a key", STR_INIT("{\"\\u0000\": 1}"), false },
	{ "a NUL in a string", STR_INIT("\"a\0b\""), false },
	{ "a NUL in a string and an escaped one behind it",
	    STR_INIT("[\"a\0b\", \"\\u0000\"]"), false },
	{ "a NUL in a key", STR_INIT("{\"a\0b\": 1}"), false },
	{ "a NUL behind the value", STR_INIT("1\0"), false },
	{ "a NUL between tokens",
	    STR_INIT("[\0"
		     "1]"),
	    false },
	{ "a line end in a string", STR_INIT("\"a\nb\""), false },
	{ "a tab in a string", STR_INIT("\"a\tb\""), false },
	{ "a control character between tokens",
	    STR_INIT("[\x01"
		     "1]"),
	    false },
	{ "a leading zero", STR_INIT("[01]"), false },
	{ "a point without digits behind it", STR_INIT("[1.]"), false },
	{ "an exponent without digits", STR_INIT("[1e]"), false },
	{ "a minus alone", STR_INIT("[-]"), false },
	{ "a plus before a number", STR_INIT("[+1]"), false },
	{ "a hexadecimal number", STR_INIT("[0x10]"), false },
	{ "a surrogate in UTF-8", STR_INIT("\"\xed\xa0\x80\""), false },
};

static void
test_json_reads_json_and_nothing_else(void **state)
{
	bool ok = true;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct json *tree;
		struct json_error error;
		const enum err e =
		    json_parse(*state, rows[i].text, &error, &tree);

		if ((e == ERR_OK) == rows[i].ok)
			continue;
		print_error("%s: %s, should be %s\n", rows[i].name,
		    e == ERR_OK ? "read" : error.what,
		    rows[i].ok ? "read" : "refused");
		ok = false;
	}
	assert_true(ok);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_json_reads_json_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
