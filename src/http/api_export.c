/*
 * api_export: GET /api/calls.csv.  Floor: http.
 *
 * What fits into a piece is answered like anything else; the rest is made while
 * it is sent.  An export may take minutes, in which its worker answers nobody
 * else, so a host has one at a time: whoever dies in the middle of one lets go
 * of the lock.
 */
#include "api.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "call_params.h"
#include "codec/csv.h"
#include "codec/date.h"
#include "codec/form.h"
#include "http/http.h"
#include "io/files.h"
#include "store/export.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#define PAGE_BUDGET_MS 2000
#define MAX_PAIRS 32
#define RETRY_S "30"

struct download {
	struct export export;
	int lock_fd;
};

/* All pages, so none is asked for. */
static enum err
read_params(struct req *req, struct resp *resp, struct call_params *params)
{
	static const char *const paging[] = { "limit", "after" };
	struct form form;

	if (form_parse(req->arena, req->query, MAX_PAIRS, &form) != ERR_OK)
		return resp_bad_parameter(
		    resp, req, STR_ABSENT, "There are too many parameters.");
	for (size_t i = 0; i < ARRAY_LEN(paging); i++) {
		if (form_count(&form, paging[i]) > 0)
			return resp_bad_parameter(resp, req, str_of(paging[i]),
			    "is no parameter of this path: all calls are "
			    "given.");
	}
	return call_params_read(req, resp, params);
}

static enum err
next(void *state, struct buf *out, bool *over)
{
	struct download *const d = state;
	const enum err e = export_next(&d->export, out);

	*over = export_is_over(&d->export);
	return e;
}

static void
end(void *state)
{
	struct download *const d = state;

	export_end(&d->export);
	(void)close(d->lock_fd);
}

/* There is more than fits: ours, if it is nobody's just now. */
static enum err
take_turn(const struct ctx *ctx, struct req *req, struct resp *resp,
    struct download *d)
{
	const struct str path =
	    str_format(req->arena, "%s/export.lock", ctx->conf->data);

	d->lock_fd = files_lock_now(path.p);
	if (d->lock_fd >= 0) {
		resp->rest = (struct resp_rest){ next, end, d };
		return ERR_OK;
	}
	if (errno != EWOULDBLOCK) {
		log_event(req->log, LOG_CONFIG, ERR_BUG, "cannot lock %s: %s",
		    path.p, strerror(errno));
		return ERR_BUG;
	}
	resp_header(resp, "Retry-After", STR(RETRY_S));
	return resp_problem(resp, req, ERR_TOO_MANY, "export_running",
	    "Another export is running on this host; try again when it is "
	    "done.");
}

static void
put_headers(struct resp *resp, const struct req *req)
{
	const struct str day = date_rfc3339(req->arena, req->received_us);

	resp->status = 200;
	resp->content_type = STR("text/csv; charset=utf-8; header=present");
	resp_header(resp, "Cache-Control", STR("private, no-store"));
	resp_header(resp, "Content-Disposition",
	    str_format(
		req->arena, "attachment; filename=\"calls-%.10s.csv\"", day.p));
}

enum err
api_calls_csv(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	struct download *const d = ARENA_NEW(req->arena, struct download);
	struct call_params params;
	struct buf body;
	enum err e;

	if ((e = read_params(req, resp, &params)) != ERR_OK ||
	    (e = export_begin(
		 &d->export, ctx->pg, &params.query, PAGE_BUDGET_MS)) != ERR_OK)
		return e;
	buf_init(&body, req->arena, HTTP_RESPONSE_MAX_BYTES);
	buf_add(&body, STR(CSV_BOM));
	export_head(&body);
	if ((e = export_next(&d->export, &body)) == ERR_OK &&
	    !export_is_over(&d->export))
		e = take_turn(ctx, req, resp, d);
	if (e == ERR_OK) {
		put_headers(resp, req);
		resp->body = buf_str(&body);
	}
	if (resp->rest.next == NULL)
		export_end(&d->export);
	return e;
}
