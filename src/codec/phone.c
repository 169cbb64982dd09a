/* phone: telephone numbers in E.164.  Floor: codec. */
#include "codec/phone.h"

#include "base/arena.h"
#include "base/compiler.h"
#include "base/str.h"

#include <stddef.h>

#define E164_MIN_DIGITS 7
#define E164_MAX_DIGITS 15
#define NORTH_AMERICAN_BYTES 12 /* "+15550100009" */

/* Digits alone, of a country code's beginning and a number's length. */
static bool
is_international(struct str digits)
{
	if (digits.n < E164_MIN_DIGITS || digits.n > E164_MAX_DIGITS ||
	    digits.p[0] == '0')
		return false;
	for (size_t i = 0; i < digits.n; i++) {
		if (digits.p[i] < '0' || digits.p[i] > '9')
			return false;
	}
	return true;
}

bool
phone_is_e164(struct str s)
{
	return s.n > 0 && s.p[0] == '+' &&
	    is_international(str_slice(s, 1, s.n));
}

struct str
phone_canonical(struct arena *arena, struct str s)
{
	const struct str digits = str_slice(s, 1, s.n);

	if (s.n > 0 && s.p[0] == ' ' && is_international(digits))
		return str_format(arena, "+%.*s", STR_ARG(digits));
	return s;
}

/* Is it a word on a telephone's keys: "+" and its digits? */
static bool
is_word_on_keys(struct str s)
{
	/* The same as in caller_is_known() of migrations/0001_calls.sql. */
	static const char *const words[] = { "+266696687", "+7378742883",
		"+86282452253", "+8656696", "+2562533" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (str_eq(s, str_of(words[i])))
			return true;
	}
	return false;
}

bool
phone_is_caller(struct str s)
{
	return phone_is_e164(s) && !is_word_on_keys(s);
}

static bool
has_digit(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] >= '0' && s.p[i] <= '9')
			return true;
	}
	return false;
}

bool
phone_is_withheld(struct str s)
{
	const size_t colon = str_find(s, ':');
	const struct str scheme = str_slice(s, 0, colon);
	const struct str user = str_slice(s, colon + 1, s.n);

	if (colon == s.n)
		return !has_digit(s) || is_word_on_keys(s);
	return (str_eq_nocase(scheme, STR("sip")) ||
		   str_eq_nocase(scheme, STR("sips"))) &&
	    str_eq_nocase(
		str_slice(user, 0, str_find(user, '@')), STR("anonymous"));
}

struct str
phone_spell(struct arena *arena, struct str s)
{
	char *spelt;

	if (!phone_is_caller(s))
		return STR_ABSENT;
	spelt = arena_alloc(arena, 2 * s.n);
	for (size_t i = 1; i < s.n; i++) {
		spelt[2 * (i - 1)] = s.p[i];
		spelt[2 * (i - 1) + 1] = ' ';
	}
	return (struct str){ spelt, 2 * (s.n - 1) - 1 };
}

struct str
phone_grouped(struct arena *arena, struct str s)
{
	const struct str area = str_slice(s, 2, 3);
	const struct str exchange = str_slice(s, 5, 3);
	const struct str number = str_slice(s, 8, 4);

	if (!phone_is_e164(s) || s.n != NORTH_AMERICAN_BYTES || s.p[1] != '1')
		return s;
	return str_format(arena, "+1 %.*s %.*s %.*s", STR_ARG(area),
	    STR_ARG(exchange), STR_ARG(number));
}
