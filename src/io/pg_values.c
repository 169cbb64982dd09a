/* pg_values: parameters in, columns out.  Floor: io. */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/base64.h"
#include "codec/date.h"
#include "io/pg.h"

#include <stdint.h>
#include <stdlib.h>

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

struct pg_param
pg_flag(bool value)
{
	return pg_text(value ? STR("t") : STR_ABSENT);
}
