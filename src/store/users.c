/* users: people who may sign in.  Floor: store. */
#include "store/users.h"

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/utf8.h"
#include "io/pg.h"
#include "secret.h"
#include "store/identity.h"
#include "store/statements.h"

#include <stddef.h>
#include <stdint.h>

#define NO_PREFIX STR("")
#define NO_VALUE ((struct pg_param){ .value = STR_ABSENT })

bool
users_fits(struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		if ((unsigned char)name.p[i] < 0x20 || name.p[i] == 0x7f)
			return false;
	}
	return name.n > 0 && name.n <= USERS_NAME_MAX_BYTES &&
	    str_trim(name).n == name.n && utf8_is_valid(name);
}

enum err
users_add(struct pg *pg, struct arena *arena, const struct users_new *user,
    struct str *link)
{
	const bool by_link = user->password.p == NULL;
	const struct str secret = secret_new(arena, NO_PREFIX);
	const struct pg_param params[] = {
		pg_text(user->name),
		pg_text(role_name(user->role)),
		pg_text(user->password),
		by_link ? secret_hash(arena, secret) : NO_VALUE,
	};
	struct pg_rows rows;
	const enum err e =
	    stmt_command(pg, arena, STMT_USER_ADD, params, &rows);

	if (e == ERR_OK)
		*link = by_link ? secret : STR_ABSENT;
	return e;
}

enum err
users_list(struct pg *pg, struct arena *arena, int64_t deadline_ms,
    struct users_row **out, size_t *n)
{
	const struct pg_query query = {
		.statement = stmt(STMT_USER_LIST),
		.deadline_ms = deadline_ms,
	};
	struct pg_rows rows;
	const enum err e = pg_run(pg, arena, &query, &rows);

	if (e != ERR_OK)
		return e;
	*n = rows.n;
	*out = ARENA_ARRAY(arena, rows.n, struct users_row);
	for (size_t i = 0; i < rows.n; i++) {
		(*out)[i] = (struct users_row){
			.name = pg_str(&rows, i, 0),
			.role = pg_str(&rows, i, 1),
			.created_us = pg_int(&rows, i, 2, -1),
			.last_seen_on = pg_str(&rows, i, 3),
			.has_password = pg_bool(&rows, i, 4),
			.locked_until_us = pg_int(&rows, i, 5, -1),
		};
	}
	return ERR_OK;
}

enum err
users_find(
    struct pg *pg, struct arena *arena, struct str name, struct users_id *out)
{
	const struct pg_param params[] = { pg_text(name) };
	struct pg_rows rows;
	const enum err e =
	    stmt_command(pg, arena, STMT_USER_FIND, params, &rows);

	if (e != ERR_OK)
		return e;
	if (rows.n == 0)
		return ERR_NOT_FOUND;
	*out = (struct users_id){
		.id = pg_int(&rows, 0, 0, 0),
		.name = pg_str(&rows, 0, 1),
	};
	return ERR_OK;
}

/* A command about one user: a row says that there is one. */
static enum err
change(struct pg *pg, struct arena *arena, enum stmt which,
    const struct pg_param *params)
{
	struct pg_rows rows;
	const enum err e = stmt_command(pg, arena, which, params, &rows);

	if (e != ERR_OK)
		return e;
	return rows.n == 0 ? ERR_NOT_FOUND : ERR_OK;
}

enum err
users_set_role(
    struct pg *pg, struct arena *arena, struct str name, enum role role)
{
	const struct pg_param params[] = {
		pg_text(name),
		pg_text(role_name(role)),
	};

	return change(pg, arena, STMT_USER_ROLE, params);
}

enum err
users_remove(struct pg *pg, struct arena *arena, struct str name)
{
	const struct pg_param params[] = { pg_text(name) };

	return change(pg, arena, STMT_USER_REMOVE, params);
}

enum err
users_link(
    struct pg *pg, struct arena *arena, struct str name, struct str *link)
{
	const struct str secret = secret_new(arena, NO_PREFIX);
	const struct pg_param params[] = {
		pg_text(name),
		secret_hash(arena, secret),
	};
	const enum err e = change(pg, arena, STMT_USER_LINK, params);

	if (e == ERR_OK)
		*link = secret;
	return e;
}

enum err
users_set_password(struct pg *pg, struct arena *arena,
    const struct users_password *password, int64_t deadline_ms)
{
	const struct pg_param chosen[] = {
		pg_number(arena, password->user_id),
		pg_text(password->hash),
	};
	const struct pg_param but[] = {
		pg_number(arena, password->user_id),
		password->session.p == NULL
		    ? NO_VALUE
		    : secret_hash(arena, password->session),
	};
	const struct pg_query steps[] = {
		{ stmt(STMT_BEGIN), NULL, deadline_ms },
		{ stmt(STMT_USER_PASSWORD), chosen, deadline_ms },
		{ stmt(STMT_USER_SIGN_OUT), but, deadline_ms },
		{ stmt(STMT_COMMIT), NULL, deadline_ms },
	};
	struct pg_rows rows;
	enum err e = ERR_OK;

	pg_pin(pg);
	for (size_t i = 0; i < ARRAY_LEN(steps) && e == ERR_OK; i++) {
		e = pg_run(pg, arena, &steps[i], &rows);
		if (e == ERR_OK && steps[i].params == chosen && rows.n == 0)
			e = ERR_NOT_FOUND;
	}
	pg_unpin(pg);
	return e;
}

enum err
users_remote(struct pg *pg, struct arena *arena, struct str name,
    int64_t deadline_ms, struct identity *out)
{
	const struct pg_param params[] = { pg_text(name) };
	const struct pg_query query = {
		.statement = stmt(STMT_USER_REMOTE),
		.params = params,
		.deadline_ms = deadline_ms,
	};
	enum err e = ERR_AUTH;

	if (users_fits(name))
		e = identity_find(pg, arena, &query, out);
	return e == ERR_AUTH ? ERR_NOT_FOUND : e;
}
