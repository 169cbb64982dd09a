/* err: names of the error values.  Floor: base. */
#include "base/err.h"

#include "base/compiler.h"

#include <stddef.h>

static const char *const names[ERR__MAX] = {
	[ERR_OK] = "ok",
	[ERR_INPUT] = "input",
	[ERR_AUTH] = "auth",
	[ERR_FORBIDDEN] = "forbidden",
	[ERR_NOT_FOUND] = "not_found",
	[ERR_GONE] = "gone",
	[ERR_METHOD] = "method",
	[ERR_CONFLICT] = "conflict",
	[ERR_LIMIT] = "limit",
	[ERR_TOO_MANY] = "too_many",
	[ERR_TYPE] = "type",
	[ERR_BUSY] = "busy",
	[ERR_DB] = "db",
	[ERR_UPSTREAM] = "upstream",
	[ERR_BUG] = "bug",
};

const char *
err_name(enum err e)
{
	if ((size_t)e >= ARRAY_LEN(names))
		return "bug";
	return names[e];
}
