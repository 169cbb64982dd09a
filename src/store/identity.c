/* identity: who asks, and what they may do.  Floor: store. */
#include "store/identity.h"

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "store/tokens.h"

#include <stddef.h>

/* Where they stand in a row. */
enum column {
	NAME,
	SCOPES,
	ROLE,
	USER_ID,
	PASSWORD_WANTED,
	BY_LINK,
	N_COLUMNS
};

static const struct {
	const char *name; /* NULL: none */
	unsigned int scopes;
} roles[] = {
	[ROLE_NONE] = { NULL, 0 },
	[ROLE_READER] = { "reader", SCOPE_READ },
	[ROLE_AGENT] = { "agent", SCOPE_READ | SCOPE_AUDIO | SCOPE_MARK },
	[ROLE_ADMIN] = { "admin", SCOPE_ADMIN },
};

enum err
role_parse(struct str name, enum role *out)
{
	for (size_t i = ROLE_READER; i < ARRAY_LEN(roles); i++) {
		if (!str_eq(name, str_of(roles[i].name)))
			continue;
		*out = (enum role)i;
		return ERR_OK;
	}
	return ERR_INPUT;
}

struct str
role_name(enum role role)
{
	return (size_t)role < ARRAY_LEN(roles) ? str_of(roles[role].name)
					       : STR_ABSENT;
}

unsigned int
role_scopes(enum role role)
{
	return (size_t)role < ARRAY_LEN(roles) ? roles[role].scopes : 0;
}

/* A token's row may end behind its scopes. */
static enum err
read_user(const struct pg_rows *rows, struct identity *who)
{
	if (rows->columns < N_COLUMNS ||
	    role_parse(pg_str(rows, 0, ROLE), &who->role) != ERR_OK)
		return ERR_BUG;
	who->scopes = role_scopes(who->role);
	who->user_id = pg_int(rows, 0, USER_ID, 0);
	who->password_wanted = pg_bool(rows, 0, PASSWORD_WANTED);
	who->by_link = pg_bool(rows, 0, BY_LINK);
	return ERR_OK;
}

enum err
identity_find(struct pg *pg, struct arena *arena, const struct pg_query *query,
    struct identity *out)
{
	struct identity who = { 0 };
	struct pg_rows rows;
	enum err e = pg_run(pg, arena, query, &rows);

	if (e != ERR_OK)
		return e;
	if (rows.n == 0)
		return ERR_AUTH;
	who.name = pg_str(&rows, 0, NAME);
	if (pg_str(&rows, 0, SCOPES).p == NULL)
		e = read_user(&rows, &who);
	else if (scopes_parse(pg_str(&rows, 0, SCOPES), &who.scopes) != ERR_OK)
		e = ERR_BUG;
	if (e == ERR_OK)
		*out = who;
	return e;
}
