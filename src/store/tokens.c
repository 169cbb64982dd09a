/* tokens: who may read the JSON API.  Floor: store. */
#include "store/tokens.h"

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "secret.h"
#include "store/identity.h"
#include "store/statements.h"

#include <stddef.h>
#include <stdint.h>

#define TOKEN_PREFIX STR("ml_")

static const struct {
	enum scope scope;
	const char *name;
} scope_names[] = {
	{ SCOPE_READ, "read" },
	{ SCOPE_AUDIO, "audio" },
	{ SCOPE_MARK, "mark" },
	{ SCOPE_METRICS, "metrics" },
	{ SCOPE_FEED, "feed" },
	{ SCOPE_ADMIN, "admin" },
};

static unsigned int
scope_of(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(scope_names); i++) {
		if (str_eq(name, str_of(scope_names[i].name)))
			return (unsigned int)scope_names[i].scope;
	}
	return 0;
}

enum err
scopes_parse(struct str list, unsigned int *out)
{
	unsigned int scopes = 0;
	struct str rest = list;

	while (rest.p != NULL) {
		const unsigned int scope =
		    scope_of(str_trim(str_split(&rest, ',')));

		if (scope == 0)
			return ERR_INPUT;
		scopes |= scope;
	}
	if (scopes == 0)
		return ERR_INPUT;
	*out = scopes;
	return ERR_OK;
}

struct str
scopes_print(struct arena *arena, unsigned int scopes)
{
	struct str out = STR("");

	for (size_t i = 0; i < ARRAY_LEN(scope_names); i++) {
		if ((scopes & (unsigned int)scope_names[i].scope) != 0)
			out = str_format(arena, "%.*s%s%s", STR_ARG(out),
			    out.n == 0 ? "" : ",", scope_names[i].name);
	}
	return out;
}

bool
scopes_allow(unsigned int scopes, enum scope scope)
{
	const unsigned int wanted =
	    (unsigned int)scope | (unsigned int)SCOPE_ADMIN;

	return scope == SCOPE_ANY || (scopes & wanted) != 0;
}

struct str
tokens_secret(struct arena *arena)
{
	return secret_new(arena, TOKEN_PREFIX);
}

enum err
tokens_add(struct pg *pg, struct arena *arena, struct str name,
    unsigned int scopes, struct str *out)
{
	const struct str token = tokens_secret(arena);
	const struct str list = scopes_print(arena, scopes);
	const struct pg_param params[] = {
		pg_text(name),
		secret_hash(arena, token),
		pg_text(str_format(arena, "{%.*s}", STR_ARG(list))),
	};
	struct pg_rows rows;
	const enum err e =
	    stmt_command(pg, arena, STMT_TOKEN_ADD, params, &rows);

	if (e == ERR_OK)
		*out = token;
	return e;
}

enum err
tokens_list(
    struct pg *pg, struct arena *arena, struct tokens_row **out, size_t *n)
{
	struct pg_rows rows;
	enum err e = stmt_command(pg, arena, STMT_TOKEN_LIST, NULL, &rows);

	if (e != ERR_OK)
		return e;
	*n = rows.n;
	*out = ARENA_ARRAY(arena, rows.n, struct tokens_row);
	for (size_t i = 0; i < rows.n; i++) {
		(*out)[i] = (struct tokens_row){
			.id = pg_int(&rows, i, 0, 0),
			.name = pg_str(&rows, i, 1),
			.scopes = pg_str(&rows, i, 2),
			.created_us = pg_int(&rows, i, 3, -1),
			.last_used_on = pg_str(&rows, i, 4),
			.revoked_us = pg_int(&rows, i, 5, -1),
		};
	}
	return ERR_OK;
}

enum err
tokens_revoke(struct pg *pg, struct arena *arena, struct str id_or_name)
{
	const struct pg_param params[] = { pg_text(id_or_name) };
	struct pg_rows rows;
	enum err e = stmt_command(pg, arena, STMT_TOKEN_REVOKE, params, &rows);

	if (e != ERR_OK)
		return e;
	return rows.n == 0 ? ERR_NOT_FOUND : ERR_OK;
}

bool
tokens_fits(struct str token)
{
	return secret_fits(token, TOKEN_PREFIX);
}

enum err
tokens_find(struct pg *pg, struct arena *arena, struct str token,
    int64_t deadline_ms, struct identity *out)
{
	const struct pg_param params[] = { secret_hash(arena, token) };
	const struct pg_query query = {
		.statement = stmt(STMT_TOKEN_FIND),
		.params = params,
		.deadline_ms = deadline_ms,
	};

	return tokens_fits(token) ? identity_find(pg, arena, &query, out)
				  : ERR_AUTH;
}
