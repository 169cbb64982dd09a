/* form: application/x-www-form-urlencoded.  Floor: codec. */
#include "codec/form.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/base64.h"

#include <stdlib.h>
#include <string.h>

/* The byte of a "%XX" at the beginning of `s`, or -1. */
static int
percent_byte(struct str s)
{
	int high;
	int low;

	if (s.n < 3 || s.p[0] != '%')
		return -1;
	high = hex_digit(s.p[1]);
	low = hex_digit(s.p[2]);
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static struct str
form_decode(struct arena *arena, struct str s)
{
	char *out;
	size_t n = 0;

	if (str_find(s, '%') == s.n && str_find(s, '+') == s.n)
		return s;
	out = arena_alloc(arena, s.n);
	for (size_t i = 0; i < s.n; i++) {
		const int byte = percent_byte(str_slice(s, i, 3));

		if (byte >= 0) {
			out[n++] = (char)(unsigned char)byte;
			i += 2;
		} else {
			out[n] = s.p[i];
			if (out[n] == '+')
				out[n] = ' ';
			n++;
		}
	}
	return (struct str){ out, n };
}

static size_t
count_pieces(struct str body)
{
	size_t n = 1;

	for (size_t i = 0; i < body.n; i++)
		n += body.p[i] == '&';
	return n;
}

enum err
form_parse(
    struct arena *arena, struct str body, size_t max_pairs, struct form *out)
{
	const size_t pieces = count_pieces(body);
	struct form form = { 0 };
	struct str rest = body;

	form.pairs = ARENA_ARRAY(
	    arena, pieces < max_pairs ? pieces : max_pairs, struct form_pair);
	while (rest.p != NULL) {
		struct str value = str_split(&rest, '&');
		struct str name;

		if (value.n == 0)
			continue;
		if (form.n == max_pairs)
			return ERR_LIMIT;
		name = str_split(&value, '=');
		if (value.p == NULL)
			value = STR("");
		form.pairs[form.n].name = form_decode(arena, name);
		form.pairs[form.n].value = form_decode(arena, value);
		form.n++;
	}
	*out = form;
	return ERR_OK;
}

struct str
form_get(const struct form *form, const char *name)
{
	const struct str wanted = str_of(name);

	for (size_t i = 0; i < form->n; i++) {
		if (str_eq(form->pairs[i].name, wanted))
			return form->pairs[i].value;
	}
	return STR_ABSENT;
}

size_t
form_count(const struct form *form, const char *name)
{
	const struct str wanted = str_of(name);
	size_t n = 0;

	for (size_t i = 0; i < form->n; i++)
		n += str_eq(form->pairs[i].name, wanted);
	return n;
}

static int
pair_order(const void *a, const void *b)
{
	const struct form_pair *const x = a;
	const struct form_pair *const y = b;
	const int order = str_cmp(x->name, y->name);

	return order != 0 ? order : str_cmp(x->value, y->value);
}

struct form
form_sorted(struct arena *arena, const struct form *form)
{
	struct form out = {
		.pairs = ARENA_ARRAY(arena, form->n, struct form_pair),
	};

	if (form->n == 0)
		return out;
	memcpy(out.pairs, form->pairs, form->n * sizeof(*form->pairs));
	qsort(out.pairs, form->n, sizeof(*out.pairs), pair_order);
	for (size_t i = 0; i < form->n; i++) {
		if (out.n == 0 ||
		    pair_order(&out.pairs[out.n - 1], &out.pairs[i]) != 0)
			out.pairs[out.n++] = out.pairs[i];
	}
	return out;
}

static bool
is_unreserved(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	    (c >= '0' && c <= '9') || (c != '\0' && strchr("-._~", c) != NULL);
}

struct str
form_escape(struct arena *arena, struct str s)
{
	static const char hex[] = "0123456789ABCDEF";
	char *const out = arena_alloc(arena, s.n * 3);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		const unsigned char c = (unsigned char)s.p[i];

		if (is_unreserved((char)c)) {
			out[n++] = (char)c;
		} else {
			out[n++] = '%';
			out[n++] = hex[c >> 4];
			out[n++] = hex[c & 15];
		}
	}
	return (struct str){ out, n };
}
