/* pg_conninfo: libpq's connection strings.  Floor: io. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"

#include <libpq-fe.h>
#include <stddef.h>
#include <string.h>

#define CONNINFO_MAX_BYTES ((size_t)64 * 1024)

/* libpq marks with "*" what a password prompt would hide. */
struct str
pg_conninfo_masked(struct arena *arena, const char *conninfo)
{
	PQconninfoOption *const options = PQconninfoParse(conninfo, NULL);
	struct str out = STR("");

	if (options == NULL)
		return STR("(not a libpq connection string)");
	for (const PQconninfoOption *o = options; o->keyword != NULL; o++) {
		if (o->val == NULL)
			continue;
		out = str_format(arena, "%.*s%s%s=%s", STR_ARG(out),
		    out.n == 0 ? "" : " ", o->keyword,
		    *o->dispchar == '*' ? "****" : o->val);
	}
	PQconninfoFree(options);
	return out;
}

/* In quotes, as libpq reads it: with what ends or escapes it escaped. */
static void
add_quoted(struct buf *b, const char *value)
{
	buf_addc(b, '\'');
	for (const char *p = value; *p != '\0'; p++) {
		if (*p == '\'' || *p == '\\')
			buf_addc(b, '\\');
		buf_addc(b, *p);
	}
	buf_addc(b, '\'');
}

struct str
pg_conninfo_open(
    struct arena *arena, const char *conninfo, struct str *password)
{
	PQconninfoOption *const options = PQconninfoParse(conninfo, NULL);
	struct buf out;

	*password = STR_ABSENT;
	buf_init(&out, arena, CONNINFO_MAX_BYTES);
	for (const PQconninfoOption *o = options;
	    o != NULL && o->keyword != NULL; o++) {
		if (o->val == NULL)
			continue;
		if (strcmp(o->keyword, "password") == 0) {
			*password = str_copy(arena, str_of(o->val));
			continue;
		}
		buf_addf(&out, "%s%s=", out.n == 0 ? "" : " ", o->keyword);
		add_quoted(&out, o->val);
	}
	PQconninfoFree(options);
	return buf_str(&out);
}

enum err
pg_conninfo_check(struct arena *arena, const char *conninfo, struct str *why)
{
	char *words = NULL;
	PQconninfoOption *const options = PQconninfoParse(conninfo, &words);
	const enum err e = options == NULL ? ERR_INPUT : ERR_OK;
	const struct str reason = str_of(words);

	*why = str_copy(arena, str_slice(reason, 0, str_find(reason, '\n')));
	PQfreemem(words);
	PQconninfoFree(options);
	return e;
}

int
pg_library_version(void)
{
	return PQlibVersion();
}
