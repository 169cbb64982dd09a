/*
 * testing: what every test begins with: cmocka, an arena, strings that compare
 * and say themselves, and random input whose seed is told.
 */
#ifndef TESTS_UNIT_TESTING_H
#define TESTS_UNIT_TESTING_H

/* cmocka.h wants these four before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"

/* A test that finds a fresh arena in *state. */
#define TEST(function)                                                         \
	cmocka_unit_test_setup_teardown(                                       \
	    (function), testing_setup, testing_teardown)

int testing_setup(void **state);
int testing_teardown(void **state);

/* Same bytes; absent is not the same as empty.  Prints both when they differ. */
#define assert_str(got, want) testing_str((got), (want), __FILE__, __LINE__)
#define assert_text(got, want) assert_str((got), str_of(want))
#define assert_absent(got) assert_str((got), STR_ABSENT)

/* The value by its name, so that a failure reads "busy" != "ok". */
#define assert_err(got, want) assert_string_equal(err_name(got), err_name(want))

/* For arguments of macros, where a compound literal's comma is in the way. */
struct str bytes_of(const void *p, size_t n);

void testing_str(struct str got, struct str want, const char *file, int line);

/* Does `s` hold `part`? */
bool str_holds(struct str s, const char *part);
#define assert_holds(s, part) testing_holds((s), (part), __FILE__, __LINE__)
void testing_holds(struct str s, const char *part, const char *file, int line);

/* The whole of tests/<path>; fails the test when it cannot be read. */
struct str testing_file(struct arena *arena, const char *path);

/*
 * Random numbers of a seed, which is printed, so that a failure can be repeated
 * with SEED=<seed>.
 */
struct random {
	uint64_t state;
};

struct random random_begin(void);
uint64_t random_next(struct random *r);
size_t random_below(struct random *r, size_t below); /* `below` at least 1 */

/* Up to `max` bytes, any of the 256, or only those in `alphabet`. */
struct str random_bytes(struct random *r, struct arena *arena, size_t max);
struct str random_text(
    struct random *r, struct arena *arena, size_t max, const char *alphabet);

#endif
