/* tokens: who may read the JSON API.  Floor: store. */
#include "store/tokens.h"

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/base64.h"
#include "codec/digest.h"
#include "io/entropy.h"
#include "io/pg.h"
#include "store/statements.h"

#include <stddef.h>
#include <stdint.h>

#define TOKEN_PREFIX "ml_"
#define TOKEN_BYTES 32
#define TOKEN_CHARACTERS 43 /* behind the prefix */

static const struct {
	enum scope scope;
	const char *name;
} scope_names[] = {
	{ SCOPE_READ, "read" },
	{ SCOPE_AUDIO, "audio" },
	{ SCOPE_METRICS, "metrics" },
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

	return (scopes & wanted) != 0;
}

/* The token's SHA-256, in `arena`. */
static struct str
hash_of(struct arena *arena, struct str token)
{
	unsigned char sum[DIGEST_SHA256_BYTES];

	digest_sha256(token, sum);
	return str_copy(arena, (struct str){ (const char *)sum, sizeof(sum) });
}

enum err
tokens_add(struct pg *pg, struct arena *arena, struct str name,
    unsigned int scopes, struct str *out)
{
	unsigned char bytes[TOKEN_BYTES];
	struct pg_rows rows;
	struct str token;
	enum err e;

	entropy_bytes(bytes, sizeof(bytes));
	token = base64url_encode(
	    arena, (struct str){ (const char *)bytes, sizeof(bytes) });
	token = str_format(arena, TOKEN_PREFIX "%.*s", STR_ARG(token));
	{
		const struct str list = scopes_print(arena, scopes);
		const struct pg_param params[] = {
			pg_text(name),
			pg_bytea(hash_of(arena, token)),
			pg_text(str_format(arena, "{%.*s}", STR_ARG(list))),
		};

		e = stmt_command(pg, arena, STMT_TOKEN_ADD, params, &rows);
	}
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

/* What cannot be one costs the database nothing. */
static bool
is_token(struct str s)
{
	const struct str prefix = STR(TOKEN_PREFIX);

	if (!str_starts(s, prefix) || s.n != prefix.n + TOKEN_CHARACTERS)
		return false;
	for (size_t i = prefix.n; i < s.n; i++) {
		if (!is_base64url(s.p[i]))
			return false;
	}
	return true;
}

enum err
tokens_find(struct pg *pg, struct arena *arena, struct str token,
    int64_t deadline_ms, unsigned int *out_scopes)
{
	const struct pg_param params[] = { pg_bytea(hash_of(arena, token)) };
	const struct pg_query query = {
		.statement = stmt(STMT_TOKEN_FIND),
		.params = params,
		.deadline_ms = deadline_ms,
	};
	struct pg_rows rows;
	enum err e;

	if (!is_token(token))
		return ERR_AUTH;
	if ((e = pg_run(pg, arena, &query, &rows)) != ERR_OK)
		return e;
	if (rows.n == 0)
		return ERR_AUTH;
	return scopes_parse(pg_str(&rows, 0, 1), out_scopes) == ERR_OK
	    ? ERR_OK
	    : ERR_BUG;
}
