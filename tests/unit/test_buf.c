/* buf: grows up to its cap, and what does not fit is said once. */
#include "base/buf.h"
#include "testing.h"

static void
test_buf_holds_what_was_added(void **state)
{
	struct buf b;

	buf_init(&b, *state, 100);
	assert_str(buf_str(&b), STR(""));
	buf_add(&b, STR("ab"));
	buf_addc(&b, 'c');
	buf_addf(&b, "%d%s", 42, "!");
	buf_add(&b, STR(""));
	buf_add(&b, STR_ABSENT);
	buf_addf(&b, "%s", "");
	assert_text(buf_str(&b), "abc42!");
	assert_err(buf_close(&b), ERR_OK);
}

/* Against a plain array: any pieces, any cap. */
static void
test_buf_agrees_with_a_plain_array(void **state)
{
	struct random r = random_begin();

	for (int round = 0; round < 300; round++) {
		const size_t max = random_below(&r, 5000);
		char model[6000];
		size_t n = 0;
		bool full = false;
		struct buf b;

		buf_init(&b, *state, max);
		while (!full && random_below(&r, 40) > 0) {
			const struct str piece = random_bytes(&r, *state, 900);

			buf_add(&b, piece);
			full = piece.n > max - n;
			for (size_t i = 0; !full && i < piece.n; i++)
				model[n++] = piece.p[i];
		}
		assert_str(buf_str(&b), bytes_of(model, n));
		assert_err(buf_close(&b), full ? ERR_LIMIT : ERR_OK);
		arena_reset(*state);
	}
}

static void
test_buf_error_is_sticky(void **state)
{
	struct buf b;

	buf_init(&b, *state, 3);
	buf_add(&b, STR("ab"));
	buf_add(&b, STR("cd"));
	assert_err(buf_close(&b), ERR_LIMIT);
	buf_addc(&b, 'c'); /* would fit, but the document has a hole */
	buf_addf(&b, "%d", 1);
	assert_text(buf_str(&b), "ab");
	assert_err(buf_close(&b), ERR_LIMIT);
}

static void
test_buf_fills_to_its_cap(void **state)
{
	for (size_t max = 0; max < 1100; max++) {
		struct buf b;

		buf_init(&b, *state, max);
		for (size_t i = 0; i < max; i++)
			buf_addc(&b, 'x');
		assert_err(buf_close(&b), ERR_OK);
		assert_int_equal(buf_str(&b).n, max);
		buf_addc(&b, 'x');
		assert_err(buf_close(&b), ERR_LIMIT);
		assert_int_equal(buf_str(&b).n, max);
		arena_reset(*state);
	}
}

static void
test_buf_addf_of_any_length(void **state)
{
	struct buf b;

	buf_init(&b, *state, SIZE_MAX);
	for (int n = 0; n < 3000; n++) {
		buf_addf(&b, "%*s", n, "x");
		assert_int_equal(buf_str(&b).p[buf_str(&b).n - 1], 'x');
	}
	assert_err(buf_close(&b), ERR_OK);
	buf_init(&b, *state, 10);
	buf_addf(&b, "%s", "12345678901");
	assert_err(buf_close(&b), ERR_LIMIT);
	assert_str(buf_str(&b), STR(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_buf_holds_what_was_added),
		TEST(test_buf_agrees_with_a_plain_array),
		TEST(test_buf_error_is_sticky),
		TEST(test_buf_fills_to_its_cap),
		TEST(test_buf_addf_of_any_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
