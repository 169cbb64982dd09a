/* api_users: GET /api/users, PUT /api/session/password.  Floor: http. */
#include "api.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/json.h"
#include "codec/jsonw.h"
#include "codec/password_rules.h"
#include "http/auth.h"
#include "http/http.h"
#include "io/password.h"
#include "store/sign_in.h"
#include "store/users.h"

#include <stdbool.h>
#include <stddef.h>

#define LIST_BUDGET_MS 1000
#define PASSWORD_BUDGET_MS 3000 /* two looks at a password are part of it */

enum err
api_users_list(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	struct users_row *rows;
	struct buf body;
	struct jsonw w;
	size_t n;
	const enum err e = users_list(
	    ctx->pg, req->arena, req_deadline(req, LIST_BUDGET_MS), &rows, &n);

	if (e != ERR_OK)
		return e;
	buf_init(&body, req->arena, HTTP_RESPONSE_MAX_BYTES);
	jsonw_init(&w, &body);
	jsonw_object(&w, NULL);
	jsonw_array(&w, "users");
	for (size_t i = 0; i < n; i++) {
		jsonw_object(&w, NULL);
		jsonw_str(&w, "name", rows[i].name);
		jsonw_str(&w, "role", rows[i].role);
		jsonw_time(&w, "created_at", rows[i].created_us);
		jsonw_str(&w, "last_seen_on", rows[i].last_seen_on);
		jsonw_bool(&w, "has_password", rows[i].has_password);
		jsonw_time(&w, "locked_until", rows[i].locked_until_us);
		jsonw_object_end(&w);
	}
	jsonw_array_end(&w);
	jsonw_object_end(&w);
	resp_header(resp, "Cache-Control", STR("private, no-store"));
	resp_json(resp, 200, buf_str(&body));
	return buf_close(&body);
}

/* What was sent to PUT /api/session/password. */
struct wish {
	struct str password;
	struct str current; /* absent: not sent */
};

/* False: it is something else, or more. */
static bool
read_wish(const struct req *req, struct wish *out)
{
	struct json_error error;
	const struct json *root;

	*out = (struct wish){ .password = STR_ABSENT };
	if (json_parse(req->arena, req->body, &error, &root) != ERR_OK ||
	    root->type != JSON_OBJECT)
		return false;
	for (const struct json *m = root->child; m != NULL; m = m->next) {
		if (m->type != JSON_STRING)
			return false;
		if (str_eq(m->key, STR("password")))
			out->password = m->string;
		else if (str_eq(m->key, STR("current")))
			out->current = m->string;
		else
			return false;
	}
	return out->password.p != NULL;
}

/* Does whoever asks know the password that they have? */
static enum err
check_current(const struct ctx *ctx, struct req *req, struct resp *resp,
    struct str current)
{
	const struct sign_in_try attempt = {
		.name = req->who.name,
		.password = current,
		.deadline_ms = req_deadline(req, PASSWORD_BUDGET_MS),
	};
	struct sign_in_account account;
	enum err e;

	if (current.p == NULL)
		return resp_problem(resp, req, ERR_FORBIDDEN, "wrong_password",
		    "Send the current password too; without one, sign in by a "
		    "link of `mainline user link NAME` and choose it within "
		    "15 minutes.");
	e = sign_in_check(ctx->pg, req->arena, &attempt, &account);
	if (e == ERR_TOO_MANY)
		return resp_locked(resp, req, account.wait_s);
	if (e == ERR_AUTH)
		return resp_problem(resp, req, ERR_FORBIDDEN, "wrong_password",
		    "The current password is wrong.");
	return e;
}

static enum err
set_password(const struct ctx *ctx, struct req *req, struct resp *resp,
    struct str password)
{
	struct users_password new = {
		.user_id = req->who.user_id,
		.session = auth_session(req),
	};
	enum err e = password_hash(req->arena, password, &new.hash);

	if (e == ERR_OK)
		e = users_set_password(ctx->pg, req->arena, &new,
		    req_deadline(req, PASSWORD_BUDGET_MS));
	if (e == ERR_OK)
		resp_empty(resp, 204);
	/* They were removed in this moment. */
	return e == ERR_NOT_FOUND ? ERR_BUSY : e;
}

enum err
api_password_set(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	struct wish wish;
	const char *wrong;
	enum err e;

	if (!read_wish(req, &wish))
		return resp_problem(resp, req, ERR_INPUT, "bad_body",
		    "Send a JSON object like {\"password\": \"...\", "
		    "\"current\": \"...\"}.");
	wrong = password_rules_check(wish.password, req->who.name);
	if (wrong != NULL)
		return resp_problem(
		    resp, req, ERR_INPUT, "bad_body", "%s", wrong);
	if (req->who.user_id == 0)
		return resp_problem(resp, req, ERR_FORBIDDEN, "not_a_user",
		    "A token is behind this, and has no password; `mainline "
		    "user add` makes users.");
	if (!req->who.by_link &&
	    (e = check_current(ctx, req, resp, wish.current)) != ERR_OK)
		return e;
	return set_password(ctx, req, resp, wish.password);
}
