/* csv: the one writer of CSV.  Floor: codec. */
#include "codec/csv.h"

#include "base/buf.h"
#include "base/compiler.h"
#include "base/str.h"
#include "codec/phone.h"
#include "codec/utf8.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void
csv_init(struct csv *w, struct buf *out)
{
	*w = (struct csv){ .out = out };
}

/* What some spreadsheet may take for the end of a cell, the comma aside. */
static bool
is_separator(char c)
{
	return c == ';' || c == '\t' || c == '\r' || c == '\n';
}

/* What spreadsheets pass over at a cell's beginning, quotes among it. */
static bool
is_passed_over(uint32_t c)
{
	return c <= ' ' || c == '"' || c == 0x7f || c == 0x85 || c == 0xa0 ||
	    c == 0x1680 || (c >= 0x2000 && c <= 0x200f) || c == 0x2028 ||
	    c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x2060 ||
	    c == 0x3000 || c == 0xfeff;
}

static bool
begins_formula(uint32_t c)
{
	static const uint32_t signs[] = { '=', '+', '-', '@', 0xff1d, 0xff0b,
		0xff0d, 0xff20 };

	for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
		if (c == signs[i])
			return true;
	}
	return false;
}

/* Would it be run, had it a cell for itself?  It holds no separator. */
static bool
is_formula(struct str part)
{
	while (part.n > 0) {
		uint32_t c;
		const size_t n = utf8_next(part, &c);

		if (!is_passed_over(c))
			return begins_formula(c);
		part = str_slice(part, n, part.n);
	}
	return false;
}

/* Up to the first separator. */
static struct str
part_of(struct str s)
{
	size_t n = 0;

	while (n < s.n && !is_separator(s.p[n]))
		n++;
	return str_slice(s, 0, n);
}

static bool
needs_quotes(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == ',' || s.p[i] == '"' || is_separator(s.p[i]))
			return true;
	}
	return s.n > 0 && (s.p[0] == ' ' || s.p[s.n - 1] == ' ');
}

/* Each double quote twice. */
static void
add_doubled(struct buf *out, struct str s)
{
	while (s.p != NULL) {
		const size_t all = s.n;
		const struct str before = str_split(&s, '"');

		buf_add(out, before);
		if (before.n < all)
			buf_add(out, STR("\"\""));
	}
}

/* The cell's content: part by part, with what stands between them. */
static void
add_parts(struct buf *out, struct str s)
{
	if (s.n > 0 && is_separator(s.p[0]) && s.p[0] != ';')
		buf_addc(out, '\'');
	while (s.n > 0) {
		const struct str part = part_of(s);

		if (is_formula(part))
			buf_addc(out, '\'');
		add_doubled(out, part);
		if (part.n < s.n)
			buf_addc(out, s.p[part.n]);
		s = str_slice(s, part.n + 1, s.n);
	}
}

void
csv_cell(struct csv *w, struct str text)
{
	if (w->in_row)
		buf_addc(w->out, ',');
	w->in_row = true;
	if (phone_is_e164(text)) {
		buf_add(w->out, text);
		return;
	}
	if (!needs_quotes(text)) {
		add_parts(w->out, text);
		return;
	}
	buf_addc(w->out, '"');
	add_parts(w->out, text);
	buf_addc(w->out, '"');
}

void
csv_end(struct csv *w)
{
	buf_add(w->out, STR("\r\n"));
	w->in_row = false;
}
