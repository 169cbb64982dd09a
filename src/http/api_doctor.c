/*
 * api_doctor: GET and POST /api/doctor.  Floor: http.
 *
 * The look itself is `mainline jobs`' work: it takes seconds and asks others.
 * Here is what it found last, and a way to have it look again.
 */
#include "api.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/jsonw.h"
#include "http/http.h"
#include "store/checkup.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BUDGET_MS 2000

static enum err
answer(struct req *req, struct resp *resp, int status,
    const struct checkup *last, bool is_pending)
{
	struct buf body;
	struct jsonw w;

	buf_init(&body, req->arena, HTTP_RESPONSE_MAX_BYTES);
	jsonw_init(&w, &body);
	jsonw_object(&w, NULL);
	jsonw_bool(&w, "pending", is_pending);
	jsonw_str(&w, "host", last->host);
	jsonw_time(&w, "checked_at", last->checked_us);
	jsonw_raw(&w, "findings", last->findings);
	jsonw_object_end(&w);
	resp_header(resp, "Cache-Control", STR("private, no-store"));
	resp_json(resp, status, buf_str(&body));
	return buf_close(&body);
}

/* Before the first look there are no findings. */
static enum err
read_last(const struct ctx *ctx, struct req *req, struct checkup *out)
{
	const enum err e = checkup_last(
	    ctx->pg, req->arena, req_deadline(req, BUDGET_MS), out);

	if (e == ERR_NOT_FOUND)
		*out = (struct checkup){
			.checked_us = -1,
			.findings = STR_INIT("[]"),
		};
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err
api_doctor_get(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	struct checkup last;
	bool is_pending;
	enum err e;

	if (req->query.n > 0)
		return resp_no_parameters(resp, req);
	if ((e = read_last(ctx, req, &last)) != ERR_OK ||
	    (e = checkup_pending(ctx->pg, req->arena,
		 req_deadline(req, BUDGET_MS), &is_pending)) != ERR_OK)
		return e;
	return answer(req, resp, 200, &last, is_pending);
}

enum err
api_doctor_ask(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	struct checkup last;
	bool is_asked;
	enum err e;

	if (req->query.n > 0)
		return resp_no_parameters(resp, req);
	if ((e = checkup_hasten(ctx->pg, req->arena,
		 req_deadline(req, BUDGET_MS), &is_asked)) != ERR_OK)
		return e;
	if (!is_asked)
		return resp_problem(resp, req, ERR_CONFLICT, "jobs_not_running",
		    "`mainline jobs`, which does the look, has never run.");
	if ((e = read_last(ctx, req, &last)) != ERR_OK)
		return e;
	return answer(req, resp, 202, &last, true);
}
