/* router: one table of routes.  Floor: http. */
#include "http/router.h"

#include "api.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/url.h"
#include "health.h"
#include "http/auth.h"
#include "http/fcgi.h"
#include "http/http.h"
#include "metrics.h"
#include "probe.h"
#include "store/tokens.h"
#include "twilio/words.h"
#include "webhooks.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FORM STR("application/x-www-form-urlencoded")
#define JSON STR("application/json")
#define SESSION_BODY_MAX_BYTES ((size_t)16 * 1024)
#define PEOPLE_BODY_MAX_BYTES ((size_t)16 * 1024)

/*
 * A watcher is a user who may look on while the database is away; a feed reader
 * has a key in its address.
 */
enum auth { AUTH_NONE, AUTH_TWILIO, AUTH_USER, AUTH_WATCHER, AUTH_FEED };
enum body { BODY_NONE, BODY_FORM, BODY_JSON };

struct route {
	const char *method;
	const char *path; /* may hold one "{name}", in its last part */
	enum auth auth;
	enum scope scope; /* what a user must be allowed */
	enum body body;
	size_t max_body;
	enum err (*handle)(
	    const struct ctx *ctx, struct req *req, struct resp *resp);
	enum event_kind event; /* webhook_answer: what it is about */
};

#define WEBHOOK(route_path, kind)                                              \
	{ .method = "POST",                                                    \
		.path = route_path,                                            \
		.auth = AUTH_TWILIO,                                           \
		.body = BODY_FORM,                                             \
		.max_body = HTTP_BODY_MAX_BYTES,                               \
		.handle = webhook_answer,                                      \
		.event = kind }
#define GET(route_path, wanted, handler)                                       \
	{ .method = "GET",                                                     \
		.path = route_path,                                            \
		.auth = AUTH_USER,                                             \
		.scope = wanted,                                               \
		.handle = handler }
#define FEED(route_path, wanted, handler)                                      \
	{ .method = "GET",                                                     \
		.path = route_path,                                            \
		.auth = AUTH_FEED,                                             \
		.scope = wanted,                                               \
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
	{ .method = "POST",
	    .path = "/twilio/doctor",
	    .auth = AUTH_TWILIO,
	    .body = BODY_FORM,
	    .max_body = HTTP_BODY_MAX_BYTES,
	    .handle = probe_answer },
	GET("/api/calls", SCOPE_READ, api_calls_list),
	GET("/api/calls/{sid}", SCOPE_READ, api_calls_get),
	{ .method = "DELETE",
	    .path = "/api/calls/{sid}",
	    .auth = AUTH_USER,
	    .scope = SCOPE_ADMIN,
	    .handle = api_calls_delete },
	{ .method = "PATCH",
	    .path = "/api/calls/{sid}",
	    .auth = AUTH_USER,
	    .scope = SCOPE_MARK,
	    .body = BODY_JSON,
	    .max_body = PEOPLE_BODY_MAX_BYTES,
	    .handle = api_call_mark },
	{ .method = "PATCH",
	    .path = "/api/calls",
	    .auth = AUTH_USER,
	    .scope = SCOPE_MARK,
	    .body = BODY_JSON,
	    .max_body = PEOPLE_BODY_MAX_BYTES,
	    .handle = api_calls_mark },
	GET("/api/lines", SCOPE_READ, api_lines_list),
	GET("/api/blocks", SCOPE_ADMIN, api_blocks_list),
	GET("/api/blocks/{number}", SCOPE_READ, api_block_get),
	{ .method = "PUT",
	    .path = "/api/blocks/{number}",
	    .auth = AUTH_USER,
	    .scope = SCOPE_ADMIN,
	    .body = BODY_JSON,
	    .max_body = PEOPLE_BODY_MAX_BYTES,
	    .handle = api_block_put },
	{ .method = "DELETE",
	    .path = "/api/blocks/{number}",
	    .auth = AUTH_USER,
	    .scope = SCOPE_ADMIN,
	    .handle = api_block_delete },
	FEED("/api/recordings/{sid}.mp3", SCOPE_AUDIO, api_recording_mp3),
	GET("/api/recordings/{sid}.wav", SCOPE_AUDIO, api_recording_wav),
	GET("/api/session", SCOPE_ANY, api_session_get),
	{ .method = "POST",
	    .path = "/api/session",
	    .body = BODY_JSON,
	    .max_body = SESSION_BODY_MAX_BYTES,
	    .handle = api_session_open },
	{ .method = "DELETE",
	    .path = "/api/session",
	    .handle = api_session_close },
	{ .method = "PUT",
	    .path = "/api/session/password",
	    .auth = AUTH_USER,
	    .scope = SCOPE_ANY,
	    .body = BODY_JSON,
	    .max_body = SESSION_BODY_MAX_BYTES,
	    .handle = api_password_set },
	{ .method = "DELETE",
	    .path = "/api/sessions",
	    .auth = AUTH_USER,
	    .scope = SCOPE_ANY,
	    .handle = api_sessions_end },
	GET("/api/users", SCOPE_ADMIN, api_users_list),
	GET("/api/doctor", SCOPE_ADMIN, api_doctor_get),
	{ .method = "POST",
	    .path = "/api/doctor",
	    .auth = AUTH_USER,
	    .scope = SCOPE_ADMIN,
	    .handle = api_doctor_ask },
	GET("/api/live", SCOPE_READ, api_live),
	GET("/api/stats", SCOPE_READ, api_stats),
	GET("/api/calls.csv", SCOPE_READ, api_calls_csv),
	FEED("/api/feed.atom", SCOPE_READ, api_feed_atom),
	GET("/api/feed", SCOPE_AUDIO, api_feed_get),
	{ .method = "POST",
	    .path = "/api/feed",
	    .auth = AUTH_USER,
	    .scope = SCOPE_AUDIO,
	    .handle = api_feed_make },
	{ .method = "DELETE",
	    .path = "/api/feed",
	    .auth = AUTH_USER,
	    .scope = SCOPE_AUDIO,
	    .handle = api_feed_revoke },
	OPEN("/healthz", health_live),
	OPEN("/readyz", health_ready),
	{ .method = "GET",
	    .path = "/metrics",
	    .auth = AUTH_WATCHER,
	    .scope = SCOPE_METRICS,
	    .handle = metrics_show },
};

/* Does the path fit the row's?  Sets `*sid` to what stands for "{name}". */
static bool
path_fits(const struct route *route, struct str path, struct str *sid)
{
	const struct str pattern = str_of(route->path);
	const size_t before = str_find(pattern, '{');
	struct str after;

	if (before == pattern.n)
		return str_eq(pattern, path);
	after = str_slice(pattern, str_find(pattern, '}') + 1, SIZE_MAX);
	if (path.n <= before + after.n ||
	    !str_starts(path, str_slice(pattern, 0, before)) ||
	    !str_eq(str_slice(path, path.n - after.n, after.n), after))
		return false;
	*sid = str_slice(path, before, path.n - before - after.n);
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

/* "GET, HEAD, POST": what a path takes. */
static void
add_method(struct req *req, const struct route *route, struct str *allow)
{
	const struct str method = str_of(route->method);

	*allow = str_format(req->arena, "%.*s%s%.*s%s", STR_ARG(*allow),
	    allow->n == 0 ? "" : ", ", STR_ARG(method),
	    str_eq(method, STR("GET")) ? ", HEAD" : "");
}

/* The row, NULL when the path is not there or not with this method. */
static const struct route *
find_route(struct req *req, struct resp *resp, enum err *e)
{
	struct str allow = STR("");

	for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
		if (!path_fits(&routes[i], req->path, &req->sid))
			continue;
		req->log->route = str_of(routes[i].path);
		/* Not our own probe, which is signed as well. */
		req->is_webhook = routes[i].handle == webhook_answer;
		req->event = routes[i].event;
		if (method_fits(&routes[i], req->method)) {
			req->variable = url_unescape(req->arena, req->sid);
			return &routes[i];
		}
		add_method(req, &routes[i], &allow);
	}
	if (allow.n == 0) {
		*e = resp_problem(resp, req, ERR_NOT_FOUND, "no_such_path",
		    "There is nothing at this path; openapi/mainline.yaml "
		    "says what there is.");
		return NULL;
	}
	resp_header(resp, "Allow", allow);
	*e = resp_problem(resp, req, ERR_METHOD, "method_not_allowed",
	    "This path takes %.*s only.", STR_ARG(allow));
	return NULL;
}

/* "application/json; charset=utf-8" is JSON as well. */
static bool
is_of_type(struct str content_type, struct str wanted)
{
	const struct str type =
	    str_slice(content_type, 0, str_find(content_type, ';'));

	return str_eq_nocase(str_trim(type), wanted);
}

static enum err
check_body(const struct route *route, const struct req *req, struct resp *resp)
{
	if (req->content_length > 0 &&
	    (size_t)req->content_length > route->max_body)
		return resp_problem(resp, req, ERR_LIMIT, "body_too_large",
		    "The body has %d bytes; this path takes up to %zu.",
		    req->content_length, route->max_body);
	if (route->body == BODY_FORM && !is_of_type(req->content_type, FORM))
		return resp_problem(resp, req, ERR_TYPE, "not_a_form",
		    "Send application/x-www-form-urlencoded.");
	if (route->body == BODY_JSON && !is_of_type(req->content_type, JSON))
		return resp_problem(
		    resp, req, ERR_TYPE, "not_json", "Send application/json.");
	return ERR_OK;
}

static enum err
who_are_you(const struct req *req, struct resp *resp)
{
	resp_header(resp, "WWW-Authenticate", STR("Bearer realm=\"mainline\""));
	if (req->key.p != NULL)
		return resp_problem(resp, req, ERR_AUTH, "token_unknown",
		    "This address is none of ours, or was revoked; make a new "
		    "one in the page's settings.");
	return resp_problem(resp, req, ERR_AUTH,
	    req->authorization.p == NULL ? "token_needed" : "token_unknown",
	    "%s \"Authorization: Bearer TOKEN\" with a token of "
	    "`mainline token add`, or sign in.",
	    req->authorization.p == NULL
		? "Send"
		: "This token is none of ours, or was revoked. Send");
}

static enum err
ask_who(const struct ctx *ctx, const struct route *route, struct req *req)
{
	if (route->auth == AUTH_WATCHER)
		return auth_watcher(ctx, req, route->scope);
	return route->auth == AUTH_FEED ? auth_feed(ctx, req, route->scope)
					: auth_user(ctx, req, route->scope);
}

static enum err
check_user(const struct ctx *ctx, const struct route *route, struct req *req,
    struct resp *resp)
{
	const struct str scope =
	    scopes_print(req->arena, (unsigned int)route->scope);
	const enum err e = ask_who(ctx, route, req);

	if (e == ERR_NOT_FOUND)
		return resp_problem(resp, req, ERR_FORBIDDEN, "not_a_user",
		    "%.*s is signed in, and is no user here; `mainline user "
		    "add` makes one of that name.",
		    STR_ARG(req->remote_user));
	if (e == ERR_AUTH)
		return who_are_you(req, resp);
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

	/* Whatever changes something, whoever asks: a browser adds cookies. */
	if (route->auth != AUTH_TWILIO &&
	    !str_eq(str_of(route->method), STR("GET")) &&
	    auth_is_cross_site(ctx, req))
		return resp_problem(resp, req, ERR_FORBIDDEN, "cross_site",
		    "Another site made the browser send this.");
	switch (route->auth) {
	case AUTH_NONE:
		return ERR_OK;
	case AUTH_USER:
	case AUTH_WATCHER:
	case AUTH_FEED:
		return check_user(ctx, route, req, resp);
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
	req->is_signed = req->is_webhook;
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
	if (e != ERR_BUSY)
		return resp_problem(resp, req, e, "internal_error", NULL);
	resp_header(resp, "Retry-After", STR("1"));
	return resp_problem(resp, req, e, "unavailable",
	    str_starts(req->path, STR("/twilio/"))
		? "The event can be written neither to the database nor to "
		  "disk; send it again."
		: "The database does not answer; try again in a moment. "
		  "Callers are answered meanwhile, and their calls appear "
		  "when it is back.");
}
