/* api_session: signing in and out.  Floor: http. */
#include "api.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/json.h"
#include "codec/jsonw.h"
#include "http/auth.h"
#include "http/http.h"
#include "store/identity.h"
#include "store/sessions.h"
#include "store/sign_in.h"
#include "store/tokens.h"

#include <stdbool.h>
#include <stddef.h>

#define SESSION_BUDGET_MS 1000
#define SIGN_IN_BUDGET_MS 3000 /* a look at a password is part of it */
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
	jsonw_str(&w, "role", role_name(who->role));
	jsonw_array(&w, "scopes");
	while (rest.p != NULL)
		jsonw_str(&w, NULL, str_split(&rest, ','));
	jsonw_array_end(&w);
	jsonw_bool(&w, "password_wanted", who->password_wanted);
	jsonw_object_end(&w);
	resp_header(resp, "Cache-Control", STR("private, no-store"));
	resp_json(resp, 200, buf_str(&body));
	return buf_close(&body);
}

/* What somebody signs in with: one of the three, the others absent. */
struct proof {
	struct str name, password;
	struct str link;
	struct str token;
};

/* A member that is a string; absent when it is anything else. */
static struct str
text_member(const struct json *root, struct str key)
{
	const struct json *const member = json_member(root, key);

	return member != NULL && member->type == JSON_STRING ? member->string
							     : STR_ABSENT;
}

static bool
has_member(const struct json *root, struct str key)
{
	return json_member(root, key) != NULL;
}

/* False: the body is none of the three. */
static bool
read_proof(const struct req *req, struct proof *out)
{
	struct json_error error;
	const struct json *root;
	int ways;

	if (json_parse(req->arena, req->body, &error, &root) != ERR_OK)
		return false;
	*out = (struct proof){
		.name = str_trim(text_member(root, STR("name"))),
		.password = text_member(root, STR("password")),
		.link = str_trim(text_member(root, STR("link"))),
		.token = str_trim(text_member(root, STR("token"))),
	};
	ways = (has_member(root, STR("name")) ||
		   has_member(root, STR("password"))) +
	    has_member(root, STR("link")) + has_member(root, STR("token"));
	return ways == 1 &&
	    (out->token.p != NULL || out->link.p != NULL ||
		(out->name.p != NULL && out->password.p != NULL));
}

/* 401, with what HTTP wants beside it. */
static enum err
refuse(struct req *req, struct resp *resp, const char *code, const char *detail)
{
	resp_header(resp, "WWW-Authenticate", STR("Bearer realm=\"mainline\""));
	return resp_problem(resp, req, ERR_AUTH, code, "%s", detail);
}

static enum err
open_by_password(const struct ctx *ctx, struct req *req, struct resp *resp,
    const struct proof *proof, struct sign_in *out)
{
	const struct sign_in_try attempt = {
		.name = proof->name,
		.password = proof->password,
		.deadline_ms = req_deadline(req, SIGN_IN_BUDGET_MS),
	};
	struct sign_in_account account;
	enum err e = sign_in_check(ctx->pg, req->arena, &attempt, &account);

	if (e == ERR_OK)
		e = sign_in_open(
		    ctx->pg, req->arena, &account, attempt.deadline_ms, out);
	if (e == ERR_TOO_MANY)
		return resp_locked(resp, req, account.wait_s);
	if (e == ERR_AUTH)
		return refuse(req, resp, "wrong_password",
		    "The name or the password is wrong.");
	return e;
}

static enum err
open_by_link(const struct ctx *ctx, struct req *req, struct resp *resp,
    const struct proof *proof, struct sign_in *out)
{
	const enum err e = sign_in_by_link(ctx->pg, req->arena, proof->link,
	    req_deadline(req, SESSION_BUDGET_MS), out);

	if (e != ERR_AUTH)
		return e;
	return refuse(req, resp, "token_unknown",
	    "This link was used already, or is older than a day; `mainline "
	    "user link NAME` makes another.");
}

static enum err
open_by_token(const struct ctx *ctx, struct req *req, struct resp *resp,
    const struct proof *proof, struct sign_in *out)
{
	const enum err e = sessions_open(ctx->pg, req->arena, proof->token,
	    req_deadline(req, SESSION_BUDGET_MS), &out->secret, &out->who);

	if (e != ERR_AUTH)
		return e;
	return refuse(req, resp, "token_unknown",
	    "This token is none of ours, or was revoked; `mainline token "
	    "list` shows those in use.");
}

enum err
resp_locked(struct resp *resp, const struct req *req, int wait_s)
{
	resp_header(resp, "Retry-After", str_format(req->arena, "%d", wait_s));
	return resp_problem(resp, req, ERR_TOO_MANY, "locked",
	    "Too many wrong passwords for this name; wait for %d s. A link of "
	    "`mainline user link NAME` opens also now.",
	    wait_s);
}

enum err
api_session_open(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	struct proof proof;
	struct sign_in opened;
	enum err e;

	if (!read_proof(req, &proof))
		return resp_problem(resp, req, ERR_INPUT, "bad_body",
		    "Send a JSON object: {\"name\": \"...\", \"password\": "
		    "\"...\"}, {\"link\": \"...\"} or {\"token\": "
		    "\"ml_...\"}.");
	if (proof.token.p != NULL)
		e = open_by_token(ctx, req, resp, &proof, &opened);
	else if (proof.link.p != NULL)
		e = open_by_link(ctx, req, resp, &proof, &opened);
	else
		e = open_by_password(ctx, req, resp, &proof, &opened);
	if (e != ERR_OK)
		return e;
	resp_header(resp, "Set-Cookie",
	    str_format(req->arena, AUTH_COOKIE "=%.*s" ATTRIBUTES "%d",
		STR_ARG(opened.secret), SESSIONS_DAYS * 24 * 60 * 60));
	return answer_identity(req, resp, &opened.who);
}

enum err
api_session_get(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	(void)ctx;
	return answer_identity(req, resp, &req->who);
}

static enum err
take_cookie_back(struct resp *resp)
{
	resp_header(resp, "Set-Cookie", STR(AUTH_COOKIE "=" ATTRIBUTES "0"));
	resp_empty(resp, 204);
	return ERR_OK;
}

/* Also one that has ended: whoever asks wants to be signed out. */
enum err
api_session_close(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	const enum err e = sessions_close(ctx->pg, req->arena,
	    auth_session(req), req_deadline(req, SESSION_BUDGET_MS));

	return e == ERR_OK ? take_cookie_back(resp) : e;
}

enum err
api_sessions_end(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	enum err e;

	if (req->authorization.p != NULL)
		return refuse(req, resp, "token_needed",
		    "A token has no sessions to end; send the cookie of one.");
	e = sessions_end(ctx->pg, req->arena, auth_session(req),
	    req->who.user_id, req_deadline(req, SESSION_BUDGET_MS));
	return e == ERR_OK ? take_cookie_back(resp) : e;
}
