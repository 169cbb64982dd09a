/* pg_values: parameters in, columns out.  Floor: io. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/base64.h"
#include "codec/date.h"
#include "io/pg.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#define BRACES_BYTES 2
#define ELEMENT_BYTES 5 /* NULL and a comma, or two quotes and one */

struct str
pg_str(const struct pg_rows *rows, size_t row, size_t column)
{
	if (row >= rows->n || column >= rows->columns)
		return STR_ABSENT;
	return rows->values[row * rows->columns + column];
}

int64_t
pg_int(const struct pg_rows *rows, size_t row, size_t column, int64_t otherwise)
{
	const struct str text = pg_str(rows, row, column);

	return text.p == NULL ? otherwise : strtoll(text.p, NULL, 10);
}

bool
pg_bool(const struct pg_rows *rows, size_t row, size_t column)
{
	return str_eq(pg_str(rows, row, column), STR("t"));
}

struct str
pg_bytes(
    struct arena *arena, const struct pg_rows *rows, size_t row, size_t column)
{
	const struct str text = pg_str(rows, row, column);
	struct str bytes;

	if (!str_starts(text, STR("\\x")) ||
	    hex_decode(arena, str_slice(text, 2, text.n), &bytes) != ERR_OK)
		return STR_ABSENT;
	return bytes;
}

struct pg_param
pg_text(struct str value)
{
	return (struct pg_param){ .value = value };
}

struct pg_param
pg_bytea(struct str value)
{
	return (struct pg_param){ .value = value, .binary = true };
}

struct pg_param
pg_number(struct arena *arena, int64_t value)
{
	return pg_text(str_format(arena, "%lld", (long long)value));
}

struct pg_param
pg_number_or_null(struct arena *arena, int64_t value, int64_t none)
{
	return value == none ? pg_text(STR_ABSENT) : pg_number(arena, value);
}

struct pg_param
pg_time(struct arena *arena, int64_t us)
{
	return pg_text(us < 0 ? STR_ABSENT : date_rfc3339_us(arena, us));
}

/*
 * As array_in() reads it: between quotes all is meant as it is but a quote and
 * a backslash, which have a backslash before them.
 */
static void
add_element(struct buf *out, struct str element)
{
	if (element.p == NULL) {
		buf_add(out, STR("NULL"));
		return;
	}
	buf_addc(out, '"');
	for (size_t i = 0; i < element.n; i++) {
		if (element.p[i] == '"' || element.p[i] == '\\')
			buf_addc(out, '\\');
		buf_addc(out, element.p[i]);
	}
	buf_addc(out, '"');
}

struct pg_param
pg_texts(struct arena *arena, const struct str *elements, size_t n)
{
	size_t bytes = BRACES_BYTES;
	struct buf out;

	for (size_t i = 0; i < n; i++)
		bytes += ELEMENT_BYTES + 2 * elements[i].n;
	buf_init(&out, arena, bytes);
	buf_addc(&out, '{');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_addc(&out, ',');
		add_element(&out, elements[i]);
	}
	buf_addc(&out, '}');
	return pg_text(buf_str(&out));
}

struct pg_param
pg_flag(bool value)
{
	return pg_text(value ? STR("t") : STR_ABSENT);
}
