/* json_text: what cJSON lets pass and RFC 8259 does not.  Floor: codec. */
#include "json_text.h"

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static bool
is_digit(struct str s, size_t at)
{
	return at < s.n && s.p[at] >= '0' && s.p[at] <= '9';
}

static bool
is_one_of(struct str s, size_t at, const char *set)
{
	return at < s.n && s.p[at] != '\0' && strchr(set, s.p[at]) != NULL;
}

static size_t
skip_digits(struct str s, size_t at)
{
	while (is_digit(s, at))
		at++;
	return at;
}

/*
 * The end of the number at `at` (RFC 8259, 6), or `at` itself when it is none.
 */
static size_t
number_end(struct str s, size_t at)
{
	size_t i = at;

	if (is_one_of(s, i, "-"))
		i++;
	if (!is_digit(s, i))
		return at;
	i = is_one_of(s, i, "0") ? i + 1 : skip_digits(s, i);
	if (is_one_of(s, i, ".")) {
		if (!is_digit(s, i + 1))
			return at;
		i = skip_digits(s, i + 1);
	}
	if (is_one_of(s, i, "eE")) {
		i += is_one_of(s, i + 1, "+-") ? 2 : 1;
		if (!is_digit(s, i))
			return at;
		i = skip_digits(s, i);
	}
	return is_digit(s, i) || is_one_of(s, i, ".+-eE") ? at : i;
}

/* The end of the string whose quote is at `*at`; moves `*at` to a fault. */
static const char *
string_error(struct str s, size_t *at)
{
	size_t i = *at + 1;

	while (i < s.n && s.p[i] != '"') {
		const struct str rest = str_slice(s, i, 6);

		*at = i;
		if ((unsigned char)s.p[i] < 0x20)
			return "has a line end or control character in a "
			       "string";
		if (str_eq(rest, STR("\\u0000")))
			return "has a NUL character";
		i += s.p[i] == '\\' ? 2 : 1;
	}
	*at = i;
	return NULL; /* one that does not end is cJSON's business */
}

const char *
json_text_error(struct str text, size_t *at)
{
	for (size_t i = 0; i < text.n; i++) {
		*at = i;
		if (text.p[i] == '"') {
			const char *const what = string_error(text, at);

			if (what != NULL)
				return what;
			i = *at;
		} else if (is_digit(text, i) || text.p[i] == '-') {
			const size_t end = number_end(text, i);

			if (end == i)
				return "is not a number";
			i = end - 1;
		} else if ((unsigned char)text.p[i] < 0x20 &&
		    !is_one_of(text, i, " \t\r\n")) {
			return "has a control character";
		}
	}
	return NULL;
}
