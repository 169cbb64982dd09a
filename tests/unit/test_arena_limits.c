/* arena: a size that cannot be had ends the process, with a word about it. */
#include "testing.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void
huge_allocation(struct arena *arena)
{
	(void)arena_alloc(arena, SIZE_MAX);
}

static void
huge_block(struct arena *arena)
{
	(void)arena_alloc(arena, SIZE_MAX - 2 * _Alignof(max_align_t));
}

static void
overflowing_array(struct arena *arena)
{
	(void)arena_array(arena, SIZE_MAX / 2, 3);
}

static const struct row {
	const char *name;
	void (*run)(struct arena *arena);
} rows[] = {
	{ "a size that rounding up would overflow", huge_allocation },
	{ "a size that leaves no room for a block's header", huge_block },
	{ "an array whose bytes overflow", overflowing_array },
};

/* Runs it in a child, whose words go to `out`. */
static int
run_in_child(const struct row *row, int out)
{
	const pid_t child = fork();
	int status = 0;

	assert_true(child >= 0);
	if (child == 0) {
		const struct rlimit none = { 0, 0 };

		(void)setrlimit(RLIMIT_CORE, &none);
		(void)signal(SIGABRT, SIG_DFL);
		(void)dup2(out, STDERR_FILENO);
		row->run(arena_new(64));
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void
test_arena_dies_of_sizes_that_cannot_be(void **state)
{
	static const char want[] = "mainline: out of memory\n";

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char said[200] = "";
		int fds[2];
		int status;

		print_message("  %s\n", rows[i].name);
		assert_int_equal(pipe(fds), 0);
		status = run_in_child(&rows[i], fds[1]);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGABRT);
		assert_int_equal(
		    read(fds[0], said, sizeof(said) - 1), sizeof(want) - 1);
		assert_string_equal(said, want);
		(void)close(fds[0]);
		(void)close(fds[1]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arena_dies_of_sizes_that_cannot_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
