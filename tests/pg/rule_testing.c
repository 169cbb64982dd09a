/* rule_testing: rows held against a table of rules. */
#include "rule_testing.h"

#include <string.h>

static bool
one_of(struct str words, struct str value)
{
	while (words.p != NULL) {
		if (str_eq(str_split(&words, '|'), value))
			return true;
	}
	return false;
}

static bool
fits(const char *pattern, struct str value)
{
	if (strcmp(pattern, "*") == 0)
		return true;
	if (*pattern == '!')
		return !str_eq(str_of(pattern + 1), value);
	if (str_eq(value, STR("true")))
		value = STR("t");
	return one_of(str_of(pattern), value);
}

bool
row_fits(
    const char *const *rule, size_t n, const struct pg_rows *rows, size_t row)
{
	for (size_t k = 0; k < n; k++) {
		if (!fits(rule[k], pg_str(rows, row, k)))
			return false;
	}
	return true;
}
