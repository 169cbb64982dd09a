/*
 * feed: calls_list().  Floor: store.
 *
 * Which statement answers what is asked for, so that each reads a bounded
 * number of rows: the newest as they are, a filter from the shelves of the
 * calls (see migrations/0009_feed.sql), a search among the newest first, for
 * that fills most pages, and in the index of letters then: there among the
 * calls of late first, for each call that is found costs a page to be read.
 */
#include "store/calls.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "store/statements.h"
#include "twilio/words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PATTERN_MAX_BYTES 1024
#define SHELVES_MAX_BYTES 512
#define LETTERS 3 /* in a row, that the index can find */

/* What a shelf's number is made of, as call_shelf() has it. */
enum shelf {
	SHELF_CLOSED = 1,
	SHELF_HEARD = 2,
	SHELF_MESSAGE = 4,
	SHELF__ALL = 8
};

/* Its outcomes; NULL is the call that goes on. */
static const char *const outcomes[] = { NULL, "answered", "voicemail", "missed",
	"abandoned", "blocked", "failed" };

/* Of a search. */
struct patterns {
	struct str number;
	struct str name; /* absent: only the number can be found in all */
	bool in_all;     /* not among the newest alone */
};

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

/* Has it three letters or digits in a row?  All beyond ASCII count as such. */
static bool
is_indexed(struct str s)
{
	size_t run = 0;

	for (size_t i = 0; i < s.n && run < LETTERS; i++) {
		const unsigned char c = (unsigned char)s.p[i];
		const bool is_inside = c >= 0x80 && c < 0xc0; /* of a letter */
		const bool is_letter = (c >= '0' && c <= '9') ||
		    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    c >= 0xc0;

		if (!is_inside)
			run = is_letter ? run + 1 : 0;
	}
	return run == LETTERS;
}

static struct patterns
patterns_of(struct arena *arena, struct str q)
{
	const struct str digits = digits_of(arena, q);
	const struct str number = digits.p != NULL ? digits : q;
	struct patterns out = { .in_all = is_indexed(number) };

	out.number = pattern_of(arena, number);
	if (!out.in_all || is_indexed(q))
		out.name = pattern_of(arena, q);
	return out;
}

/* Is the word one of those in the list, or is nothing asked for? */
static bool
is_asked(struct str list, const char *word)
{
	if (list.p == NULL)
		return true;
	while (word != NULL && list.p != NULL) {
		if (str_eq(str_split(&list, ','), str_of(word)))
			return true;
	}
	return false;
}

/* May calls that go on, or those that are over, have such a status? */
static bool
status_fits(struct str list, bool is_over)
{
	if (list.p == NULL)
		return true;
	while (list.p != NULL) {
		const enum call_status status =
		    call_status_parse(str_split(&list, ','));

		if (call_status_is_terminal(status) == is_over)
			return true;
	}
	return false;
}

static bool
bit_fits(enum tristate asked, int shelf, enum shelf bit)
{
	return asked == TRISTATE_ANY ||
	    (asked == TRISTATE_YES) == ((shelf & (int)bit) != 0);
}

/* May a call on this shelf be asked for? */
static bool
shelf_fits(const struct call_filter *f, int shelf)
{
	const char *const outcome = outcomes[shelf / SHELF__ALL];

	if (f->to_do == TRISTATE_YES &&
	    ((shelf & SHELF_CLOSED) != 0 ||
		!is_asked(STR("missed,abandoned"), outcome)))
		return false;
	return is_asked(f->outcome, outcome) &&
	    status_fits(f->status, outcome != NULL) &&
	    bit_fits(f->has_voicemail, shelf, SHELF_MESSAGE) &&
	    bit_fits(f->heard, shelf, SHELF_HEARD);
}

/* As an array of SQL's; absent when all of them may be asked for. */
static struct str
shelves_of(struct arena *arena, const struct call_filter *f)
{
	const int all = (int)ARRAY_LEN(outcomes) * SHELF__ALL;
	struct buf out;
	int n = 0;

	buf_init(&out, arena, SHELVES_MAX_BYTES);
	for (int i = 0; i < all; i++) {
		if (shelf_fits(f, i))
			buf_addf(&out, "%s%d", n++ == 0 ? "{" : ",", i);
	}
	if (n == all)
		return STR_ABSENT;
	buf_add(&out, n == 0 ? STR("{}") : STR("}"));
	return buf_str(&out);
}

/* Of what leaves most of the calls. */
static bool
is_asked_for_more(const struct call_filter *f)
{
	return f->status.p != NULL || f->since_us >= 0 || f->until_us >= 0 ||
	    f->to_do != TRISTATE_ANY;
}

/*
 * Of a status that calls have in the end: nearly all have the one, and few the
 * others, which stand on any shelf.
 */
static bool
is_of_ended_calls(const struct call_filter *f)
{
	return f->status.p != NULL && status_fits(f->status, true);
}

/* So nothing leads to them, and one walk reads no more than many. */
static bool
is_of_any_shelf(const struct call_filter *f)
{
	return is_of_ended_calls(f) && f->line.p == NULL &&
	    f->outcome.p == NULL && f->has_voicemail == TRISTATE_ANY &&
	    f->heard == TRISTATE_ANY && f->to_do == TRISTATE_ANY;
}

static enum stmt
statement_for(const struct call_query *query, struct str shelves)
{
	if (is_of_any_shelf(&query->filter))
		return STMT_CALLS_WALKED;
	if (shelves.p != NULL || query->filter.line.p != NULL)
		return STMT_CALLS_SHELVED;
	if (is_asked_for_more(&query->filter))
		return STMT_CALLS_WALKED;
	return query->page.after_us < 0 && query->page.limit == CALLS_FIRST_ROWS
	    ? STMT_CALLS_FIRST
	    : STMT_CALLS_NEWEST;
}

/* Of a call, or behind all others of its time; us below 0: none. */
struct place {
	int64_t us;
	struct str sid;
};

/* Behind the page before, and before `until`: whichever is earlier. */
static struct place
begin_of(const struct call_query *query)
{
	const int64_t until_us = query->filter.until_us;
	const struct call_page *const page = &query->page;

	if (until_us >= 0 && (page->after_us < 0 || until_us <= page->after_us))
		return (struct place){ until_us, STR("") };
	return (struct place){ page->after_us, page->after_sid };
}

/* What is asked for, and how it is looked for. */
struct search {
	const struct call_query *query;
	struct patterns patterns;
	struct place last; /* that is looked at; none: all */
};

static enum err
run(struct pg *pg, struct arena *arena, const struct search *search,
    enum stmt which, struct pg_rows *out)
{
	const struct call_query *const query = search->query;
	const struct call_filter *const f = &query->filter;
	const struct patterns *const patterns = &search->patterns;
	const struct place begin = begin_of(query);
	const struct place last = search->last.us >= 0
	    ? search->last
	    : (struct place){ f->since_us, STR("") };
	const struct pg_param params[] = {
		pg_time(arena, begin.us),
		pg_text(begin.sid),
		pg_number(arena, query->page.limit),
		pg_text(f->line),
		pg_text(f->status),
		pg_text(shelves_of(arena, f)),
		pg_time(arena, last.us),
		pg_text(last.sid),
		tristate(f->to_do),
		pg_text(patterns->number),
		pg_text(patterns->name),
		pg_text(patterns->in_all ? STR("f") : STR("t")),
	};
	const struct pg_query pg_query = {
		.statement = stmt(which),
		.params = params,
		.deadline_ms = query->deadline_ms,
	};

	return pg_run(pg, arena, &pg_query, out);
}

/* Among the newest; when they do not fill the page, among more, then all. */
static enum err
seek(struct pg *pg, struct arena *arena, const struct search *search,
    struct pg_rows *out)
{
	static const enum stmt wider[] = { STMT_CALLS_SOUGHT_NEWEST,
		STMT_CALLS_SOUGHT_LATELY, STMT_CALLS_SOUGHT };
	const size_t n = search->patterns.in_all ? ARRAY_LEN(wider) : 1;
	enum err e = ERR_OK;

	for (size_t i = 0; i < n; i++) {
		e = run(pg, arena, search, wider[i], out);
		if (e != ERR_OK || out->n == (size_t)search->query->page.limit)
			break;
	}
	return e;
}

/* The last call of the window; none: it has all that may be asked for. */
static enum err
find_last(struct pg *pg, struct arena *arena, const struct call_query *query,
    struct place *out)
{
	const struct place begin = begin_of(query);
	const struct pg_param params[] = { pg_time(arena, begin.us),
		pg_text(begin.sid) };
	const struct pg_query pg_query = {
		.statement = stmt(STMT_CALLS_WINDOW),
		.params = params,
		.deadline_ms = query->deadline_ms,
	};
	struct pg_rows rows;
	const enum err e = pg_run(pg, arena, &pg_query, &rows);

	if (e != ERR_OK || rows.n == 0 ||
	    pg_int(&rows, 0, 0, -1) < query->filter.since_us)
		return e;
	*out = (struct place){ pg_int(&rows, 0, 0, -1), pg_str(&rows, 0, 1) };
	return e;
}

/* May what is asked for be so rare that it is looked for bit by bit? */
static bool
has_windows(const struct search *search)
{
	const struct call_query *const query = search->query;

	if (query->filter.q.p != NULL)
		return query->all_pages && search->patterns.in_all;
	return is_of_ended_calls(&query->filter);
}

enum err
calls_list(struct pg *pg, struct arena *arena, const struct call_query *query,
    struct call_list *out)
{
	const struct str q = query->filter.q;
	struct search search = { .query = query, .last.us = -1 };
	enum err e;

	if (q.p != NULL)
		search.patterns = patterns_of(arena, q);
	if (has_windows(&search) &&
	    (e = find_last(pg, arena, query, &search.last)) != ERR_OK)
		return e;
	if (q.p == NULL)
		e = run(pg, arena, &search,
		    statement_for(query, shelves_of(arena, &query->filter)),
		    &out->rows);
	else if (has_windows(&search))
		e = run(
		    pg, arena, &search, STMT_CALLS_SOUGHT_WITHIN, &out->rows);
	else
		e = seek(pg, arena, &search, &out->rows);
	out->on_us = -1;
	if (e == ERR_OK && out->rows.n < (size_t)query->page.limit) {
		out->on_us = search.last.us;
		out->on_sid = search.last.sid;
	}
	return e;
}

enum err
calls_settle(struct pg *pg, struct arena *arena, size_t *n)
{
	struct pg_rows rows;
	const enum err e =
	    stmt_command(pg, arena, STMT_CALLS_SETTLE, NULL, &rows);

	if (e == ERR_OK)
		*n = rows.affected;
	return e;
}
