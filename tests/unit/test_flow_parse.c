/* flow_parse: what stands in a document, and what is assumed where it is silent. */
#include "flow_testing.h"

#include <string.h>

static void
test_flow_parse_office(void **state)
{
	const struct flow *const flow = flow_of_file(*state, "office", 7);
	const struct step *const menu = flow_find_step(flow, STR("welcome"));
	const struct step *const office = flow_find_step(flow, STR("office"));
	const struct step *const message = flow_find_step(flow, STR("message"));

	assert_int_equal(flow->version, 7);
	assert_text(flow->voice.name, "Polly.Joanna-Neural");
	assert_text(flow->voice.language, "en-US");
	assert_ptr_equal(flow_line(flow, STR("+15550100001"))->entry, menu);
	assert_true(str_starts(menu->menu.say, STR("Thank you for calling")));
	assert_int_equal(menu->menu.timeout_s, 6);
	assert_int_equal(menu->menu.tries, 3);
	assert_ptr_equal(menu->menu.otherwise, message);
	assert_ptr_equal(menu->menu.keys[0].to, office);
	assert_ptr_equal(menu->menu.keys[1].to, message);
	assert_text(office->forward.to[0]->id, "reception");
	assert_text(office->forward.to[0]->name, "Reception");
	assert_int_equal(office->forward.ring_s, 25);
	assert_false(office->forward.show_line);
	assert_true(office->forward.accept);
	assert_ptr_equal(office->forward.otherwise, message);
	assert_int_equal(message->voicemail.max_s, 180);
	assert_int_equal(message->voicemail.min_s, 2);
	assert_int_equal(message->voicemail.silence_s, 5);
	assert_false(message->voicemail.transcribe);
}

static void
test_flow_parse_clinic(void **state)
{
	const struct flow *const flow = flow_of_file(*state, "clinic", 8);
	const struct menu *const greeting =
	    &flow_find_step(flow, STR("greeting"))->menu;
	const struct forward *const front =
	    &flow_find_step(flow, STR("front"))->forward;
	const struct forward *const nurses =
	    &flow_find_step(flow, STR("nurses"))->forward;
	const struct forward *const everybody =
	    &flow_find_step(flow, STR("everybody"))->forward;
	const struct voicemail *const letterbox =
	    &flow_find_step(flow, STR("letterbox"))->voicemail;

	assert_int_equal(flow->n_lines, 4);
	assert_int_equal(flow->n_phones, 3);
	assert_absent(flow->voice.name);
	assert_absent(flow->voice.language);
	assert_text(flow_find_phone(flow, STR("doctor"))->name, "doctor");
	assert_int_equal(greeting->keys[0].key, '*');
	assert_int_equal(greeting->keys[1].key, '#');
	assert_int_equal(greeting->keys[2].key, '0');
	assert_int_equal(greeting->n_keys, 4);
	assert_false(front->accept);
	assert_true(front->show_line);
	assert_int_equal(front->max_s, 60);
	assert_true(nurses->in_turn);
	assert_int_equal(nurses->n_to, 2);
	assert_int_equal(nurses->ring_s, 600);
	assert_true(nurses->accept);
	assert_text(everybody->accept_say, "{caller} calls {line}.");
	assert_text(everybody->to[2]->number, "+15550100703");
	assert_true(letterbox->transcribe);
	assert_int_equal(letterbox->silence_s, 0);
	assert_holds(letterbox->thanks, "Thank you, {caller}.");
}

#define DEFAULTS                                                               \
	"{ 'lines': { '+15550100001': { 'entry': 'm' } },"                     \
	"  'phones': { 'p': { 'number': '+15550100777' } },"                   \
	"  'steps': {"                                                         \
	"    'm': { 'menu': { 'say': 'x', 'keys': { '1': 'f' },"               \
	"           'otherwise': 'v' } },"                                     \
	"    'f': { 'forward': { 'to': ['p'], 'otherwise': 'v' } },"           \
	"    'v': { 'voicemail': { 'say': 'y' } } } }"

static void
test_flow_parse_defaults(void **state)
{
	const struct flow *const flow = flow_of_text(*state, DEFAULTS);
	const struct menu *const m = &flow_find_step(flow, STR("m"))->menu;
	const struct forward *const f =
	    &flow_find_step(flow, STR("f"))->forward;
	const struct voicemail *const v =
	    &flow_find_step(flow, STR("v"))->voicemail;

	assert_text(flow->phones[0].name, "p");
	assert_int_equal(m->timeout_s, 6);
	assert_int_equal(m->tries, 3);
	assert_int_equal(f->ring_s, 25);
	assert_int_equal(f->max_s, 14400); /* Twilio's own limit */
	assert_false(f->in_turn);
	assert_false(f->show_line);
	assert_true(f->accept); /* on unless it is turned off */
	assert_holds(f->accept_say, "Press any key");
	assert_absent(v->thanks);
	assert_int_equal(v->max_s, 180);
	assert_int_equal(v->min_s, 2);
	assert_int_equal(v->silence_s, 5);
	assert_false(v->transcribe);
}

static void
test_flow_parse_anonymous(void **state)
{
	const struct flow *const flow = flow_of_file(*state, "private", 7);
	const struct flow *const office = flow_of_file(*state, "office", 7);

	assert_true(flow_line(flow, STR("+15550100001"))->reject_anonymous);
	assert_false(flow_line(flow, STR("+15550100002"))->reject_anonymous);
	assert_false(flow_line(office, STR("+15550100001"))->reject_anonymous);
}

static const struct notify_row {
	const char *name, *members; /* of the line */
	size_t n_email;
	const char *last;    /* address; NULL: none */
	const char *webhook; /* NULL: none */
	bool voicemail, missed;
} notifies[] = {
	{ "nobody", "", 0, NULL, NULL, true, true },
	{ "by e-mail",
	    ", 'notify': { 'email': ['a@b.example', 'c@b.example'] }", 2,
	    "c@b.example", NULL, true, true },
	{ "by webhook, of messages alone",
	    ", 'notify': { 'webhook': 'https://a.example/x?y', 'missed': false }",
	    0, NULL, "https://a.example/x?y", true, false },
	{ "by both, of missed calls alone, on this machine",
	    ", 'notify': { 'email': ['a@b.example'], 'voicemail': false, "
	    "'missed': true, 'webhook': 'http://localhost:8025' }",
	    1, "a@b.example", "http://localhost:8025", false, true },
};

static void
test_flow_parse_notify(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(notifies); i++) {
		const struct notify_row *const r = &notifies[i];
		const struct str document = str_format(*state,
		    "{ 'lines': { '*': { 'entry': 'v' %s } },"
		    "  'steps': { 'v': { 'voicemail': { 'say': 'y' } } } }",
		    r->members);
		const struct notify *const notify = &flow_line(
		    flow_of_text(*state, document.p), STR("+15550100001"))
							 ->notify;

		print_message("  %s\n", r->name);
		assert_int_equal(notify->n_email, r->n_email);
		if (r->last != NULL)
			assert_text(notify->email[r->n_email - 1], r->last);
		assert_str(notify->webhook, str_of(r->webhook));
		assert_int_equal(notify->voicemail, r->voicemail);
		assert_int_equal(notify->missed, r->missed);
	}
}

static const struct accept_row {
	const char *name, *value;
	bool accept;
	const char *say; /* a part of it */
} accepts[] = {
	{ "off", "false", false, "Press any key" },
	{ "on", "true", true, "Press any key" },
	{ "with a text", "{ 'say': 'Take it, {caller}?' }", true, "Take it" },
	{ "without a text", "{}", true, "Press any key" },
};

static void
test_flow_parse_accept(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(accepts); i++) {
		const struct str document = str_format(*state,
		    "{ 'lines': { '*': { 'entry': 'f' } },"
		    "  'phones': { 'p': { 'number': '+15550100777' } },"
		    "  'steps': { 'f': { 'forward': { 'to': ['p'],"
		    "    'accept': %s, 'otherwise': 'v' } },"
		    "    'v': { 'voicemail': { 'say': 'y' } } } }",
		    accepts[i].value);
		const struct flow *const flow =
		    flow_of_text(*state, document.p);

		print_message("  %s\n", accepts[i].name);
		assert_int_equal(
		    flow->steps[0].forward.accept, accepts[i].accept);
		assert_holds(flow->steps[0].forward.accept_say, accepts[i].say);
	}
}

/* No beginning of a document is a flow; each says what is wrong. */
static void
test_flow_parse_for_all_cuts(void **state)
{
	const struct str whole =
	    str_trim(testing_file(*state, "data/flows/office.json"));
	const struct flow *flow = NULL;

	for (size_t n = 0; n + 2 < whole.n; n++) {
		struct flow_errors errors;

		assert_err(flow_parse(*state, str_slice(whole, 0, n), 7,
			       &errors, &flow),
		    ERR_INPUT);
		assert_true(errors.n > 0);
		assert_true(errors.list[0].text.n > 0);
	}
	assert_null(flow);
}

/* The longest names, texts and lists that are allowed are flows. */
static void
test_flow_parse_at_the_limits(void **state)
{
	struct str steps = STR("");
	struct str lines = STR("");
	struct str phones = STR("");
	const struct flow *flow;

	for (int i = 0; i < FLOW_MAX_STEPS; i++) {
		steps = str_format(*state,
		    "%.*s%s'%064d': { 'voicemail': { 'say': '%0*d' } }",
		    STR_ARG(steps), i == 0 ? "" : ",", i,
		    i == 0 ? FLOW_SAY_MAX : 3, i);
		lines = str_format(*state,
		    "%.*s%s'+15550%06d': { 'entry': '%064d', 'name': '%064d' }",
		    STR_ARG(lines), i == 0 ? "" : ",", i, i, i);
		phones = str_format(*state,
		    "%.*s%s'%064d': { 'number': '+15550%010d' }",
		    STR_ARG(phones), i == 0 ? "" : ",", i, i);
	}
	flow = flow_of_text(*state,
	    str_format(*state,
		"{ 'lines': { %.*s }, 'phones': { %.*s }, 'steps': { %.*s } }",
		STR_ARG(lines), STR_ARG(phones), STR_ARG(steps))
		.p);
	assert_int_equal(flow->n_steps, FLOW_MAX_STEPS);
	assert_int_equal(flow->n_lines, FLOW_MAX_LINES);
	assert_int_equal(flow->n_phones, FLOW_MAX_PHONES);
	assert_int_equal(flow->steps[0].voicemail.say.n, FLOW_SAY_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_flow_parse_office),
		TEST(test_flow_parse_clinic),
		TEST(test_flow_parse_defaults),
		TEST(test_flow_parse_anonymous),
		TEST(test_flow_parse_notify),
		TEST(test_flow_parse_accept),
		TEST(test_flow_parse_for_all_cuts),
		TEST(test_flow_parse_at_the_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
