/* say: texts with placeholders.  Floor: flow. */
#include "say.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "codec/phone.h"

#include <stddef.h>

#define FILLED_MAX_BYTES ((size_t)16 * 1024)
#define LINE STR("{line}")
#define CALLER STR("{caller}")

/* The "{word}" at the beginning of `s`, or absent. */
static struct str
placeholder(struct str s)
{
	const size_t end = str_find(s, '}');

	if (s.n == 0 || s.p[0] != '{' || end == s.n)
		return STR_ABSENT;
	return str_slice(s, 0, end + 1);
}

struct str
say_fill(struct arena *arena, struct str text, const struct say_values *values)
{
	const struct str spelt = phone_spell(arena, values->caller);
	struct buf out;

	buf_init(&out, arena, FILLED_MAX_BYTES);
	for (size_t i = 0; i < text.n;) {
		const struct str rest = str_slice(text, i, text.n);
		const struct str word = placeholder(rest);

		if (word.p != NULL && str_eq(word, LINE))
			buf_add(&out, values->line);
		else if (word.p != NULL && str_eq(word, CALLER))
			buf_add(&out,
			    spelt.p != NULL ? spelt : STR("an unknown caller"));
		else
			buf_addc(&out, rest.p[0]);
		i += str_eq(word, LINE) || str_eq(word, CALLER) ? word.n : 1;
	}
	return buf_str(&out);
}

struct str
say_unknown_placeholder(struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		const struct str word = placeholder(str_slice(text, i, text.n));

		if (word.p != NULL && !str_eq(word, LINE) &&
		    !str_eq(word, CALLER))
			return word;
	}
	return STR_ABSENT;
}
