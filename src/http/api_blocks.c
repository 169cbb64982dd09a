/*
 * api_blocks: GET /api/blocks, and GET, PUT and DELETE /api/blocks/{number}.
 * Floor: http.
 *
 * A block counts when the snapshots of the hosts hold it, some seconds later.
 */
#include "api.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "body.h"
#include "codec/form.h"
#include "codec/json.h"
#include "codec/jsonw.h"
#include "codec/phone.h"
#include "codec/utf8.h"
#include "cursor.h"
#include "flow/block_list.h"
#include "flow/flow.h"
#include "flow/flow_set.h"
#include "http/http.h"
#include "io/conf.h"
#include "io/pg.h"
#include "store/blocks.h"

#include <stdbool.h>
#include <stddef.h>

#define BUDGET_MS 2000
#define PAGE_ROWS 500 /* each may have a note of 8 kB */
#define MAX_PAIRS 32

static void
members(struct jsonw *w, const struct pg_rows *rows, size_t row)
{
	jsonw_str(w, "number", pg_str(rows, row, BLOCK_COLUMN_NUMBER));
	jsonw_str(w, "note", pg_str(rows, row, BLOCK_COLUMN_NOTE));
	jsonw_time(
	    w, "created_at", pg_int(rows, row, BLOCK_COLUMN_CREATED_US, -1));
	jsonw_str(w, "created_by", pg_str(rows, row, BLOCK_COLUMN_CREATED_BY));
}

static enum err
answer(struct resp *resp, const struct buf *body)
{
	resp_header(resp, "Cache-Control", STR("private, no-store"));
	resp_json(resp, 200, buf_str(body));
	return buf_close(body);
}

static enum err
answer_one(struct req *req, struct resp *resp, const struct pg_rows *rows)
{
	struct buf body;
	struct jsonw w;

	buf_init(&body, req->arena, HTTP_RESPONSE_MAX_BYTES);
	jsonw_init(&w, &body);
	jsonw_object(&w, NULL);
	members(&w, rows, 0);
	jsonw_object_end(&w);
	return answer(resp, &body);
}

static enum err
read_after(struct req *req, struct resp *resp, struct blocks_page *out)
{
	struct form form;
	struct str cursor;

	if (form_parse(req->arena, req->query, MAX_PAIRS, &form) != ERR_OK)
		return resp_bad_parameter(
		    resp, req, STR_ABSENT, "There are too many parameters.");
	for (size_t i = 0; i < form.n; i++) {
		if (!str_eq(form.pairs[i].name, STR("after")))
			return resp_bad_parameter(resp, req,
			    utf8_clean(req->arena, form.pairs[i].name),
			    "is no parameter of this path; there is after.");
	}
	cursor = form_get(&form, "after");
	if (cursor.n == 0)
		return ERR_OK;
	if (form.n > 1 ||
	    !cursor_parse(
		req->arena, cursor, &out->after_us, &out->after_number) ||
	    !phone_is_e164(out->after_number))
		return resp_bad_parameter(resp, req, STR("after"),
		    "is no cursor; take it from `next` of the page before.");
	return ERR_OK;
}

static enum err
answer_page(struct req *req, struct resp *resp, const struct pg_rows *rows)
{
	const size_t shown = rows->n < PAGE_ROWS ? rows->n : PAGE_ROWS;
	struct str next = STR_ABSENT;
	struct buf body;
	struct jsonw w;

	buf_init(&body, req->arena, HTTP_RESPONSE_MAX_BYTES);
	jsonw_init(&w, &body);
	jsonw_object(&w, NULL);
	jsonw_array(&w, "blocks");
	for (size_t i = 0; i < shown; i++) {
		jsonw_object(&w, NULL);
		members(&w, rows, i);
		jsonw_object_end(&w);
	}
	jsonw_array_end(&w);
	if (rows->n > shown)
		next = cursor_print(req->arena,
		    pg_int(rows, shown - 1, BLOCK_COLUMN_CREATED_US, 0),
		    pg_str(rows, shown - 1, BLOCK_COLUMN_NUMBER));
	jsonw_str(&w, "next", next);
	jsonw_object_end(&w);
	if (next.p != NULL)
		resp_header(resp, "Link",
		    str_format(req->arena,
			"</api/blocks?after=%.*s>; rel=\"next\"",
			STR_ARG(next)));
	return answer(resp, &body);
}

enum err
api_blocks_list(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	struct blocks_page page = { .after_us = -1,
		.limit = PAGE_ROWS + 1 }; /* one tells whether there is more */
	struct pg_rows rows;
	enum err e = read_after(req, resp, &page);

	if (e != ERR_OK)
		return e;
	page.deadline_ms = req_deadline(req, BUDGET_MS);
	e = blocks_list(ctx->pg, req->arena, &page, &rows);
	return e != ERR_OK ? e : answer_page(req, resp, &rows);
}

/* Is the path's number one that a caller may have?  If not, says so. */
static enum err
check_number(const struct req *req, struct resp *resp)
{
	if (req->query.n > 0)
		return resp_no_parameters(resp, req);
	if (!phone_is_e164(req->variable))
		return resp_bad_parameter(resp, req, STR("number"),
		    "must be a number in E.164, like +15550100009.");
	if (!phone_is_caller(req->variable))
		return resp_bad_parameter(resp, req, STR("number"),
		    "stands for a caller who withheld the number, so it is "
		    "nobody's; to turn all of these away, publish a flow whose "
		    "line has \"anonymous\": \"reject\".");
	return ERR_OK;
}

static enum err
no_block(const struct req *req, struct resp *resp)
{
	return resp_problem(resp, req, ERR_NOT_FOUND, "no_such_block",
	    "This number is not turned away.");
}

enum err
api_block_get(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	struct pg_rows rows;
	enum err e = check_number(req, resp);

	if (e != ERR_OK)
		return e;
	e = blocks_get(ctx->pg, req->arena, req->variable,
	    req_deadline(req, BUDGET_MS), &rows);
	if (e == ERR_NOT_FOUND)
		return no_block(req, resp);
	return e != ERR_OK ? e : answer_one(req, resp, &rows);
}

static bool
is_of_flow(const struct flow *flow, struct str number)
{
	for (size_t i = 0; i < flow->n_lines; i++) {
		if (str_eq(flow->lines[i].number, number))
			return true;
	}
	for (size_t i = 0; i < flow->n_phones; i++) {
		if (str_eq(flow->phones[i].number, number))
			return true;
	}
	return false;
}

/* A line or a phone: of the flow in force, of one that will be, of the host. */
static bool
is_ours(const struct ctx *ctx, const struct req *req)
{
	const struct flow *const entry =
	    flow_set_entry(ctx->flows, req->received_us);

	if (str_eq(req->variable, str_of(ctx->conf->line)) ||
	    str_eq(req->variable, str_of(ctx->conf->forward_to)) ||
	    is_of_flow(entry, req->variable))
		return true;
	for (size_t i = 0; i < ctx->flows->n; i++) {
		const struct flow *const flow = ctx->flows->flows[i];

		if (flow->version > entry->version &&
		    is_of_flow(flow, req->variable))
			return true;
	}
	return false;
}

enum err
api_block_put(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	static const char *const keys[] = { "note", NULL };
	struct block_wish wish = {
		.number = req->variable,
		.by = req->who.name,
		.deadline_ms = req_deadline(req, BUDGET_MS),
	};
	const struct json *root;
	struct body_text note;
	struct pg_rows rows;
	enum err e;

	if ((e = check_number(req, resp)) != ERR_OK ||
	    (e = body_object(req, resp, keys, &root)) != ERR_OK ||
	    (e = body_words(req, resp, root, "note", &note)) != ERR_OK)
		return e;
	if (is_ours(ctx, req))
		return resp_problem(resp, req, ERR_CONFLICT, "is_our_line",
		    "This is a line or a phone of ours; only callers are "
		    "turned away.");
	wish.has_note = note.given;
	wish.note = note.text;
	e = blocks_put(ctx->pg, req->arena, &wish, &rows);
	if (e == ERR_LIMIT)
		return resp_problem(resp, req, ERR_CONFLICT, "too_many_blocks",
		    "%d numbers are turned away already; remove some first.",
		    BLOCK_LIST_MAX);
	return e != ERR_OK ? e : answer_one(req, resp, &rows);
}

enum err
api_block_delete(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	enum err e = check_number(req, resp);

	if (e != ERR_OK)
		return e;
	e = blocks_remove(
	    ctx->pg, req->arena, req->variable, req_deadline(req, BUDGET_MS));
	if (e == ERR_NOT_FOUND)
		return no_block(req, resp);
	if (e == ERR_OK)
		resp_empty(resp, 204);
	return e;
}
