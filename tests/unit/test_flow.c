/* flow: looking things up, and the flow when nothing was published. */
#include "flow_testing.h"

#include <string.h>

static void
test_flow_line(void **state)
{
	const struct flow *const office = flow_of_file(*state, "office", 7);
	const struct flow *const clinic = flow_of_file(*state, "clinic", 8);

	assert_text(
	    flow_line(office, STR("+15550100001"))->name, "Main number");
	assert_null(flow_line(office, STR("+15550100002")));
	assert_null(flow_line(office, STR_ABSENT));
	assert_text(
	    flow_line(clinic, STR("+15550100003"))->name, "Emergencies");
	assert_text(
	    flow_line(clinic, STR("+15550100001"))->name, "Switchboard");
	assert_text(
	    flow_line(clinic, STR("sip:a@b.example"))->name, "Switchboard");
	assert_text(flow_line(clinic, STR_ABSENT)->name, "Switchboard");
	assert_text(flow_line(clinic, STR("*"))->name, "Switchboard");
}

static void
test_flow_find(void **state)
{
	const struct flow *const flow = flow_of_file(*state, "office", 7);

	assert_text(flow_find_step(flow, STR("office"))->name, "office");
	assert_null(flow_find_step(flow, STR("Office")));
	assert_null(flow_find_step(flow, STR("")));
	assert_null(flow_find_step(flow, STR_ABSENT));
	assert_text(
	    flow_find_phone(flow, STR("reception"))->number, "+15550100777");
	assert_null(flow_find_phone(flow, STR("Reception")));
	assert_null(flow_find_phone(flow, STR_ABSENT));
}

static void
test_flow_builtin_with_a_phone(void **state)
{
	const struct flow *const flow =
	    flow_builtin(*state, STR("+15550100001"), STR("+15550100777"));
	const struct step *const menu = flow_line(flow, STR_ABSENT)->entry;

	assert_int_equal(flow->version, 0);
	assert_int_equal(menu->kind, STEP_MENU);
	assert_ptr_equal(flow_line(flow, STR("+15550100001"))->entry, menu);
	assert_int_equal(menu->menu.n_keys, 2);
	assert_int_equal(menu->menu.keys[0].key, '1');
	assert_int_equal(menu->menu.keys[0].to->kind, STEP_FORWARD);
	assert_true(menu->menu.keys[0].to->forward.accept);
	assert_text(
	    menu->menu.keys[0].to->forward.to[0]->number, "+15550100777");
	assert_int_equal(menu->menu.keys[1].key, '2');
	assert_int_equal(menu->menu.keys[1].to->kind, STEP_VOICEMAIL);
}

static void
test_flow_builtin_without(void **state)
{
	const struct flow *const flow =
	    flow_builtin(*state, STR_ABSENT, STR_ABSENT);

	assert_int_equal(flow->n_lines, 1);
	assert_int_equal(flow->n_phones, 0);
	assert_int_equal(
	    flow_line(flow, STR("client:anna"))->entry->kind, STEP_VOICEMAIL);
	assert_int_equal(
	    flow_builtin(*state, STR("+15550100001"), STR(""))->n_lines, 2);
}

/* One's own flow begins with it, so it is a document like any other. */
static void
test_flow_builtin_json(void **state)
{
	const struct str lines[] = { STR("+15550100001"), STR_ABSENT };
	const struct str phones[] = { STR("+15550100777"), STR_ABSENT };

	for (size_t i = 0; i < 4; i++) {
		const struct str json =
		    flow_builtin_json(*state, lines[i % 2], phones[i / 2]);
		struct flow_errors errors;
		const struct flow *flow;

		assert_err(flow_parse(*state, json, 3, &errors, &flow), ERR_OK);
		assert_int_equal(flow->version, 3);
		assert_int_equal(flow->n_lines, i % 2 == 0 ? 2 : 1);
		assert_int_equal(flow->n_phones, i / 2 == 0 ? 1 : 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_flow_line),
		TEST(test_flow_find),
		TEST(test_flow_builtin_with_a_phone),
		TEST(test_flow_builtin_without),
		TEST(test_flow_builtin_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
