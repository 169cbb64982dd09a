/* checkup: what the doctor asks the database.  Floor: store. */
#include "store/checkup.h"

#include "base/arena.h"
#include "base/err.h"
#include "io/pg.h"
#include "store/statements.h"

#include <stdbool.h>
#include <stdint.h>

static enum err
ask(struct pg *pg, struct arena *arena, enum stmt which, int64_t deadline_ms,
    struct pg_rows *out)
{
	const struct pg_query query = {
		.statement = stmt(which),
		.deadline_ms = deadline_ms,
	};

	return pg_run(pg, arena, &query, out);
}

enum err
checkup_database(struct pg *pg, struct arena *arena, int64_t deadline_ms,
    struct checkup_database *out)
{
	struct pg_rows rows;
	const enum err e =
	    ask(pg, arena, STMT_CHECKUP_DATABASE, deadline_ms, &rows);

	if (e != ERR_OK)
		return e;
	*out = (struct checkup_database){
		.is_read_only = pg_bool(&rows, 0, 0),
		.has_fsync = pg_bool(&rows, 0, 1),
		.has_trgm = pg_bool(&rows, 0, 2),
		.version = (int)pg_int(&rows, 0, 3, 0),
		.now_us = pg_int(&rows, 0, 4, 0),
		.role = pg_str(&rows, 0, 5),
		.denied = pg_str(&rows, 0, 6),
	};
	return ERR_OK;
}

enum err
checkup_jobs(struct pg *pg, struct arena *arena, int64_t deadline_ms,
    struct checkup_jobs *out)
{
	struct pg_rows rows;
	const enum err e =
	    ask(pg, arena, STMT_CHECKUP_JOBS, deadline_ms, &rows);

	if (e != ERR_OK)
		return e;
	*out = (struct checkup_jobs){
		.now_us = pg_int(&rows, 0, 0, 0),
		.snapshot_us = pg_int(&rows, 0, 1, -1),
		.sweep_us = pg_int(&rows, 0, 2, -1),
		.oldest_us = pg_int(&rows, 0, 3, -1),
		.dead = pg_int(&rows, 0, 4, 0),
		.dead_kinds = pg_str(&rows, 0, 5),
	};
	return ERR_OK;
}

enum err
checkup_keep(struct pg *pg, struct arena *arena, const struct checkup *checkup)
{
	const struct pg_param params[] = { pg_text(checkup->host),
		pg_text(checkup->findings) };
	struct pg_rows rows;

	return stmt_command(pg, arena, STMT_CHECKUP_KEEP, params, &rows);
}

enum err
checkup_last(struct pg *pg, struct arena *arena, int64_t deadline_ms,
    struct checkup *out)
{
	struct pg_rows rows;
	const enum err e =
	    ask(pg, arena, STMT_CHECKUP_LAST, deadline_ms, &rows);

	if (e != ERR_OK)
		return e;
	if (rows.n == 0)
		return ERR_NOT_FOUND;
	*out = (struct checkup){
		.host = pg_str(&rows, 0, 0),
		.checked_us = pg_int(&rows, 0, 1, -1),
		.findings = pg_str(&rows, 0, 2),
	};
	return ERR_OK;
}

enum err
checkup_hasten(
    struct pg *pg, struct arena *arena, int64_t deadline_ms, bool *asked)
{
	struct pg_rows rows;
	const enum err e =
	    ask(pg, arena, STMT_CHECKUP_HASTEN, deadline_ms, &rows);

	*asked = e == ERR_OK && rows.n > 0;
	return e;
}

enum err
checkup_pending(
    struct pg *pg, struct arena *arena, int64_t deadline_ms, bool *out)
{
	struct pg_rows rows;
	const enum err e =
	    ask(pg, arena, STMT_CHECKUP_PENDING, deadline_ms, &rows);

	*out = e == ERR_OK && pg_bool(&rows, 0, 0);
	return e;
}
