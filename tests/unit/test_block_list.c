/* block_list: who is on it, against a plain search; and texts that are none. */
#include "flow/block_list.h"
#include "testing.h"

#include <string.h>

static struct block_list
list_of(struct arena *arena, struct str text)
{
	struct block_list list = { 0 };

	assert_err(block_list_parse(arena, text, &list), ERR_OK);
	return list;
}

static const struct row {
	const char *name;
	const char *from;
	bool has;
} rows[] = {
	{ "the first", "+15550100009", true },
	{ "one in the middle", "+4420718387", true },
	{ "the shortest", "+1234567", true },
	{ "the longest", "+999999999999999", true },
	{ "another number", "+15550100010", false },
	{ "the beginning of one", "+1555010000", false },
	{ "one with a digit more", "+155501000090", false },
	{ "the same digits without a plus", "15550100009", false },
	{ "a plus that became a blank", " 15550100009", false },
	{ "with blanks in it", "+1 555 010 0009", false },
	{ "a SIP address of it", "sip:+15550100009@pbx.example.com", false },
	{ "the same in capitals", "SIP:+15550100009@PBX.EXAMPLE.COM", false },
	{ "a client of that name", "client:+15550100009", false },
	{ "a withheld number", "anonymous", false },
	{ "nothing", "", false },
};

static void
test_block_list_has(void **state)
{
	const struct block_list list = list_of(
	    *state, STR("+15550100009 +999999999999999 +4420718387 +1234567"));

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		print_message("  %s\n", rows[i].name);
		assert_int_equal(
		    block_list_has(&list, str_of(rows[i].from)), rows[i].has);
	}
	assert_false(block_list_has(&list, STR_ABSENT));
}

static void
test_block_list_of_nobody(void **state)
{
	const struct block_list none = { 0 };

	assert_int_equal(list_of(*state, STR("")).n, 0);
	assert_int_equal(list_of(*state, STR_ABSENT).n, 0);
	assert_false(block_list_has(&none, STR("+15550100009")));
	assert_false(block_list_has(&none, STR("")));
}

static void
test_block_list_of_what_is_none(void **state)
{
	static const char *const texts[] = { "anna", "15550100009", " ",
		"+15550100009 ", " +15550100009", "+15550100009  +15550100010",
		"+15550100009,+15550100010", "+05550100009", "+15550100009 +1",
		"+15550100009\n" };
	struct block_list list = { .n = 7 };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_err(block_list_parse(*state, str_of(texts[i]), &list),
		    ERR_INPUT);
	assert_int_equal(list.n, 7); /* left alone */
}

/* Numbers as dense as callers' are: what is on it is found, nothing else is. */
static void
test_block_list_any(void **state)
{
	struct random r = random_begin();

	for (int round = 0; round < 50; round++) {
		bool on[500] = { false };
		struct str text = STR("");
		struct block_list list;

		for (size_t i = random_below(&r, 60); i > 0; i--) {
			const size_t number = random_below(&r, 500);

			on[number] = true;
			text = str_format(*state, "%.*s%s+1555010%04zu",
			    STR_ARG(text), text.n == 0 ? "" : " ", number);
		}
		list = list_of(*state, text);
		for (size_t i = 0; i < 500; i++)
			assert_int_equal(
			    block_list_has(
				&list, str_format(*state, "+1555010%04zu", i)),
			    on[i]);
	}
}

/* As many as there may be, and one more. */
static void
test_block_list_is_full(void **state)
{
	const size_t bytes = sizeof("+4930000000000") - 1;
	char *const text =
	    arena_alloc(*state, (bytes + 1) * BLOCK_LIST_MAX + 64);
	struct block_list list;
	size_t n = 0;

	for (int i = 0; i < BLOCK_LIST_MAX; i++) {
		const struct str one = str_format(*state, "%s+4930%09d",
		    i == 0 ? "" : " ", BLOCK_LIST_MAX - i);

		memcpy(text + n, one.p, one.n);
		n += one.n;
	}
	list = list_of(*state, bytes_of(text, n));
	assert_int_equal(list.n, BLOCK_LIST_MAX);
	assert_true(block_list_has(&list, STR("+4930000000001")));
	assert_true(block_list_has(&list, STR("+4930000010000")));
	assert_false(block_list_has(&list, STR("+4930000010001")));
	memcpy(text + n, " +4930000010001", bytes + 1);
	assert_err(
	    block_list_parse(*state, bytes_of(text, n + bytes + 1), &list),
	    ERR_LIMIT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_block_list_has),
		TEST(test_block_list_of_nobody),
		TEST(test_block_list_of_what_is_none),
		TEST(test_block_list_any),
		TEST(test_block_list_is_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
