/* clock: goes forward, and what is left until a deadline is what poll takes. */
#include "base/clock.h"
#include "testing.h"

#include <limits.h>
#include <time.h>

static void
test_clock_wall(void **state)
{
	const int64_t before = (int64_t)time(NULL) * 1000000;
	const int64_t now = clock_wall_us();

	(void)state;
	assert_true(now >= before);
	assert_true(now < before + INT64_C(60000000));
}

static void
test_clock_mono(void **state)
{
	const struct timespec nap = { 0, 20000000 };
	const int64_t before = clock_mono_ms();
	int64_t passed;

	(void)state;
	assert_int_equal(nanosleep(&nap, NULL), 0);
	passed = clock_mono_ms() - before;
	assert_true(passed >= 19);
	assert_true(passed < 20000);
}

static void
test_clock_left(void **state)
{
	const int64_t now = clock_mono_ms();
	const int left = clock_left_ms(now + 10000);

	(void)state;
	assert_true(left > 5000);
	assert_true(left <= 10000);
	assert_int_equal(clock_left_ms(now - 1), 0);
	assert_int_equal(clock_left_ms(0), 0);
	assert_int_equal(
	    clock_left_ms(now + INT64_C(1) * INT_MAX * 2), INT_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clock_wall),
		cmocka_unit_test(test_clock_mono),
		cmocka_unit_test(test_clock_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
