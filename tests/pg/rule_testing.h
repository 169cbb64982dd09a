/* rule_testing: rows held against a table of rules. */
#ifndef TESTS_PG_RULE_TESTING_H
#define TESTS_PG_RULE_TESTING_H

#include "pg_testing.h"

/*
 * Does a rule fit the first `n` columns of a row?  "*" is any value, "a|b"
 * either, "!a" any but; true is "t".
 */
bool row_fits(
    const char *const *rule, size_t n, const struct pg_rows *rows, size_t row);

#endif
