/* calls: reading the record.  Floor: store. */
#include "store/calls.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "store/statements.h"

#include <stddef.h>
#include <stdint.h>

#define PATTERN_MAX_BYTES 1024

static struct pg_param
tristate(enum tristate value)
{
	if (value == TRISTATE_ANY)
		return pg_text(STR_ABSENT);
	return pg_text(value == TRISTATE_YES ? STR("t") : STR("f"));
}

/* A pattern of LIKE that finds `s` anywhere, its wildcards taken as letters. */
static struct str
pattern_of(struct arena *arena, struct str s)
{
	struct buf out;

	buf_init(&out, arena, PATTERN_MAX_BYTES);
	buf_addc(&out, '%');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '%' || s.p[i] == '_' || s.p[i] == '\\')
			buf_addc(&out, '\\');
		buf_addc(&out, s.p[i]);
	}
	buf_addc(&out, '%');
	return buf_str(&out);
}

/*
 * The digits of what somebody typed as a number ("+1 (555) 010-0777"), absent
 * when there is anything else in it.
 */
static struct str
digits_of(struct arena *arena, struct str q)
{
	char *const out = arena_alloc(arena, q.n);
	size_t n = 0;

	for (size_t i = 0; i < q.n; i++) {
		const char c = q.p[i];

		if (c >= '0' && c <= '9')
			out[n++] = c;
		else if (c != '+' && c != ' ' && c != '-' && c != '(' &&
		    c != ')' && c != '.' && c != '/')
			return STR_ABSENT;
	}
	return n == 0 ? STR_ABSENT : (struct str){ out, n };
}

static bool
has_filter(const struct call_filter *f)
{
	return f->line.p != NULL || f->status.p != NULL ||
	    f->outcome.p != NULL || f->q.p != NULL || f->since_us >= 0 ||
	    f->until_us >= 0 || f->has_voicemail != TRISTATE_ANY ||
	    f->heard != TRISTATE_ANY;
}

static enum stmt
statement_for(const struct call_query *query)
{
	const struct call_filter *const f = &query->filter;

	if (f->q.p != NULL)
		return STMT_CALLS_SEARCH;
	if (has_filter(f))
		return STMT_CALLS_FILTERED;
	return query->page.after_us < 0 && query->page.limit == CALLS_FIRST_ROWS
	    ? STMT_CALLS_FIRST
	    : STMT_CALLS_NEWEST;
}

enum err
calls_list(struct pg *pg, struct arena *arena, const struct call_query *query,
    struct pg_rows *out)
{
	const struct call_filter *const f = &query->filter;
	const struct str digits = digits_of(arena, f->q);
	const struct pg_param params[] = {
		pg_time(arena, query->page.after_us),
		pg_text(query->page.after_sid),
		pg_number(arena, query->page.limit),
		pg_text(f->line),
		pg_text(f->status),
		pg_text(f->outcome),
		pg_time(arena, f->since_us),
		pg_time(arena, f->until_us),
		tristate(f->has_voicemail),
		tristate(f->heard),
		pg_text(pattern_of(arena, digits.p != NULL ? digits : f->q)),
		pg_text(pattern_of(arena, f->q)),
	};
	const struct pg_query pg_query = {
		.statement = stmt(statement_for(query)),
		.params = params,
		.deadline_ms = query->deadline_ms,
	};

	return pg_run(pg, arena, &pg_query, out);
}

enum err
calls_get(struct pg *pg, struct arena *arena, struct str sid,
    int64_t deadline_ms, struct call_detail *out)
{
	const struct {
		enum stmt which;
		struct pg_rows *rows;
	} parts[] = {
		{ STMT_CALL_STEPS, &out->steps },
		{ STMT_CALL_LEGS, &out->legs },
		{ STMT_CALL_EVENTS, &out->events },
		{ STMT_CALL_LISTENS, &out->listens },
	};
	struct pg_param params[] = { pg_text(sid), pg_text(sid) };
	struct pg_query query = {
		.statement = stmt(STMT_CALL_GET),
		.params = params,
		.deadline_ms = deadline_ms,
	};
	enum err e = pg_run(pg, arena, &query, &out->call);

	if (e != ERR_OK)
		return e;
	if (out->call.n == 0)
		return ERR_NOT_FOUND;
	params[0] = pg_text(pg_str(&out->call, 0, CALL_COLUMN_LINE));
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		query.statement = stmt(parts[i].which);
		if ((e = pg_run(pg, arena, &query, parts[i].rows)) != ERR_OK)
			return e;
	}
	return ERR_OK;
}

enum err
calls_lines(struct pg *pg, struct arena *arena, int64_t deadline_ms,
    struct pg_rows *out)
{
	const struct pg_query query = {
		.statement = stmt(STMT_LINES),
		.deadline_ms = deadline_ms,
	};

	return pg_run(pg, arena, &query, out);
}

enum err
calls_get_live(struct pg *pg, struct arena *arena, const struct call_key *key,
    int64_t deadline_ms, struct call_detail *out)
{
	const struct pg_param params[] = { pg_text(key->line),
		pg_text(key->sid) };
	struct pg_query query = {
		.statement = stmt(STMT_CALL_OF_LINE),
		.params = params,
		.deadline_ms = deadline_ms,
	};
	enum err e = pg_run(pg, arena, &query, &out->call);

	if (e != ERR_OK)
		return e;
	if (out->call.n == 0)
		return ERR_NOT_FOUND;
	if (pg_str(&out->call, 0, CALL_COLUMN_OUTCOME).p != NULL)
		return ERR_OK;
	query.statement = stmt(STMT_CALL_STEPS);
	if ((e = pg_run(pg, arena, &query, &out->steps)) != ERR_OK)
		return e;
	query.statement = stmt(STMT_CALL_LEGS);
	return pg_run(pg, arena, &query, &out->legs);
}
