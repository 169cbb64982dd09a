/* jobs: background work as rows.  Floor: store. */
#include "store/jobs.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "store/statements.h"

#include <stdint.h>

static const char *const state_names[] = {
	[JOB_DUE] = "due",
	[JOB_DONE] = "done",
	[JOB_DEAD] = "dead",
};

enum err
jobs_add(struct pg *pg, struct arena *arena, const struct job_key *key,
    int64_t due_us)
{
	const struct pg_param params[] = { pg_text(key->line),
		pg_text(key->call_sid), pg_text(key->kind),
		pg_text(key->channel), pg_time(arena, due_us) };
	struct pg_rows rows;

	return stmt_command(pg, arena, STMT_JOB_ADD, params, &rows);
}

enum err
jobs_claim(struct pg *pg, struct arena *arena, const char *who, struct job *out)
{
	const struct pg_param params[] = { pg_text(str_of(who)),
		pg_number(arena, JOBS_LEASE_S) };
	struct pg_rows rows;
	enum err e = stmt_command(pg, arena, STMT_JOB_CLAIM, params, &rows);

	if (e != ERR_OK)
		return e;
	if (rows.n == 0)
		return ERR_NOT_FOUND;
	*out = (struct job){
		.key = {
			.line = pg_str(&rows, 0, 0),
			.call_sid = pg_str(&rows, 0, 1),
			.kind = pg_str(&rows, 0, 2),
			.channel = pg_str(&rows, 0, 3),
		},
		.attempts = (int)pg_int(&rows, 0, 4, 1),
		.created_us = pg_int(&rows, 0, 5, 0),
		.due_us = pg_int(&rows, 0, 6, 0),
	};
	return ERR_OK;
}

enum err
jobs_end(struct pg *pg, struct arena *arena, const char *who,
    const struct job *job, const struct job_end *end)
{
	const struct pg_param params[] = {
		pg_text(job->key.line),
		pg_text(job->key.call_sid),
		pg_text(job->key.kind),
		pg_text(job->key.channel),
		pg_text(str_of(who)),
		pg_number(arena, job->attempts),
		pg_text(str_of(state_names[end->state])),
		pg_number(arena, end->delay_s),
		pg_text(end->why),
		pg_text(end->anew ? STR("t") : STR("f")),
	};
	struct pg_rows rows;
	enum err e = stmt_command(pg, arena, STMT_JOB_END, params, &rows);

	if (e == ERR_OK && rows.affected == 0)
		return ERR_CONFLICT;
	return e;
}

enum err
jobs_release(struct pg *pg, struct arena *arena, const char *who)
{
	const struct pg_param params[] = { pg_text(str_of(who)) };
	struct pg_rows rows;

	return stmt_command(pg, arena, STMT_JOBS_RELEASE, params, &rows);
}
