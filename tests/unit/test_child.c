/* child: other programs, run to their end. */
#include "io/child.h"
#include "testing.h"

#include <string.h>

extern char **environ;

static enum err
read_shell(struct arena *arena, const char *script, size_t max, struct str *out,
    int *status)
{
	const char *const argv[] = { "sh", "-c", script, NULL };
	const struct child child = { argv, environ };

	return child_read(arena, &child, max, out, status);
}

static void
test_child_status(void **state)
{
	struct arena *const arena = *state;
	struct str out;
	int status = -1;

	assert_err(
	    read_shell(arena, "echo it; exit 3", 100, &out, &status), ERR_OK);
	assert_int_equal(status, 3);
	assert_str(out, STR("it\n"));
	assert_err(read_shell(arena, "kill -9 $$", 100, &out, &status), ERR_OK);
	assert_int_equal(status, 128 + 9);
}

/* All of it is read: else it would wait for ever at a full pipe. */
static void
test_child_that_says_too_much(void **state)
{
	struct arena *const arena = *state;
	struct str out;
	int status = -1;

	assert_err(
	    read_shell(arena, "head -c 300000 /dev/zero", 10, &out, &status),
	    ERR_LIMIT);
	assert_int_equal(status, 0);
}

static void
test_child_that_is_not_there(void **state)
{
	const char *const argv[] = { "there-is-no-such-program", NULL };
	const struct child child = { argv, environ };
	int status = -1;

	(void)state;
	assert_err(child_run(&child, &status), ERR_NOT_FOUND);
}

static void
test_child_env(void **state)
{
	struct arena *const arena = *state;
	char one[] = "A=1";
	char two[] = "AB=2";
	char *const env[] = { one, two, NULL };
	char *const *const got = child_env(arena, env, "A", "new value");

	assert_string_equal(got[0], "AB=2");
	assert_string_equal(got[1], "A=new value");
	assert_null(got[2]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_child_status),
		TEST(test_child_that_says_too_much),
		TEST(test_child_that_is_not_there),
		TEST(test_child_env),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
