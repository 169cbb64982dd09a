/* jobs: background work as rows.  Floor: store. */
#include "store/jobs.h"

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "store/statements.h"

#include <stddef.h>
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

/* Asks for one job by its key. */
static enum err
ask_for(struct pg *pg, struct arena *arena, enum stmt which,
    const struct job_key *key)
{
	const struct pg_param params[] = { pg_text(key->line),
		pg_text(key->call_sid), pg_text(key->kind),
		pg_text(key->channel) };
	struct pg_rows rows;

	return stmt_command(pg, arena, which, params, &rows);
}

enum err
jobs_add_own(struct pg *pg, struct arena *arena, const struct job_key *key)
{
	return ask_for(pg, arena, STMT_JOB_ADD_OWN, key);
}

enum err
jobs_hasten(struct pg *pg, struct arena *arena, const struct job_key *key)
{
	return ask_for(pg, arena, STMT_JOB_HASTEN, key);
}

enum err
jobs_last_done(struct pg *pg, struct arena *arena, const struct job_key *key,
    int64_t deadline_ms, int64_t *out_us)
{
	const struct pg_param params[] = { pg_text(key->line),
		pg_text(key->call_sid), pg_text(key->kind),
		pg_text(key->channel) };
	const struct pg_query query = { stmt(STMT_JOB_LAST_DONE), params,
		deadline_ms };
	struct pg_rows rows;
	enum err e = pg_run(pg, arena, &query, &rows);

	if (e == ERR_OK)
		*out_us = rows.n == 0 ? -1 : pg_int(&rows, 0, 0, -1);
	return e;
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
jobs_forget_hosts(struct pg *pg, struct arena *arena)
{
	struct pg_rows rows;

	return stmt_command(pg, arena, STMT_JOBS_FORGET_HOSTS, NULL, &rows);
}

enum err
jobs_release(struct pg *pg, struct arena *arena, const char *who)
{
	const struct pg_param params[] = { pg_text(str_of(who)) };
	struct pg_rows rows;

	return stmt_command(pg, arena, STMT_JOBS_RELEASE, params, &rows);
}

bool
jobs_is_state(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(state_names); i++) {
		if (str_eq(name, str_of(state_names[i])))
			return true;
	}
	return false;
}

static struct jobs_row
read_row(const struct pg_rows *rows, size_t i)
{
	return (struct jobs_row){
		.key = {
			.line = pg_str(rows, i, 0),
			.call_sid = pg_str(rows, i, 1),
			.kind = pg_str(rows, i, 2),
			.channel = pg_str(rows, i, 3),
		},
		.state = pg_str(rows, i, 4),
		.attempts = (int)pg_int(rows, i, 5, 0),
		.due_us = pg_int(rows, i, 6, 0),
		.finished_us = pg_int(rows, i, 7, -1),
		.is_leased = pg_bool(rows, i, 8),
		.remark = pg_str(rows, i, 9),
	};
}

enum err
jobs_list(struct pg *pg, struct arena *arena, const struct jobs_filter *filter,
    struct jobs_row **out, size_t *n)
{
	const struct pg_param params[] = { pg_text(filter->state),
		pg_text(filter->kind), pg_number(arena, filter->limit) };
	struct pg_rows rows;
	enum err e = stmt_command(pg, arena, STMT_JOBS_LIST, params, &rows);

	if (e != ERR_OK)
		return e;
	*n = rows.n;
	*out = ARENA_ARRAY(arena, rows.n, struct jobs_row);
	for (size_t i = 0; i < rows.n; i++)
		(*out)[i] = read_row(&rows, i);
	return ERR_OK;
}

enum err
jobs_retry(struct pg *pg, struct arena *arena, const struct job_key *key,
    bool dead, size_t *n)
{
	const struct pg_param params[] = { pg_text(key->kind),
		pg_text(key->call_sid), pg_text(key->channel),
		pg_text(dead ? STR("t") : STR("f")) };
	struct pg_rows rows;
	enum err e = stmt_command(pg, arena, STMT_JOBS_RETRY, params, &rows);

	if (e == ERR_OK)
		*n = rows.affected;
	return e;
}

enum err
jobs_counts(struct pg *pg, struct arena *arena, int64_t deadline_ms,
    struct jobs_count **out, size_t *n)
{
	const struct pg_query query = { stmt(STMT_JOBS_COUNTS), NULL,
		deadline_ms };
	struct pg_rows rows;
	enum err e = pg_run(pg, arena, &query, &rows);

	if (e != ERR_OK)
		return e;
	*n = rows.n;
	*out = ARENA_ARRAY(arena, rows.n, struct jobs_count);
	for (size_t i = 0; i < rows.n; i++) {
		(*out)[i] = (struct jobs_count){
			.kind = pg_str(&rows, i, 0),
			.state = pg_str(&rows, i, 1),
			.n = pg_int(&rows, i, 2, 0),
			.oldest_due_us = pg_int(&rows, i, 3, 0),
		};
	}
	return ERR_OK;
}
