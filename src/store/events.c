/* events: writing rows of events, and so their calls.  Floor: store. */
#include "store/events.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "io/pg.h"
#include "store/event_row.h"
#include "store/statements.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#define ARRAY_HEAD_BYTES 20
#define LENGTH_BYTES 4

static struct str
field(const struct event_row *row, enum row_field f)
{
	return row->field[f];
}

bool
events_fit(
    const struct event_row *const *rows, size_t n, const struct event_row *row)
{
	if (n == EVENTS_BATCH_MAX || field(row, ROW_ASIDE).p != NULL ||
	    (n > 0 && !str_eq(field(rows[0], ROW_LINE), field(row, ROW_LINE))))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (str_eq(
			field(rows[i], ROW_CALL_SID), field(row, ROW_CALL_SID)))
			return false;
	}
	return true;
}

/* Two journals that write the same calls must lock them in one order. */
static int
by_call(const void *a, const void *b)
{
	const struct event_row *const *const x = a;
	const struct event_row *const *const y = b;

	return str_cmp(field(*x, ROW_CALL_SID), field(*y, ROW_CALL_SID));
}

static const struct event_row *const *
sorted(struct arena *arena, const struct event_row *const *rows, size_t n)
{
	const struct event_row **const list =
	    ARENA_ARRAY(arena, n, const struct event_row *);

	for (size_t i = 0; i < n; i++)
		list[i] = rows[i];
	qsort(list, n, sizeof(struct event_row *), by_call);
	return list;
}

static void
add_u32(struct buf *b, uint32_t value)
{
	const unsigned char bytes[] = { (unsigned char)(value >> 24),
		(unsigned char)(value >> 16), (unsigned char)(value >> 8),
		(unsigned char)value };

	buf_add(b, (struct str){ (const char *)bytes, sizeof(bytes) });
}

static size_t
array_bytes(const struct event_row *const *rows, size_t n, enum row_field f)
{
	size_t bytes = ARRAY_HEAD_BYTES;

	for (size_t i = 0; i < n; i++)
		bytes += LENGTH_BYTES + field(rows[i], f).n;
	return bytes;
}

static bool
is_told(const struct event_row *const *rows, size_t n, enum row_field f)
{
	for (size_t i = 0; i < n; i++) {
		if (field(rows[i], f).p != NULL)
			return true;
	}
	return false;
}

/*
 * One column as a binary array of one dimension; NULL when nobody tells it,
 * which unnest() fills with NULLs.
 * Source: array_recv() in PostgreSQL's arrayfuncs.c
 */
static struct pg_param
column(struct arena *arena, const struct event_row *const *rows, size_t n,
    enum row_field f)
{
	struct buf b;

	if (!is_told(rows, n, f))
		return pg_text(STR_ABSENT);
	buf_init(&b, arena, array_bytes(rows, n, f));
	add_u32(&b, 1); /* dimensions */
	add_u32(&b, 1); /* there may be NULLs */
	add_u32(&b, row_field_oid(f));
	add_u32(&b, (uint32_t)n);
	add_u32(&b, 1); /* the first index */
	for (size_t i = 0; i < n; i++) {
		const struct str s = field(rows[i], f);

		add_u32(&b, s.p == NULL ? UINT32_MAX : (uint32_t)s.n);
		buf_add(&b, s);
	}
	return pg_bytea(buf_str(&b));
}

struct pg_query
events_query(struct arena *arena, const struct event_row *const *rows, size_t n,
    int64_t deadline_ms)
{
	struct pg_param *const params =
	    ARENA_ARRAY(arena, ROW_ASIDE, struct pg_param);

	rows = sorted(arena, rows, n);
	params[ROW_LINE] = pg_text(field(rows[0], ROW_LINE));
	for (enum row_field f = ROW_CALL_SID; f < ROW_ASIDE; f++)
		params[f] = column(arena, rows, n, f);
	return (struct pg_query){ stmt(STMT_EVENTS_ADD), params, deadline_ms };
}

struct pg_query
events_aside_query(
    struct arena *arena, const struct event_row *row, int64_t deadline_ms)
{
	static const enum row_field fields[] = { ROW_KEY, ROW_RECEIVED,
		ROW_KIND, ROW_URI, ROW_BODY, ROW_ASIDE, ROW_LINE,
		ROW_CALL_SID };
	struct pg_param *const params =
	    ARENA_ARRAY(arena, ARRAY_LEN(fields), struct pg_param);

	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		params[i] = pg_bytea(field(row, fields[i]));
	return (struct pg_query){ stmt(STMT_EVENT_ASIDE), params, deadline_ms };
}

static enum err
set_aside(struct pg *pg, struct arena *arena, const struct log *log,
    const struct event_row *row, int64_t deadline_ms)
{
	const struct pg_query query =
	    events_aside_query(arena, row, deadline_ms);
	const struct str kind = field(row, ROW_KIND);
	const struct str why = field(row, ROW_ASIDE);
	struct pg_rows rows;

	log_event(
	    log, LOG_ASIDE, ERR_OK, "%.*s: %.*s", STR_ARG(kind), STR_ARG(why));
	return pg_run(pg, arena, &query, &rows);
}

enum err
events_add(struct pg *pg, struct arena *arena, const struct log *log,
    const struct event_row *row, int64_t deadline_ms)
{
	struct event_row aside = *row;
	struct pg_query query;
	struct pg_rows rows;
	enum err e;

	if (field(row, ROW_ASIDE).p != NULL)
		return set_aside(pg, arena, log, row, deadline_ms);
	query = events_query(arena, &row, 1, deadline_ms);
	e = pg_run(pg, arena, &query, &rows);
	if (e != ERR_INPUT && e != ERR_CONFLICT)
		return e;
	aside.field[ROW_ASIDE] = STR("no row can hold it");
	return set_aside(pg, arena, log, &aside, deadline_ms);
}
