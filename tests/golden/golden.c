/*
 * golden [--write] [FILE...]: runs the golden cases, all of them unless some are
 * named, and prints how each that fails differs.  --write makes what the program
 * answers the expectation: read the difference before you keep it.
 */
#include "case.h"
#include "diff.h"
#include "show.h"

#include <stdio.h>
#include <string.h>

#define BLOCK_BYTES ((size_t)256 * 1024)

static int
write_case(const struct golden_case *c, struct str got)
{
	FILE *const file = fopen(c->path, "we");
	bool ok = file != NULL;

	ok = ok && fwrite(c->head.p, 1, c->head.n, file) == c->head.n;
	ok = ok && fwrite(got.p, 1, got.n, file) == got.n;
	ok = file != NULL && fclose(file) == 0 && ok;
	(void)printf("%s %s\n", ok ? "written" : "CANNOT WRITE", c->path);
	return ok ? 0 : 1;
}

static int
run_case(struct arena *arena, const char *path, bool write)
{
	const struct golden_case c = case_read(arena, path);
	const struct answer answer = case_answer(arena, &c);
	const struct str got = show_answer(arena, &answer);

	if (str_eq(got, c.expected))
		return 0;
	if (write)
		return write_case(&c, got);
	(void)printf("\nFAILED %s\n  %.*s\n", strrchr(path, '/') + 1,
	    STR_ARG(c.sentence));
	diff_print(arena, c.expected, got);
	return 1;
}

int
main(int argc, char **argv)
{
	const bool write = argc > 1 && strcmp(argv[1], "--write") == 0;
	struct arena *const fixed = arena_new(BLOCK_BYTES);
	struct arena *const arena = arena_new(BLOCK_BYTES);
	const int first = write ? 2 : 1;
	const char *const *paths =
	    first < argc ? (const char *const *)argv + first : case_list(fixed);
	int failed = 0;
	int n = 0;

	for (; paths[n] != NULL; n++) {
		failed += run_case(arena, paths[n], write);
		arena_reset(arena);
	}
	(void)printf("%d golden cases, %d failed\n", n, failed);
	arena_free(arena);
	arena_free(fixed);
	return failed == 0 && n > 0 ? 0 : 1;
}
