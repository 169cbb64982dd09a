/* cursor: where the next page of a list begins.  Floor: http. */
#include "cursor.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/base64.h"
#include "codec/utf8.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TIME_MAX_DIGITS 17 /* up to the year 5138 */

struct str
cursor_print(struct arena *arena, int64_t us, struct str rest)
{
	return base64url_encode(arena,
	    str_format(arena, "%lld/%.*s", (long long)us, STR_ARG(rest)));
}

bool
cursor_parse(
    struct arena *arena, struct str cursor, int64_t *us, struct str *rest)
{
	struct str text;
	struct str time;

	if (base64url_decode(arena, cursor, &text) != ERR_OK ||
	    !utf8_is_valid(text))
		return false;
	time = str_split(&text, '/');
	if (time.n == 0 || time.n > TIME_MAX_DIGITS || text.p == NULL)
		return false;
	*us = 0;
	for (size_t i = 0; i < time.n; i++) {
		if (time.p[i] < '0' || time.p[i] > '9')
			return false;
		*us = *us * 10 + (time.p[i] - '0');
	}
	*rest = text;
	return true;
}
