/* facts: the words under which places and reasons are kept. */
#include "flow/facts.h"
#include "testing.h"

static void
test_place_name(void **state)
{
	(void)state;
	assert_null(place_name(PLACE_NONE));
	for (int i = 1; i < PLACE__MAX; i++) {
		for (int k = 1; k < i; k++)
			assert_string_not_equal(place_name((enum place)i),
			    place_name((enum place)k));
	}
	assert_string_equal(place_name(PLACE_RECORDED), "recorded");
	assert_string_equal(place_name(PLACE_REJECTED), "rejected");
}

static void
test_why_name(void **state)
{
	(void)state;
	assert_null(why_name(WHY_NONE));
	for (int i = 1; i < WHY__MAX; i++) {
		for (int k = 1; k < i; k++)
			assert_string_not_equal(
			    why_name((enum why)i), why_name((enum why)k));
	}
	assert_string_equal(why_name(WHY_NOT_ACCEPTED), "not_accepted");
	assert_string_equal(why_name(WHY_BAD_NUMBER), "bad_number");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_place_name),
		cmocka_unit_test(test_why_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
