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
#include "codec/json.h"
#include "codec/jsonw.h"
#include "codec/phone.h"
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
#define LIST_MAX_BYTES ((size_t)12 * 1024 * 1024)

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

enum err
api_blocks_list(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	struct pg_rows rows;
	struct buf body;
	struct jsonw w;
	enum err e;

	if (req->query.n > 0)
		return resp_no_parameters(resp, req);
	e = blocks_list(
	    ctx->pg, req->arena, req_deadline(req, BUDGET_MS), &rows);
	if (e != ERR_OK)
		return e;
	buf_init(&body, req->arena, HTTP_RESPONSE_MAX_BYTES);
	jsonw_init(&w, &body);
	jsonw_object(&w, NULL);
	jsonw_array(&w, "blocks");
	for (size_t i = 0; i < rows.n && body.n < LIST_MAX_BYTES; i++) {
		jsonw_object(&w, NULL);
		members(&w, &rows, i);
		jsonw_object_end(&w);
	}
	jsonw_array_end(&w);
	jsonw_object_end(&w);
	return answer(resp, &body);
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
