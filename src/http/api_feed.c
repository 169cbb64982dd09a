/* api_feed: GET /api/feed.atom, and /api/feed, its address.  Floor: http. */
#include "api.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/jsonw.h"
#include "http/auth.h"
#include "http/http.h"
#include "io/pg.h"
#include "store/feed_links.h"
#include "store/message_atom.h"

#include <stddef.h>

#define FEED_BUDGET_MS 2000
#define BODY_MAX_BYTES 1024

enum err
api_feed_atom(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	struct pg_rows rows;
	const struct message_feed feed = {
		.origin = ctx->conf->public_url,
		.account = ctx->conf->twilio_account_sid,
		.key = req->key,
		.rows = &rows,
	};
	struct buf body;
	enum err e;

	if (auth_has_more_than_key(req))
		return resp_no_parameters(resp, req);
	if ((e = feed_links_messages(ctx->pg, req->arena,
		 req_deadline(req, FEED_BUDGET_MS), &rows)) != ERR_OK)
		return e;
	buf_init(&body, req->arena, HTTP_RESPONSE_MAX_BYTES);
	if (message_atom(&feed, &body) != ERR_OK)
		return ERR_BUG;
	resp_tagged(resp, req, buf_str(&body));
	if (resp->status == 200)
		resp->content_type = STR("application/atom+xml; charset=utf-8");
	return ERR_OK;
}

/* A feed's address belongs to somebody: a bare token has none. */
static enum err
check_user(const struct req *req, struct resp *resp)
{
	if (req->query.n > 0)
		return resp_no_parameters(resp, req);
	return req->who.user_id != 0
	    ? ERR_OK
	    : resp_problem(resp, req, ERR_FORBIDDEN, "not_a_user",
		  "Sign in as a user; for a feed without one there is `mainline "
		  "token add --scope feed`.");
}

enum err
api_feed_get(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	struct feed_link link;
	struct buf body;
	struct jsonw w;
	enum err e;

	if ((e = check_user(req, resp)) != ERR_OK ||
	    (e = feed_links_get(ctx->pg, req->arena, req->who.user_id,
		 req_deadline(req, FEED_BUDGET_MS), &link)) != ERR_OK)
		return e;
	buf_init(&body, req->arena, BODY_MAX_BYTES);
	jsonw_init(&w, &body);
	jsonw_object(&w, NULL);
	jsonw_time(&w, "created_at", link.created_us);
	jsonw_str(&w, "last_used_on", link.last_used_on);
	jsonw_object_end(&w);
	resp_header(resp, "Cache-Control", STR("private, no-store"));
	resp_json(resp, 200, buf_str(&body));
	return buf_close(&body);
}

enum err
api_feed_make(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	struct str key;
	struct str url;
	struct buf body;
	struct jsonw w;
	enum err e;

	if ((e = check_user(req, resp)) != ERR_OK ||
	    (e = feed_links_make(ctx->pg, req->arena, req->who.user_id,
		 req_deadline(req, FEED_BUDGET_MS), &key)) != ERR_OK)
		return e;
	url = str_format(req->arena, "%s/api/feed.atom?key=%.*s",
	    ctx->conf->public_url, STR_ARG(key));
	buf_init(&body, req->arena, BODY_MAX_BYTES);
	jsonw_init(&w, &body);
	jsonw_object(&w, NULL);
	jsonw_str(&w, "url", url);
	jsonw_object_end(&w);
	resp_header(resp, "Cache-Control", STR("private, no-store"));
	resp_json(resp, 201, buf_str(&body));
	return buf_close(&body);
}

enum err
api_feed_revoke(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	enum err e;

	if ((e = check_user(req, resp)) != ERR_OK ||
	    (e = feed_links_revoke(ctx->pg, req->arena, req->who.user_id,
		 req_deadline(req, FEED_BUDGET_MS))) != ERR_OK)
		return e;
	resp_empty(resp, 204);
	return ERR_OK;
}
