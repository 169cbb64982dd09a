/* sign_in: from a name or a link to a session.  Floor: store. */
#include "store/sign_in.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/password.h"
#include "io/pg.h"
#include "secret.h"
#include "store/identity.h"
#include "store/statements.h"

#include <stddef.h>
#include <stdint.h>

#define NO_PREFIX STR("")

/* Of the cost of today, while the password is at hand.  It may fail. */
static void
renew_hash(struct pg *pg, struct arena *arena,
    const struct sign_in_try *attempt, struct sign_in_account *account)
{
	struct str made;
	struct pg_rows rows;

	if (!password_is_stale(arena, account->hash) ||
	    password_hash(arena, attempt->password, &made) != ERR_OK)
		return;
	const struct pg_param params[] = {
		pg_number(arena, account->user_id),
		pg_text(account->hash),
		pg_text(made),
	};
	const struct pg_query query = {
		.statement = stmt(STMT_USER_REHASH),
		.params = params,
		.deadline_ms = attempt->deadline_ms,
	};
	if (pg_run(pg, arena, &query, &rows) == ERR_OK && rows.affected == 1)
		account->hash = made;
}

enum err
sign_in_check(struct pg *pg, struct arena *arena,
    const struct sign_in_try *attempt, struct sign_in_account *out)
{
	const struct pg_param params[] = { pg_text(attempt->name) };
	const struct pg_query query = {
		.statement = stmt(STMT_SIGN_IN_TRY),
		.params = params,
		.deadline_ms = attempt->deadline_ms,
	};
	struct pg_rows rows;
	enum err e = pg_run(pg, arena, &query, &rows);

	if (e != ERR_OK)
		return e;
	*out = (struct sign_in_account){
		.user_id = pg_int(&rows, 0, 2, 0),
		.hash = pg_str(&rows, 0, 3),
		.wait_s = (int)pg_int(&rows, 0, 1, 1),
	};
	if (!pg_bool(&rows, 0, 0))
		return ERR_TOO_MANY;
	e = password_verify(arena, attempt->password, out->hash);
	if (e == ERR_OK)
		renew_hash(pg, arena, attempt, out);
	return e;
}

/* Runs a statement that makes a session of `made`. */
static enum err
open_session(struct pg *pg, struct arena *arena, const struct pg_query *query,
    struct str made, struct sign_in *out)
{
	const enum err e = identity_find(pg, arena, query, &out->who);

	if (e == ERR_OK)
		out->secret = made;
	return e;
}

enum err
sign_in_open(struct pg *pg, struct arena *arena,
    const struct sign_in_account *account, int64_t deadline_ms,
    struct sign_in *out)
{
	const struct str made = secret_new(arena, NO_PREFIX);
	const struct pg_param params[] = {
		pg_number(arena, account->user_id),
		pg_text(account->hash),
		secret_hash(arena, made),
	};
	const struct pg_query query = {
		.statement = stmt(STMT_SIGN_IN_OPEN),
		.params = params,
		.deadline_ms = deadline_ms,
	};

	return open_session(pg, arena, &query, made, out);
}

enum err
sign_in_by_link(struct pg *pg, struct arena *arena, struct str link,
    int64_t deadline_ms, struct sign_in *out)
{
	const struct str made = secret_new(arena, NO_PREFIX);
	const struct pg_param params[] = {
		secret_hash(arena, link),
		secret_hash(arena, made),
	};
	const struct pg_query query = {
		.statement = stmt(STMT_SIGN_IN_LINK),
		.params = params,
		.deadline_ms = deadline_ms,
	};

	return secret_fits(link, NO_PREFIX)
	    ? open_session(pg, arena, &query, made, out)
	    : ERR_AUTH;
}
