/* cookie: one cookie out of a Cookie header.  Floor: codec. */
#include "codec/cookie.h"

#include "base/str.h"

struct str
cookie_get(struct str header, struct str name)
{
	struct str rest = header;

	while (rest.p != NULL) {
		struct str value = str_trim(str_split(&rest, ';'));
		const struct str key = str_split(&value, '=');

		if (value.p != NULL && str_eq(key, name))
			return value;
	}
	return STR_ABSENT;
}
