/*
 * api_marks: PATCH /api/calls/{sid} and PATCH /api/calls.  Floor: http.
 *
 * A message can be heard; a call without one is refused where it is named
 * alone, and among many only takes the other marks: who selects twenty rows and
 * marks them as heard means the messages in them.
 */
#include "api.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "body.h"
#include "codec/json.h"
#include "codec/jsonw.h"
#include "http/http.h"
#include "io/pg.h"
#include "store/call_json.h"
#include "store/calls.h"
#include "store/marks.h"
#include "store/tokens.h"
#include "twilio/words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#define BUDGET_MS 2000

/* Who may mark calls, and not read them, is told that it is done. */
static enum err
answer(struct req *req, struct resp *resp, const struct pg_rows *rows,
    bool is_list)
{
	struct buf body;
	struct jsonw w;

	if (!scopes_allow(req->who.scopes, SCOPE_READ)) {
		resp_empty(resp, 204);
		return ERR_OK;
	}
	buf_init(&body, req->arena, HTTP_RESPONSE_MAX_BYTES);
	jsonw_init(&w, &body);
	jsonw_object(&w, NULL);
	if (is_list)
		jsonw_array(&w, "calls");
	for (size_t i = 0; i < rows->n && (is_list || i == 0); i++) {
		if (is_list)
			jsonw_object(&w, NULL);
		call_json_members(&w, rows, i, "");
		if (is_list)
			jsonw_object_end(&w);
	}
	if (is_list)
		jsonw_array_end(&w);
	jsonw_object_end(&w);
	resp_header(resp, "Cache-Control", STR("private, no-store"));
	resp_json(resp, 200, buf_str(&body));
	return buf_close(&body);
}

/* "heard" and "done", which both have. */
static enum err
read_marks(struct req *req, struct resp *resp, const struct json *root,
    struct marks *marks)
{
	enum err e;

	marks->deadline_ms = req_deadline(req, BUDGET_MS);
	if ((e = body_bool(req, resp, root, "heard", &marks->heard)) != ERR_OK)
		return e;
	return body_bool(req, resp, root, "done", &marks->done);
}

enum err
api_call_mark(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	static const char *const keys[] = { "heard", "done", "note", NULL };
	struct marks marks = { .sids = &req->sid, .n = 1, .must_listen = true };
	const struct json *root;
	struct body_text note;
	struct pg_rows rows;
	enum err e;

	if (req->query.n > 0)
		return resp_no_parameters(resp, req);
	if ((e = body_object(req, resp, keys, &root)) != ERR_OK ||
	    (e = read_marks(req, resp, root, &marks)) != ERR_OK ||
	    (e = body_words(req, resp, root, "note", &note)) != ERR_OK)
		return e;
	if (root->child == NULL)
		return body_refused(resp, req,
		    "Nothing is to be marked; send heard, done or note.");
	marks.has_note = note.given;
	marks.note = note.text;
	if (!sid_is(req->sid, "CA"))
		return resp_no_call(resp, req);
	e = marks_set(ctx->pg, req->arena, &marks, &rows);
	if (e == ERR_NOT_FOUND)
		return resp_no_call(resp, req);
	if (e == ERR_CONFLICT)
		return body_refused(resp, req,
		    "There is no message in this call that could be heard; "
		    "leave heard out.");
	return e != ERR_OK ? e : answer(req, resp, &rows, false);
}

static int
by_bytes(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* Each a SID by its form, and each once. */
static enum err
check_sids(const struct req *req, struct resp *resp, struct str *sids, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!sid_is(sids[i], "CA"))
			return body_refused(resp, req,
			    "sids[%zu] is no SID of a call; it is CA and 32 "
			    "hexadecimal digits.",
			    i);
	}
	qsort(sids, n, sizeof(*sids), by_bytes);
	for (size_t i = 1; i < n; i++) {
		if (str_eq(sids[i - 1], sids[i]))
			return body_refused(resp, req,
			    "sids holds %.*s twice; send each once.",
			    STR_ARG(sids[i]));
	}
	return ERR_OK;
}

static enum err
read_sids(struct req *req, struct resp *resp, const struct json *root,
    struct marks *marks)
{
	const struct json *const array = json_member(root, STR("sids"));
	struct str *const sids =
	    ARENA_ARRAY(req->arena, MARKS_MAX_CALLS, struct str);
	size_t n = 0;

	if (array == NULL || array->type != JSON_ARRAY)
		return body_refused(resp, req,
		    "sids is %s; send an array of 1 to %d SIDs of calls.",
		    array == NULL ? "missing" : json_type_name(array->type),
		    MARKS_MAX_CALLS);
	for (const struct json *i = array->child; i != NULL; i = i->next) {
		if (n == MARKS_MAX_CALLS)
			return body_refused(resp, req,
			    "sids has over %d elements; send them in several "
			    "requests.",
			    MARKS_MAX_CALLS);
		if (i->type != JSON_STRING)
			return body_refused(resp, req,
			    "sids[%zu] is %s; send the SID of a call.", n,
			    json_type_name(i->type));
		sids[n++] = i->string;
	}
	if (n == 0)
		return body_refused(resp, req,
		    "sids is empty; send 1 to %d SIDs of calls.",
		    MARKS_MAX_CALLS);
	marks->sids = sids;
	marks->n = n;
	return check_sids(req, resp, sids, n);
}

enum err
api_calls_mark(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	static const char *const keys[] = { "sids", "heard", "done", NULL };
	struct marks marks = { 0 };
	const struct json *root;
	struct pg_rows rows;
	enum err e;

	if (req->query.n > 0)
		return resp_no_parameters(resp, req);
	if ((e = body_object(req, resp, keys, &root)) != ERR_OK ||
	    (e = read_sids(req, resp, root, &marks)) != ERR_OK ||
	    (e = read_marks(req, resp, root, &marks)) != ERR_OK)
		return e;
	if (marks.heard == TRISTATE_ANY && marks.done == TRISTATE_ANY)
		return body_refused(
		    resp, req, "Nothing is to be marked; send heard or done.");
	e = marks_set(ctx->pg, req->arena, &marks, &rows);
	if (e == ERR_NOT_FOUND)
		return resp_problem(resp, req, e, "no_such_call",
		    "One of these SIDs is no call's, or not any more; nothing "
		    "was changed.");
	return e != ERR_OK ? e : answer(req, resp, &rows, true);
}
