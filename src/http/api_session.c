/* api_session: POST, GET and DELETE /api/session.  Floor: http. */
#include "api.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/json.h"
#include "codec/jsonw.h"
#include "http/auth.h"
#include "http/http.h"
#include "store/sessions.h"
#include "store/tokens.h"

#include <stddef.h>

#define SESSION_BUDGET_MS 1000
#define BODY_MAX_BYTES 1024

/* Of a cookie: closed to scripts, to plain HTTP and to other sites. */
#define ATTRIBUTES "; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age="

static enum err
answer_identity(struct req *req, struct resp *resp, const struct identity *who)
{
	struct str rest = scopes_print(req->arena, who->scopes);
	struct buf body;
	struct jsonw w;

	buf_init(&body, req->arena, BODY_MAX_BYTES);
	jsonw_init(&w, &body);
	jsonw_object(&w, NULL);
	jsonw_str(&w, "name", who->name);
	jsonw_array(&w, "scopes");
	while (rest.p != NULL)
		jsonw_str(&w, NULL, str_split(&rest, ','));
	jsonw_array_end(&w);
	jsonw_object_end(&w);
	resp_header(resp, "Cache-Control", STR("private, no-store"));
	resp_json(resp, 200, buf_str(&body));
	return buf_close(&body);
}

/* The token of {"token": "..."}; absent when the body is anything else. */
static struct str
read_token(const struct req *req)
{
	struct json_error error;
	const struct json *root;
	const struct json *token;

	if (json_parse(req->arena, req->body, &error, &root) != ERR_OK)
		return STR_ABSENT;
	token = json_member(root, STR("token"));
	return token != NULL && token->type == JSON_STRING
	    ? str_trim(token->string)
	    : STR_ABSENT;
}

enum err
api_session_open(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	const struct str token = read_token(req);
	struct identity who;
	struct str secret;
	enum err e;

	if (token.p == NULL)
		return resp_problem(resp, req, ERR_INPUT, "bad_body",
		    "Send a JSON object like {\"token\": \"ml_...\"}.");
	e = sessions_open(ctx->pg, req->arena, token,
	    req_deadline(req, SESSION_BUDGET_MS), &secret, &who);
	if (e == ERR_AUTH) {
		resp_header(
		    resp, "WWW-Authenticate", STR("Bearer realm=\"mainline\""));
		return resp_problem(resp, req, e, "token_unknown",
		    "This token is none of ours, or was revoked; `mainline "
		    "token list` shows those in use.");
	}
	if (e != ERR_OK)
		return e;
	resp_header(resp, "Set-Cookie",
	    str_format(req->arena, AUTH_COOKIE "=%.*s" ATTRIBUTES "%d",
		STR_ARG(secret), SESSIONS_DAYS * 24 * 60 * 60));
	return answer_identity(req, resp, &who);
}

enum err
api_session_get(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	(void)ctx;
	return answer_identity(req, resp, &req->who);
}

/* Also one that has ended: whoever asks wants to be signed out. */
enum err
api_session_close(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	enum err e;

	e = sessions_close(ctx->pg, req->arena, auth_session(req),
	    req_deadline(req, SESSION_BUDGET_MS));
	if (e != ERR_OK)
		return e;
	resp_header(resp, "Set-Cookie", STR(AUTH_COOKIE "=" ATTRIBUTES "0"));
	resp_empty(resp, 204);
	return ERR_OK;
}
