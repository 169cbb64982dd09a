/* flow_set: which version is in force, and snapshots, whole or broken. */
#include "flow/flow_set.h"
#include "flow_testing.h"

#include <string.h>

#define AT(seconds) (INT64_C(1795338000000000) + (seconds) * INT64_C(1000000))

static struct flow_set *
builtin_set(struct arena *arena)
{
	return flow_set_new(
	    arena, flow_builtin(arena, STR("+15550100001"), STR_ABSENT));
}

/* A snapshot of versions 3, 4, ... published at these seconds. */
static struct str
snapshot(struct arena *arena, const int *seconds, size_t n)
{
	const struct str document = testing_file(arena, "data/flows/bare.json");
	struct flow_version *const versions =
	    ARENA_ARRAY(arena, n, struct flow_version);
	struct str out;

	for (size_t i = 0; i < n; i++)
		versions[i] = (struct flow_version){ (int)i + 3, AT(seconds[i]),
			document };
	assert_err(
	    flow_set_render(arena, versions, n, STR_ABSENT, &out), ERR_OK);
	return out;
}

static struct flow_set *
set_of(struct arena *arena, const int *seconds, size_t n)
{
	struct flow_set *const set = builtin_set(arena);
	struct str why = STR("");

	if (flow_set_parse(arena, snapshot(arena, seconds, n), set, &why) !=
	    ERR_OK)
		fail_msg("%.*s", STR_ARG(why));
	assert_int_equal(set->n, n);
	return set;
}

static void
test_flow_set_of_nothing(void **state)
{
	const struct flow_set *const set = builtin_set(*state);

	assert_int_equal(flow_set_entry(set, AT(0))->version, 0);
	assert_int_equal(flow_set_at(set, 0)->version, 0);
	assert_int_equal(flow_set_at(set, 3)->version, 0);
	assert_int_equal(flow_set_at(set, -1)->version, 0);
	assert_int_equal(
	    flow_set_entry(set_of(*state, NULL, 0), AT(0))->version, 0);
}

static const struct entry_row {
	const char *name;
	int published[3];
	size_t n;
	int now, want;
} entries[] = {
	{ "the first of all counts at once", { 0 }, 1, 0, 3 },
	{ "even before its own time", { 0 }, 1, -100, 3 },
	{ "the second after 30 s", { 0, 100 }, 2, 130, 4 },
	{ "not a second before", { 0, 100 }, 2, 129, 3 },
	{ "the second while the first is young", { 0, 1 }, 2, 10, 3 },
	{ "the last of several", { 0, 100, 200 }, 3, 1000, 5 },
	{ "one that is in force between two", { 0, 100, 200 }, 3, 229, 4 },
	{ "two of one moment", { 0, 100, 100 }, 3, 130, 5 },
	{ "long afterwards", { 0, 100 }, 2, 100000, 4 },
};

static void
test_flow_set_entry(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(entries); i++) {
		const struct entry_row *const r = &entries[i];
		const struct flow_set *const set =
		    set_of(*state, r->published, r->n);

		print_message("  %s\n", r->name);
		assert_int_equal(
		    flow_set_entry(set, AT(r->now))->version, r->want);
	}
}

static void
test_flow_set_entry_to_the_microsecond(void **state)
{
	const struct flow_set *const set =
	    set_of(*state, (const int[]){ 0, 100 }, 2);

	assert_int_equal(flow_set_entry(set, AT(130) - 1)->version, 3);
	assert_int_equal(flow_set_entry(set, AT(130))->version, 4);
}

/* A call ends on the version it began with; one that is lost is the builtin. */
static void
test_flow_set_at(void **state)
{
	const struct flow_set *const set =
	    set_of(*state, (const int[]){ 0, 100, 200 }, 3);

	for (int v = 3; v < 6; v++)
		assert_int_equal(flow_set_at(set, v)->version, v);
	assert_ptr_equal(flow_set_at(set, 2), set->builtin);
	assert_ptr_equal(flow_set_at(set, 6), set->builtin);
	assert_ptr_equal(flow_set_at(set, 0), set->builtin);
	assert_ptr_equal(flow_set_at(set, -1), set->builtin);
}

#define BARE                                                                   \
	"\"{\\\"lines\\\":{\\\"*\\\":{\\\"entry\\\":\\\"m\\\"}},"              \
	"\\\"steps\\\":{\\\"m\\\":{\\\"voicemail\\\":{\\\"say\\\":\\\"x\\\"}"  \
	"}}}\""
#define VERSION(n, time, document)                                             \
	"{\"versions\":[{\"version\":" n ",\"published_at\":" time             \
	",\"document\":" document "}]}"
#define TIME "\"2026-11-22T09:00:00.000Z\""

static const struct broken_row {
	const char *name;
	const char *json;
	const char *why; /* a part of it; NULL: it is whole */
} broken[] = {
	{ "a whole one", VERSION("7", TIME, BARE), NULL },
	{ "an empty file", "", "line 1, column 1: is not JSON here" },
	{ "a file that was cut", "{\"versions\":[", "is not JSON here" },
	{ "a list", "[]", "it has no versions" },
	{ "no versions", "{}", "it has no versions" },
	{ "versions that are none", "{\"versions\":{}}", "it has no versions" },
	{ "a version that is none", "{\"versions\":[1]}", "lacks its number" },
	{ "no number",
	    "{\"versions\":[{\"published_at\":" TIME ",\"document\":" BARE
	    "}]}",
	    "lacks its number" },
	{ "a number in quotes", VERSION("\"7\"", TIME, BARE),
	    "lacks its number" },
	{ "version 0 is the compiled-in one", VERSION("0", TIME, BARE),
	    "lacks its number" },
	{ "a number too large", VERSION("2000000001", TIME, BARE),
	    "lacks its number" },
	{ "no time", "{\"versions\":[{\"version\":7,\"document\":" BARE "}]}",
	    "lacks its number" },
	{ "a time that is none", VERSION("7", "\"today\"", BARE),
	    "lacks its number" },
	{ "a time that is a number", VERSION("7", "0", BARE),
	    "lacks its number" },
	{ "no document",
	    "{\"versions\":[{\"version\":7,\"published_at\":" TIME "}]}",
	    "lacks its number" },
	{ "a document that is an object", VERSION("7", TIME, "{}"),
	    "lacks its number" },
	{ "a document that is no flow", VERSION("7", TIME, "\"{}\""),
	    "version 7: steps is missing" },
	{ "blocks that are none",
	    "{\"versions\":[],\"blocks\":[\"+15550100009\"]}",
	    "its blocks are no numbers" },
	{ "a block that is no number",
	    "{\"versions\":[],\"blocks\":\"+15550100009 anna\"}",
	    "its blocks are no numbers" },
};

/* A snapshot of a program that knew of no blocks; and one that knows of none. */
static void
test_flow_set_without_blocks(void **state)
{
	static const char *const snapshots[] = { "{\"versions\":[]}",
		"{\"versions\":[],\"blocks\":\"\"}" };

	for (size_t i = 0; i < ARRAY_LEN(snapshots); i++) {
		struct flow_set *const set = builtin_set(*state);
		struct str why;

		assert_err(
		    block_list_parse(*state, STR("+15550100009"), &set->blocks),
		    ERR_OK);
		assert_err(
		    flow_set_parse(*state, str_of(snapshots[i]), set, &why),
		    ERR_OK);
		assert_false(block_list_has(&set->blocks, STR("+15550100009")));
	}
}

static void
test_flow_set_parse(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
		const struct broken_row *const r = &broken[i];
		struct flow_set *const set =
		    set_of(*state, (const int[]){ 0, 100 }, 2);
		const struct flow_set before = *set;
		struct str why = STR("");
		const enum err e =
		    flow_set_parse(*state, str_of(r->json), set, &why);

		print_message("  %s\n", r->name);
		if (r->why == NULL) {
			assert_err(e, ERR_OK);
			assert_int_equal(set->n, 1);
			assert_int_equal(set->flows[0]->version, 7);
			continue;
		}
		assert_err(e, ERR_INPUT);
		assert_holds(why, r->why);
		assert_int_equal(set->n, before.n); /* left alone */
		assert_ptr_equal(set->flows, before.flows);
		assert_ptr_equal(set->flows[1], before.flows[1]);
	}
}

/* A document comes back to the byte, a time to the millisecond. */
static void
test_flow_set_round_trip(void **state)
{
	const struct flow_version versions[] = {
		{ 1, AT(0) + 123456,
		    testing_file(*state, "data/flows/office.json") },
		{ 2000000000, AT(1),
		    testing_file(*state, "data/flows/clinic.json") },
	};
	struct flow_set *const set = builtin_set(*state);
	struct str json;
	struct str why;

	assert_err(flow_set_render(*state, versions, 2,
		       STR("+15550100009 +4420718387"), &json),
	    ERR_OK);
	assert_err(flow_set_parse(*state, json, set, &why), ERR_OK);
	assert_int_equal(set->n, 2);
	assert_int_equal(set->blocks.n, 2);
	assert_true(block_list_has(&set->blocks, STR("+4420718387")));
	assert_int_equal(set->published_us[0], AT(0) + 123000);
	assert_int_equal(set->flows[0]->version, 1);
	assert_int_equal(set->flows[1]->version, 2000000000);
	assert_int_equal(flow_set_at(set, 2000000000)->n_lines, 4);
	assert_ptr_equal(flow_set_at(set, 5), set->builtin);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_flow_set_of_nothing),
		TEST(test_flow_set_entry),
		TEST(test_flow_set_entry_to_the_microsecond),
		TEST(test_flow_set_at),
		TEST(test_flow_set_parse),
		TEST(test_flow_set_without_blocks),
		TEST(test_flow_set_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
