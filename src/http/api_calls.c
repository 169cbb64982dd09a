/* api_calls: GET /api/calls and GET /api/calls/{sid}.  Floor: http. */
#include "api.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "call_params.h"
#include "codec/jsonw.h"
#include "http/http.h"
#include "io/pg.h"
#include "store/call_json.h"
#include "store/calls.h"
#include "twilio/words.h"

#include <stddef.h>

#define LIST_BUDGET_MS 2000

static enum err
answer(struct req *req, struct resp *resp, const struct buf *body)
{
	if (buf_close(body) != ERR_OK)
		return ERR_BUG;
	resp_tagged(resp, req, buf_str(body));
	return ERR_OK;
}

/*
 * The cursor behind the last row that is shown, or behind what was looked at;
 * absent when there is nothing more.
 */
static struct str
next_cursor(const struct req *req, const struct call_params *params,
    const struct call_list *list, size_t shown)
{
	if (list->rows.n > shown)
		return call_params_cursor(req->arena, params,
		    pg_int(
			&list->rows, shown - 1, CALL_COLUMN_FIRST_SEEN_US, 0),
		    pg_str(&list->rows, shown - 1, CALL_COLUMN_SID));
	if (list->on_us >= 0)
		return call_params_cursor(
		    req->arena, params, list->on_us, list->on_sid);
	return STR_ABSENT;
}

enum err
api_calls_list(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	struct call_params params;
	struct call_list list;
	struct buf body;
	struct jsonw w;
	struct str next;
	size_t limit;
	size_t shown;
	enum err e;

	if ((e = call_params_read(req, resp, &params)) != ERR_OK)
		return e;
	limit = (size_t)params.query.page.limit;
	params.query.page.limit++; /* one more tells whether there is more */
	params.query.deadline_ms = req_deadline(req, LIST_BUDGET_MS);
	if ((e = calls_list(ctx->pg, req->arena, &params.query, &list)) !=
	    ERR_OK)
		return e;
	shown = list.rows.n < limit ? list.rows.n : limit;
	next = next_cursor(req, &params, &list, shown);
	buf_init(&body, req->arena, HTTP_RESPONSE_MAX_BYTES);
	jsonw_init(&w, &body);
	jsonw_object(&w, NULL);
	jsonw_array(&w, "calls");
	for (size_t i = 0; i < shown; i++) {
		jsonw_object(&w, NULL);
		call_json_members(&w, &list.rows, i, "");
		jsonw_object_end(&w);
	}
	jsonw_array_end(&w);
	jsonw_str(&w, "next", next);
	jsonw_object_end(&w);
	if (next.p != NULL)
		resp_header(resp, "Link",
		    str_format(req->arena,
			"</api/calls?limit=%zu&after=%.*s>; rel=\"next\"",
			limit, STR_ARG(next)));
	return answer(req, resp, &body);
}

enum err
resp_no_call(struct resp *resp, const struct req *req)
{
	return resp_problem(resp, req, ERR_NOT_FOUND, "no_such_call",
	    "No call has this SID; it is CA and 32 hexadecimal digits.");
}

enum err
api_calls_get(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	struct call_detail detail;
	struct buf body;
	struct jsonw w;
	enum err e = ERR_NOT_FOUND;

	if (req->query.n > 0)
		return resp_no_parameters(resp, req);
	if (sid_is(req->sid, "CA"))
		e = calls_get(ctx->pg, req->arena, req->sid,
		    req_deadline(req, LIST_BUDGET_MS), &detail);
	if (e == ERR_NOT_FOUND)
		return resp_no_call(resp, req);
	if (e != ERR_OK)
		return e;
	buf_init(&body, req->arena, HTTP_RESPONSE_MAX_BYTES);
	jsonw_init(&w, &body);
	jsonw_object(&w, NULL);
	call_json_members(&w, &detail.call, 0, "");
	call_json_detail(req->arena, &w, &detail);
	jsonw_object_end(&w);
	return answer(req, resp, &body);
}
