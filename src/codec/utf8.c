/* utf8: validity and replacement.  Floor: codec. */
#include "codec/utf8.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistr.h>
#include <unitypes.h>

bool
utf8_is_valid(struct str s)
{
	return s.n == 0 || u8_check((const uint8_t *)s.p, s.n) == NULL;
}

size_t
utf8_next(struct str s, uint32_t *out)
{
	ucs4_t c = 0;
	const int n = u8_mbtoucr(&c, (const uint8_t *)s.p, s.n);

	if (n < 1) {
		*out = 0xfffd;
		return 1;
	}
	*out = c;
	return (size_t)n;
}

/* Most texts are, and need no further look.  NUL is not among them. */
static bool
is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\0' || (unsigned char)s.p[i] >= 0x80)
			return false;
	}
	return true;
}

struct str
utf8_clean(struct arena *arena, struct str s)
{
	const struct str replacement = STR(UTF8_REPLACEMENT);
	struct buf out;

	if (is_ascii(s) || (utf8_is_valid(s) && memchr(s.p, 0, s.n) == NULL))
		return s;
	buf_init(&out, arena, s.n * replacement.n);
	for (size_t i = 0; i < s.n;) {
		const struct str rest = str_slice(s, i, s.n);
		uint32_t c;
		const size_t n = utf8_next(rest, &c);

		if (c == 0xfffd || c == 0)
			buf_add(&out, replacement);
		else
			buf_add(&out, str_slice(rest, 0, n));
		i += n;
	}
	return buf_str(&out);
}
