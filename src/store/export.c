/* export: the calls as CSV, page by page.  Floor: store. */
#include "store/export.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/csv.h"
#include "codec/date.h"
#include "io/pg.h"
#include "store/calls.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define PAGE_ROWS 500
#define PAGE_BLOCK_BYTES ((size_t)64 * 1024)

enum kind {
	KIND_TEXT, /* numbers as well: as they come */
	KIND_TIME,
	KIND_MESSAGE_TEXT, /* of a recording, if it counts as a message */
	KIND_MESSAGE_TIME
};

/* In the order of openapi/mainline.yaml. */
static const struct {
	const char *name;
	enum call_column column;
	enum kind kind;
} columns[] = {
	{ "sid", CALL_COLUMN_SID, KIND_TEXT },
	{ "started_at", CALL_COLUMN_STARTED_US, KIND_TIME },
	{ "line", CALL_COLUMN_LINE, KIND_TEXT },
	{ "from", CALL_COLUMN_FROM, KIND_TEXT },
	{ "caller_name", CALL_COLUMN_NAME, KIND_TEXT },
	{ "caller_city", CALL_COLUMN_CITY, KIND_TEXT },
	{ "caller_region", CALL_COLUMN_REGION, KIND_TEXT },
	{ "caller_country", CALL_COLUMN_COUNTRY, KIND_TEXT },
	{ "outcome", CALL_COLUMN_OUTCOME, KIND_TEXT },
	{ "reason", CALL_COLUMN_REASON, KIND_TEXT },
	{ "duration_s", CALL_COLUMN_DURATION_S, KIND_TEXT },
	{ "talk_s", CALL_COLUMN_TALK_S, KIND_TEXT },
	{ "forwarded_to", CALL_COLUMN_FORWARDED_TO, KIND_TEXT },
	{ "menu_key", CALL_COLUMN_MENU_KEY, KIND_TEXT },
	{ "voicemail_s", CALL_COLUMN_RECORDING_DURATION_S, KIND_MESSAGE_TEXT },
	{ "transcript", CALL_COLUMN_TRANSCRIPT, KIND_MESSAGE_TEXT },
	{ "heard_at", CALL_COLUMN_HEARD_US, KIND_MESSAGE_TIME },
	{ "done_at", CALL_COLUMN_DONE_US, KIND_TIME },
	{ "note", CALL_COLUMN_NOTE, KIND_TEXT },
	{ "status", CALL_COLUMN_STATUS, KIND_TEXT },
};

void
export_head(struct buf *out)
{
	struct csv w;

	csv_init(&w, out);
	for (size_t i = 0; i < ARRAY_LEN(columns); i++)
		csv_cell(&w, str_of(columns[i].name));
	csv_end(&w);
}

static struct str
cell(const struct export *x, size_t column)
{
	const enum kind kind = columns[column].kind;
	const size_t at = (size_t)columns[column].column;
	int64_t us;

	if ((kind == KIND_MESSAGE_TEXT || kind == KIND_MESSAGE_TIME) &&
	    !pg_bool(&x->list.rows, x->at, CALL_COLUMN_RECORDING_MESSAGE))
		return STR_ABSENT;
	if (kind == KIND_TEXT || kind == KIND_MESSAGE_TEXT)
		return pg_str(&x->list.rows, x->at, at);
	us = pg_int(&x->list.rows, x->at, at, -1);
	return us < 0 ? STR_ABSENT : date_rfc3339(x->arena, us);
}

static void
add_row(const struct export *x, struct buf *out)
{
	struct csv w;

	csv_init(&w, out);
	for (size_t i = 0; i < ARRAY_LEN(columns); i++)
		csv_cell(&w, cell(x, i));
	csv_end(&w);
}

static enum err
read_page(struct export *x)
{
	enum err e;

	x->at = 0;
	x->query.deadline_ms = clock_mono_ms() + x->page_ms;
	e = calls_list(x->pg, x->arena, &x->query, &x->list);
	if (e != ERR_OK)
		x->list.rows.n = 0;
	x->is_last =
	    e != ERR_OK || (x->list.rows.n < PAGE_ROWS && x->list.on_us < 0);
	return e;
}

/* The page behind the present one; its place is copied before its rows go. */
static enum err
turn_page(struct export *x)
{
	const struct pg_rows *const rows = &x->list.rows;
	const bool is_full = rows->n == PAGE_ROWS;
	char sid[sizeof("CA") + 32];
	struct str after = x->list.on_sid;

	x->query.page.after_us = x->list.on_us;
	if (is_full) {
		after = pg_str(rows, rows->n - 1, CALL_COLUMN_SID);
		x->query.page.after_us =
		    pg_int(rows, rows->n - 1, CALL_COLUMN_FIRST_SEEN_US, 0);
	}
	if (after.n >= sizeof(sid))
		return ERR_BUG;
	memcpy(sid, after.p, after.n);
	arena_reset(x->arena);
	x->query.page.after_sid =
	    str_copy(x->arena, (struct str){ sid, after.n });
	return read_page(x);
}

/*
 * The few that are found are in one page, by the index; of more than that each
 * page would be found among all of them once more.
 */
static enum err
read_first(struct export *x)
{
	enum err e = read_page(x);

	if (e != ERR_OK || x->is_last || x->query.filter.q.p == NULL)
		return e;
	x->query.all_pages = true;
	arena_reset(x->arena);
	return read_page(x);
}

enum err
export_begin(struct export *x, struct pg *pg, const struct call_query *query,
    int page_ms)
{
	enum err e;

	*x = (struct export){
		.pg = pg,
		.arena = arena_new(PAGE_BLOCK_BYTES),
		.query = *query,
		.page_ms = page_ms,
	};
	x->query.page =
	    (struct call_page){ .after_us = -1, .limit = PAGE_ROWS };
	if ((e = read_first(x)) != ERR_OK)
		export_end(x);
	return e;
}

enum err
export_next(struct export *x, struct buf *out)
{
	const int64_t until_ms = clock_mono_ms() + EXPORT_PIECE_MS;
	enum err e = ERR_OK;

	while (!export_is_over(x) && out->n < EXPORT_PIECE_BYTES) {
		if (x->at < x->list.rows.n) {
			add_row(x, out);
			x->at++;
		} else if (clock_left_ms(until_ms) == 0) {
			break;
		} else if ((e = turn_page(x)) != ERR_OK) {
			return e;
		}
	}
	return buf_close(out);
}

bool
export_is_over(const struct export *x)
{
	return x->is_last && x->at == x->list.rows.n;
}

void
export_end(struct export *x)
{
	arena_free(x->arena);
	x->arena = NULL;
}
