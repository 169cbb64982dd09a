/* jsonw: the one writer of JSON.  Floor: codec. */
#include "codec/jsonw.h"

#include "base/buf.h"
#include "base/str.h"
#include "codec/date.h"
#include "codec/utf8.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INT64_DIGITS 20 /* "-9223372036854775808" */

static bool
is_plain(char c)
{
	return (unsigned char)c >= 0x20 && c != '"' && c != '\\' && c != 0x7f;
}

static void
write_escaped(struct buf *out, char c)
{
	if (c == '"' || c == '\\') {
		buf_addc(out, '\\');
		buf_addc(out, c);
	} else if (c == '\n') {
		buf_add(out, STR("\\n"));
	} else {
		buf_addf(out, "\\u%04x", (unsigned int)c);
	}
}

/* In runs of bytes that stand for themselves: most strings are one. */
static void
write_string(struct buf *out, struct str s)
{
	const struct str text = utf8_clean(out->arena, s);
	size_t i = 0;

	buf_addc(out, '"');
	while (i < text.n) {
		const size_t begin = i;

		while (i < text.n && is_plain(text.p[i]))
			i++;
		buf_add(out, str_slice(text, begin, i - begin));
		if (i < text.n)
			write_escaped(out, text.p[i++]);
	}
	buf_addc(out, '"');
}

static void
before_value(struct jsonw *w, const char *key)
{
	if (w->comma)
		buf_addc(w->out, ',');
	w->comma = true;
	if (key == NULL)
		return;
	write_string(w->out, str_of(key));
	buf_addc(w->out, ':');
}

void
jsonw_init(struct jsonw *w, struct buf *out)
{
	*w = (struct jsonw){ .out = out };
}

static void
begin(struct jsonw *w, const char *key, char bracket)
{
	before_value(w, key);
	buf_addc(w->out, bracket);
	w->comma = false;
}

static void
end(struct jsonw *w, char bracket)
{
	buf_addc(w->out, bracket);
	w->comma = true;
}

void
jsonw_object(struct jsonw *w, const char *key)
{
	begin(w, key, '{');
}

void
jsonw_object_end(struct jsonw *w)
{
	end(w, '}');
}

void
jsonw_array(struct jsonw *w, const char *key)
{
	begin(w, key, '[');
}

void
jsonw_array_end(struct jsonw *w)
{
	end(w, ']');
}

void
jsonw_raw(struct jsonw *w, const char *key, struct str json)
{
	before_value(w, key);
	buf_add(w->out, json);
}

void
jsonw_null(struct jsonw *w, const char *key)
{
	jsonw_raw(w, key, STR("null"));
}

void
jsonw_str(struct jsonw *w, const char *key, struct str value)
{
	if (value.p == NULL) {
		jsonw_null(w, key);
		return;
	}
	before_value(w, key);
	write_string(w->out, value);
}

void
jsonw_int(struct jsonw *w, const char *key, int64_t value)
{
	char digits[INT64_DIGITS];
	size_t at = sizeof(digits);
	/* Of the negative, since the smallest number has no positive one. */
	int64_t rest = value < 0 ? value : -value;

	do {
		digits[--at] = (char)('0' - rest % 10);
		rest /= 10;
	} while (rest != 0);
	if (value < 0)
		digits[--at] = '-';
	before_value(w, key);
	buf_add(w->out, (struct str){ digits + at, sizeof(digits) - at });
}

void
jsonw_bool(struct jsonw *w, const char *key, bool value)
{
	jsonw_raw(w, key, value ? STR("true") : STR("false"));
}

void
jsonw_time(struct jsonw *w, const char *key, int64_t us)
{
	if (us < 0)
		jsonw_null(w, key);
	else
		jsonw_str(w, key, date_rfc3339(w->out->arena, us));
}
