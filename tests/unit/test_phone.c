/* phone: what is a number in E.164, and how the others are kept and said. */
#include "codec/phone.h"
#include "testing.h"

static const struct row {
	const char *name;
	const char *in;
	bool e164;
	const char *canonical; /* NULL: as sent */
} rows[] = {
	{ "a number", "+15550100001", true, NULL },
	{ "the shortest", "+1234567", true, NULL },
	{ "the longest", "+123456789012345", true, NULL },
	{ "one digit too few", "+123456", false, NULL },
	{ "one digit too many", "+1234567890123456", false, NULL },
	{ "no country begins with 0", "+05550100001", false, NULL },
	{ "an unescaped plus is a space", " 15550100001", false,
	    "+15550100001" },
	{ "a space and too few digits", " 123456", false, NULL },
	{ "two spaces", "  15550100001", false, NULL },
	{ "no plus", "15550100001", false, NULL },
	{ "blanks inside", "+1 555 010 0001", false, NULL },
	{ "a letter", "+1555010000a", false, NULL },
	{ "a plus alone", "+", false, NULL },
	{ "two characters are shown", "ab", false, NULL },
	{ "a SIP address", "sip:a@b.example", false, NULL },
	{ "a client", "client:anna", false, NULL },
	{ "anonymous", "anonymous", false, NULL },
	{ "nothing", "", false, NULL },
};

static void
test_phone(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *const r = &rows[i];
		const struct str in = str_of(r->in);
		const char *const want =
		    r->canonical == NULL ? r->in : r->canonical;

		print_message("  %s\n", r->name);
		assert_int_equal(phone_is_e164(in), r->e164);
		assert_text(phone_canonical(*state, in), want);
	}
	assert_false(phone_is_e164(STR_ABSENT));
	assert_absent(phone_canonical(*state, STR_ABSENT));
	assert_false(phone_is_e164(STR("+1555010\0001")));
}

static void
test_phone_spell(void **state)
{
	assert_text(phone_spell(*state, STR("+15550100")), "1 5 5 5 0 1 0 0");
	assert_absent(phone_spell(*state, STR("anonymous")));
	assert_absent(phone_spell(*state, STR(" 15550100")));
	assert_absent(phone_spell(*state, STR_ABSENT));
}

/* Kept once, kept for ever; and a plus or the space it became is one number. */
static void
test_phone_canonical_is_stable(void **state)
{
	struct random r = random_begin();

	for (int i = 0; i < 5000; i++) {
		const struct str s = random_text(&r, *state, 18, "+ 0159a");
		const struct str once = phone_canonical(*state, s);

		assert_str(phone_canonical(*state, once), once);
		if (phone_is_e164(s)) {
			char *const spaced = str_cstr(*state, s);

			*spaced = ' ';
			assert_str(
			    phone_canonical(*state, bytes_of(spaced, s.n)), s);
		}
	}
}

static const struct grouped_row {
	const char *in, *out;
} grouped[] = {
	{ "+15550100009", "+1 555 010 0009" },
	{ "+1555010000", "+1555010000" },
	{ "+155501000099", "+155501000099" },
	{ "+4930901820", "+4930901820" },
	{ "+49309018200", "+49309018200" },
	{ "15550100009", "15550100009" },
	{ "anonymous", "anonymous" },
	{ "", "" },
};

static void
test_phone_grouped(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(grouped); i++)
		assert_text(phone_grouped(*state, str_of(grouped[i].in)),
		    grouped[i].out);
	assert_absent(phone_grouped(*state, STR_ABSENT));
}

static const struct withheld_row {
	const char *in;
	bool withheld;
} withheld[] = {
	{ "", true },
	{ "anonymous", true },
	{ "Anonymous", true },
	{ "RESTRICTED", true },
	{ "unknown", true },
	{ "+", true },
	{ "+266696687", true },
	{ "+7378742883", true },
	{ "+86282452253", true },
	{ "+8656696", true },
	{ "+2562533", true },
	{ "sip:anonymous@anonymous.invalid", true },
	{ "SIPS:Anonymous@pbx.example.com", true },
	{ "sip:anonymous", true },
	{ "+15550100009", false },
	{ "+2666966870", false },
	{ "15550100009", false },
	{ "0612345678", false },
	{ "12345", false }, /* a short code is somebody's */
	{ "sip:anna@pbx.example.com", false },
	{ "sip:anonymous2@pbx.example.com", false },
	{ "client:anonymous", false },
	{ "client:anna", false },
};

static void
test_phone_is_withheld(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(withheld); i++) {
		print_message("  %s\n", withheld[i].in);
		assert_int_equal(phone_is_withheld(str_of(withheld[i].in)),
		    withheld[i].withheld);
	}
	assert_true(phone_is_withheld(STR_ABSENT));
}

/* Nobody who can be blocked by number is turned away for having none. */
static void
test_phone_is_withheld_or_a_caller(void **state)
{
	struct random r = random_begin();

	for (int i = 0; i < 5000; i++) {
		const struct str s = random_text(&r, *state, 14, "+0123456789");

		if (phone_is_e164(s))
			assert_int_equal(
			    phone_is_withheld(s), !phone_is_caller(s));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_phone_is_withheld),
		TEST(test_phone_is_withheld_or_a_caller),
		TEST(test_phone_grouped),
		TEST(test_phone),
		TEST(test_phone_spell),
		TEST(test_phone_canonical_is_stable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
