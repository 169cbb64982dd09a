/* folder_testing: a folder of a test's own, gone when the test is over. */
#ifndef TESTS_UNIT_FOLDER_TESTING_H
#define TESTS_UNIT_FOLDER_TESTING_H

#include "testing.h"

struct folder {
	struct arena *arena;
	const char *path;
};

/* A test that finds a struct folder in *state. */
#define FOLDER_TEST(function)                                                  \
	cmocka_unit_test_setup_teardown(                                       \
	    (function), folder_setup, folder_teardown)

int folder_setup(void **state);
int folder_teardown(void **state);

/* "<folder>/<name>", and the same with that text in it. */
const char *folder_path(const struct folder *f, const char *name);
const char *folder_file(
    const struct folder *f, const char *name, const char *text);

/* How many entries it has. */
size_t folder_count(const struct folder *f);

#endif
