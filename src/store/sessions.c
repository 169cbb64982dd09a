/* sessions: sign-ins of the page.  Floor: store. */
#include "store/sessions.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "secret.h"
#include "store/identity.h"
#include "store/statements.h"
#include "store/tokens.h"

#include <stddef.h>
#include <stdint.h>

/* A cookie's name says what it is: the secret needs no prefix. */
#define NO_PREFIX STR("")

enum err
sessions_open(struct pg *pg, struct arena *arena, struct str token,
    int64_t deadline_ms, struct str *secret, struct identity *out)
{
	const struct str made = secret_new(arena, NO_PREFIX);
	const struct pg_param params[] = {
		secret_hash(arena, token),
		secret_hash(arena, made),
	};
	const struct pg_query query = {
		.statement = stmt(STMT_SESSION_OPEN),
		.params = params,
		.deadline_ms = deadline_ms,
	};
	enum err e = ERR_AUTH;

	if (tokens_fits(token))
		e = identity_find(pg, arena, &query, out);
	if (e == ERR_OK)
		*secret = made;
	return e;
}

enum err
sessions_find(struct pg *pg, struct arena *arena, struct str secret,
    int64_t deadline_ms, struct identity *out)
{
	const struct pg_param params[] = { secret_hash(arena, secret) };
	const struct pg_query query = {
		.statement = stmt(STMT_SESSION_FIND),
		.params = params,
		.deadline_ms = deadline_ms,
	};

	return secret_fits(secret, NO_PREFIX)
	    ? identity_find(pg, arena, &query, out)
	    : ERR_AUTH;
}

enum err
sessions_end(struct pg *pg, struct arena *arena, struct str secret,
    int64_t user_id, int64_t deadline_ms)
{
	const struct pg_param params[] = {
		secret_hash(arena, secret),
		pg_number_or_null(arena, user_id, 0),
	};
	const struct pg_query query = {
		.statement = stmt(STMT_SESSIONS_END),
		.params = params,
		.deadline_ms = deadline_ms,
	};
	struct pg_rows rows;

	return pg_run(pg, arena, &query, &rows);
}

enum err
sessions_close(
    struct pg *pg, struct arena *arena, struct str secret, int64_t deadline_ms)
{
	const struct pg_param params[] = { secret_hash(arena, secret) };
	const struct pg_query query = {
		.statement = stmt(STMT_SESSION_CLOSE),
		.params = params,
		.deadline_ms = deadline_ms,
	};
	struct pg_rows rows;

	if (!secret_fits(secret, NO_PREFIX))
		return ERR_OK;
	return pg_run(pg, arena, &query, &rows);
}
