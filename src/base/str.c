/* str: borrowed runs of bytes.  Floor: base. */
#include "base/str.h"

#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct str
str_of(const char *z)
{
	if (z == NULL)
		return STR_ABSENT;
	return (struct str){ z, strlen(z) };
}

bool
str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static char
ascii_lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c;
}

bool
str_eq_nocase(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++) {
		if (ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
			return false;
	}
	return true;
}

bool
str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq(str_slice(s, 0, prefix.n), prefix);
}

bool
str_is_empty(struct str s)
{
	return s.n == 0;
}

int
str_cmp(struct str a, struct str b)
{
	const size_t n = a.n < b.n ? a.n : b.n;
	const int order = n == 0 ? 0 : memcmp(a.p, b.p, n);

	if (order != 0)
		return order;
	return (a.n > b.n) - (a.n < b.n);
}

struct str
str_slice(struct str s, size_t from, size_t n)
{
	if (s.p == NULL)
		return s;
	if (from > s.n)
		from = s.n;
	if (n > s.n - from)
		n = s.n - from;
	return (struct str){ s.p + from, n };
}

size_t
str_find(struct str s, char c)
{
	const char *const at = s.n == 0 ? NULL : memchr(s.p, c, s.n);

	return at == NULL ? s.n : (size_t)(at - s.p);
}

struct str
str_split(struct str *rest, char sep)
{
	const size_t at = str_find(*rest, sep);
	const struct str head = str_slice(*rest, 0, at);

	if (at == rest->n)
		*rest = STR_ABSENT;
	else
		*rest = str_slice(*rest, at + 1, rest->n);
	return head;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

struct str
str_trim(struct str s)
{
	while (s.n > 0 && is_blank(s.p[0]))
		s = str_slice(s, 1, s.n);
	while (s.n > 0 && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool
str_to_int(struct str s, int max, int *out)
{
	int value = 0;

	if (s.n == 0)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		const int digit = s.p[i] - '0';

		if (digit < 0 || digit > 9 || value > (max - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	if (value > max)
		return false;
	*out = value;
	return true;
}

char *
str_cstr(struct arena *arena, struct str s)
{
	return arena_copy(arena, s.p, s.n);
}

struct str
str_copy(struct arena *arena, struct str s)
{
	if (s.p == NULL)
		return s;
	return (struct str){ arena_copy(arena, s.p, s.n), s.n };
}

struct str
str_vformat(struct arena *arena, const char *fmt, va_list args)
{
	va_list again;
	char *p;
	int n;

	va_copy(again, args);
	n = vsnprintf(NULL, 0, fmt, args);
	if (n < 0)
		n = 0;
	p = arena_alloc(arena, (size_t)n + 1);
	(void)vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return (struct str){ p, (size_t)n };
}

struct str
str_format(struct arena *arena, const char *fmt, ...)
{
	struct str s;
	va_list args;

	va_start(args, fmt);
	s = str_vformat(arena, fmt, args);
	va_end(args);
	return s;
}
