/* feed_links: the messages for feed readers.  Floor: store. */
#include "store/feed_links.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "secret.h"
#include "store/identity.h"
#include "store/statements.h"
#include "store/tokens.h"

#include <stdint.h>

enum err
feed_links_find(struct pg *pg, struct arena *arena, struct str key,
    int64_t deadline_ms, struct identity *out)
{
	const struct pg_param params[] = { secret_hash(arena, key) };
	const struct pg_query query = {
		.statement = stmt(STMT_FEED_FIND),
		.params = params,
		.deadline_ms = deadline_ms,
	};
	struct pg_rows rows;
	enum err e;

	if (!tokens_fits(key))
		return ERR_AUTH;
	if ((e = pg_run(pg, arena, &query, &rows)) != ERR_OK)
		return e;
	if (rows.n == 0)
		return ERR_AUTH;
	*out = (struct identity){
		.name = pg_str(&rows, 0, 0),
		.scopes = SCOPE_FEED,
	};
	return ERR_OK;
}

enum err
feed_links_get(struct pg *pg, struct arena *arena, int64_t user_id,
    int64_t deadline_ms, struct feed_link *out)
{
	const struct pg_param params[] = { pg_number(arena, user_id) };
	const struct pg_query query = {
		.statement = stmt(STMT_FEED_LINK),
		.params = params,
		.deadline_ms = deadline_ms,
	};
	struct pg_rows rows;
	enum err e;

	if ((e = pg_run(pg, arena, &query, &rows)) != ERR_OK)
		return e;
	*out = (struct feed_link){ .created_us = -1 };
	if (rows.n > 0)
		*out = (struct feed_link){
			.created_us = pg_int(&rows, 0, 0, -1),
			.last_used_on = pg_str(&rows, 0, 1),
		};
	return ERR_OK;
}

enum err
feed_links_make(struct pg *pg, struct arena *arena, int64_t user_id,
    int64_t deadline_ms, struct str *key)
{
	const struct str made = tokens_secret(arena);
	const struct pg_param params[] = {
		pg_number(arena, user_id),
		secret_hash(arena, made),
	};
	const struct pg_query query = {
		.statement = stmt(STMT_FEED_MAKE),
		.params = params,
		.deadline_ms = deadline_ms,
	};
	struct pg_rows rows;
	enum err e;

	if ((e = pg_run(pg, arena, &query, &rows)) == ERR_OK)
		*key = made;
	return e;
}

enum err
feed_links_revoke(
    struct pg *pg, struct arena *arena, int64_t user_id, int64_t deadline_ms)
{
	const struct pg_param params[] = { pg_number(arena, user_id) };
	const struct pg_query query = {
		.statement = stmt(STMT_FEED_REVOKE),
		.params = params,
		.deadline_ms = deadline_ms,
	};
	struct pg_rows rows;

	return pg_run(pg, arena, &query, &rows);
}

enum err
feed_links_messages(struct pg *pg, struct arena *arena, int64_t deadline_ms,
    struct pg_rows *out)
{
	const struct pg_query query = {
		.statement = stmt(STMT_FEED_MESSAGES),
		.deadline_ms = deadline_ms,
	};

	return pg_run(pg, arena, &query, out);
}
