/* router: one table of routes.  Floor: http. */
#include "http/router.h"

#include "api.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "health.h"
#include "http/auth.h"
#include "http/fcgi.h"
#include "http/http.h"
#include "store/tokens.h"
#include "twilio/words.h"
#include "webhooks.h"

#include <stddef.h>

#define FORM STR("application/x-www-form-urlencoded")

enum auth { AUTH_NONE, AUTH_TWILIO, AUTH_TOKEN };

struct route {
	const char *method;
	const char *path; /* may end with "{sid}" */
	enum auth auth;
	enum scope scope; /* AUTH_TOKEN: what the token must allow */
	size_t max_body;
	enum err (*handle)(
	    const struct ctx *ctx, struct req *req, struct resp *resp);
	enum event_kind event; /* AUTH_TWILIO: what it is about */
};

#define WEBHOOK(route_path, kind)                                              \
	{ .method = "POST",                                                    \
		.path = route_path,                                            \
		.auth = AUTH_TWILIO,                                           \
		.max_body = HTTP_BODY_MAX_BYTES,                               \
		.handle = webhook_answer,                                      \
		.event = kind }
#define READ(route_path, handler)                                              \
	{ .method = "GET",                                                     \
		.path = route_path,                                            \
		.auth = AUTH_TOKEN,                                            \
		.scope = SCOPE_READ,                                           \
		.handle = handler }
#define OPEN(route_path, handler)                                              \
	{ .method = "GET", .path = route_path, .handle = handler }

static const struct route routes[] = {
	WEBHOOK("/twilio/voice", EVENT_VOICE),
	WEBHOOK("/twilio/menu", EVENT_MENU),
	WEBHOOK("/twilio/dial", EVENT_DIAL),
	WEBHOOK("/twilio/screen", EVENT_SCREEN),
	WEBHOOK("/twilio/screen-key", EVENT_SCREEN_KEY),
	WEBHOOK("/twilio/voicemail", EVENT_VOICEMAIL),
	WEBHOOK("/twilio/fallback", EVENT_FALLBACK),
	WEBHOOK("/twilio/status", EVENT_STATUS),
	WEBHOOK("/twilio/leg", EVENT_LEG),
	WEBHOOK("/twilio/recording", EVENT_RECORDING),
	WEBHOOK("/twilio/transcription", EVENT_TRANSCRIPTION),
	READ("/api/calls", api_calls_list),
	READ("/api/calls/{sid}", api_calls_get),
	OPEN("/healthz", health_live),
	OPEN("/readyz", health_ready),
};

/* Does the path fit the row's?  Sets `*sid` to what stands for "{sid}". */
static bool
path_fits(const struct route *route, struct str path, struct str *sid)
{
	const struct str pattern = str_of(route->path);
	const size_t brace = str_find(pattern, '{');

	if (brace == pattern.n)
		return str_eq(pattern, path);
	if (!str_starts(path, str_slice(pattern, 0, brace)) || path.n == brace)
		return false;
	*sid = str_slice(path, brace, path.n);
	return str_find(*sid, '/') == sid->n;
}

/* HEAD is a GET whose body is not sent. */
static bool
method_fits(const struct route *route, struct str method)
{
	const struct str wanted = str_of(route->method);

	return str_eq(method, wanted) ||
	    (str_eq(method, STR("HEAD")) && str_eq(wanted, STR("GET")));
}

/* The row, NULL when the path is not there or not with this method. */
static const struct route *
find_route(struct req *req, struct resp *resp, enum err *e)
{
	struct str allow = STR_ABSENT;

	for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
		if (!path_fits(&routes[i], req->path, &req->sid))
			continue;
		req->log->route = str_of(routes[i].path);
		if (method_fits(&routes[i], req->method))
			return &routes[i];
		allow = str_of(routes[i].method);
	}
	if (allow.p == NULL) {
		*e = resp_problem(resp, req, ERR_NOT_FOUND, "no_such_path",
		    "There is nothing at this path; openapi/mainline.yaml "
		    "says what there is.");
		return NULL;
	}
	if (str_eq(allow, STR("GET")))
		allow = STR("GET, HEAD");
	resp_header(resp, "Allow", allow);
	*e = resp_problem(resp, req, ERR_METHOD, "method_not_allowed",
	    "This path takes %.*s only.", STR_ARG(allow));
	return NULL;
}

/* "application/x-www-form-urlencoded; charset=utf-8" is one as well. */
static bool
is_form(struct str content_type)
{
	const struct str type =
	    str_slice(content_type, 0, str_find(content_type, ';'));

	return str_eq_nocase(str_trim(type), FORM);
}

static enum err
check_body(const struct route *route, const struct req *req, struct resp *resp)
{
	if (req->content_length > 0 &&
	    (size_t)req->content_length > route->max_body)
		return resp_problem(resp, req, ERR_LIMIT, "body_too_large",
		    "The body has %d bytes; this path takes up to %zu.",
		    req->content_length, route->max_body);
	if (route->auth == AUTH_TWILIO && !is_form(req->content_type))
		return resp_problem(resp, req, ERR_TYPE, "not_a_form",
		    "Send application/x-www-form-urlencoded.");
	return ERR_OK;
}

static enum err
check_token(const struct ctx *ctx, const struct route *route, struct req *req,
    struct resp *resp)
{
	const struct str scope =
	    scopes_print(req->arena, (unsigned int)route->scope);
	const enum err e = auth_token(ctx, req, route->scope);

	if (e == ERR_AUTH) {
		resp_header(
		    resp, "WWW-Authenticate", STR("Bearer realm=\"mainline\""));
		return resp_problem(resp, req, e, "token_needed",
		    "Send \"Authorization: Bearer TOKEN\" with a token of "
		    "`mainline token add`.");
	}
	if (e == ERR_FORBIDDEN)
		return resp_problem(resp, req, e, "scope_missing",
		    "The token lacks the scope %.*s.", STR_ARG(scope));
	return e;
}

static enum err
check_caller(const struct ctx *ctx, const struct route *route, struct req *req,
    struct resp *resp)
{
	enum err e = ERR_OK;

	switch (route->auth) {
	case AUTH_NONE:
		return ERR_OK;
	case AUTH_TOKEN:
		return check_token(ctx, route, req, resp);
	case AUTH_TWILIO:
		e = auth_twilio(ctx, req);
		break;
	}
	if (e == ERR_FORBIDDEN)
		return resp_problem(resp, req, e, "not_from_twilio",
		    "The request is not signed by Twilio for this account.");
	if (e == ERR_LIMIT)
		return resp_problem(resp, req, e, "too_many_parameters", NULL);
	return e;
}

static enum err
answer(const struct ctx *ctx, struct fcgi *fcgi, struct req *req,
    struct resp *resp)
{
	enum err e = ERR_OK;
	const struct route *const route = find_route(req, resp, &e);

	if (route == NULL || (e = check_body(route, req, resp)) != ERR_OK)
		return e;
	if ((e = fcgi_read_body(fcgi, req)) != ERR_OK)
		return e;
	if ((e = check_caller(ctx, route, req, resp)) != ERR_OK)
		return e;
	req->event = route->event;
	return route->handle(ctx, req, resp);
}

enum err
router_answer(const struct ctx *ctx, struct fcgi *fcgi, struct req *req,
    struct resp *resp)
{
	const enum err e = answer(ctx, fcgi, req, resp);

	if (resp->status != 0 || req->cut_off)
		return e;
	if (e == ERR_OK) /* a handler that answers nothing */
		return resp_problem(resp, req, ERR_BUG, "internal_error", NULL);
	if (e == ERR_BUSY)
		resp_header(resp, "Retry-After", STR("1"));
	return resp_problem(resp, req, e,
	    e == ERR_BUSY ? "unavailable" : "internal_error", NULL);
}
