/* auth: who is it?  Floor: http. */
#include "http/auth.h"

#include "base/compiler.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "codec/cookie.h"
#include "codec/digest.h"
#include "codec/form.h"
#include "codec/url.h"
#include "http/http.h"
#include "io/conf.h"
#include "store/feed_links.h"
#include "store/sessions.h"
#include "store/tokens.h"
#include "store/users.h"
#include "store/watchers.h"
#include "twilio/signature.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WHO_BUDGET_MS 1000
#define QUERY_MAX_PAIRS 8

/* Signed with any of the tokens?  All are tried, whichever fits. */
static bool
is_signed(const struct ctx *ctx, const struct req *req)
{
	const struct signed_request request = {
		.url = str_format(req->arena, "%s%.*s", ctx->conf->public_url,
		    STR_ARG(req->uri)),
		.form = &req->form,
		.header = req->signature,
	};
	bool ok = false;

	for (size_t i = 0; i < ctx->conf->n_auth_tokens; i++)
		ok = signature_check(req->arena, ctx->conf->auth_tokens[i],
			 &request) == ERR_OK ||
		    ok;
	return ok;
}

enum err
auth_twilio(const struct ctx *ctx, struct req *req)
{
	const char *why = NULL;

	if (form_parse(req->arena, req->body, SIGNATURE_MAX_PAIRS,
		&req->form) != ERR_OK)
		return ERR_LIMIT;
	if (req->signature.p == NULL)
		why = "no X-Twilio-Signature";
	else if (!is_signed(ctx, req))
		why = "the signature does not match MAINLINE_PUBLIC_URL, the "
		      "path and TWILIO_AUTH_TOKEN";
	else if (!str_eq(form_get(&req->form, "AccountSid"),
		     str_of(ctx->conf->twilio_account_sid)))
		why = "AccountSid is not TWILIO_ACCOUNT_SID";
	if (why == NULL)
		return ERR_OK;
	log_event(req->log, LOG_REFUSED, ERR_FORBIDDEN, "%s", why);
	return ERR_FORBIDDEN;
}

struct str
auth_session(const struct req *req)
{
	return cookie_get(req->cookie, STR(AUTH_COOKIE));
}

/* The token behind "Bearer "; absent when the header says something else. */
static struct str
bearer_token(const struct req *req)
{
	const struct str scheme = STR("Bearer ");
	const struct str given = str_slice(req->authorization, 0, scheme.n);

	if (!str_eq_nocase(given, scheme))
		return STR_ABSENT;
	return str_trim(str_slice(req->authorization, scheme.n, SIZE_MAX));
}

enum err
auth_user(const struct ctx *ctx, struct req *req, enum scope scope)
{
	const struct str token = bearer_token(req);
	const struct str session = auth_session(req);
	const int64_t deadline = req_deadline(req, WHO_BUDGET_MS);
	enum err e = ERR_AUTH;

	/* Who sends a header means it. */
	if (req->authorization.p != NULL)
		e = tokens_find(
		    ctx->pg, req->arena, token, deadline, &req->who);
	else if (ctx->conf->oauth2_proxy != NULL && req->remote_user.p != NULL)
		e = users_remote(
		    ctx->pg, req->arena, req->remote_user, deadline, &req->who);
	else if (session.p != NULL)
		e = sessions_find(
		    ctx->pg, req->arena, session, deadline, &req->who);
	if (e != ERR_OK)
		return e;
	return scopes_allow(req->who.scopes, scope) ? ERR_OK : ERR_FORBIDDEN;
}

/* An absent query has no pairs; a value that stands there twice is none. */
static struct str
key_of(const struct req *req, size_t *n)
{
	struct form form = { 0 };

	*n = 0;
	if (req->query.n == 0)
		return STR_ABSENT;
	*n = SIZE_MAX;
	if (form_parse(req->arena, req->query, QUERY_MAX_PAIRS, &form) !=
	    ERR_OK)
		return STR_ABSENT;
	*n = form.n;
	return form_count(&form, "key") == 1 ? form_get(&form, "key")
					     : STR_ABSENT;
}

enum err
auth_feed(const struct ctx *ctx, struct req *req, enum scope scope)
{
	size_t n;
	const struct str key = key_of(req, &n);

	if (req->authorization.p != NULL || key.p == NULL)
		return auth_user(ctx, req, scope);
	req->key = key;
	return feed_links_find(ctx->pg, req->arena, key,
	    req_deadline(req, WHO_BUDGET_MS), &req->who);
}

bool
auth_has_more_than_key(const struct req *req)
{
	size_t n;

	(void)key_of(req, &n);
	return n > (req->key.p == NULL ? 0 : 1);
}

/* Who it is, and what they look at. */
static struct watcher
watcher_of(struct req *req, enum scope scope)
{
	const struct str parts[] = {
		scopes_print(req->arena, (unsigned int)scope),
		bearer_token(req),
	};
	struct watcher watcher = { .now_ms = req->started_ms };

	digest_parts(parts, ARRAY_LEN(parts), watcher.key);
	return watcher;
}

enum err
auth_known_watcher(const struct ctx *ctx, struct req *req, enum scope scope)
{
	const struct watcher watcher = watcher_of(req, scope);

	return watchers_know(ctx->watchers, &watcher) ? ERR_OK : ERR_BUSY;
}

enum err
auth_watcher(const struct ctx *ctx, struct req *req, enum scope scope)
{
	const enum err e = auth_user(ctx, req, scope);
	const struct watcher watcher = watcher_of(req, scope);

	if (!tokens_fits(bearer_token(req)))
		return e; /* a session's is for people */
	if (e == ERR_BUSY)
		return auth_known_watcher(ctx, req, scope);
	if (e == ERR_OK)
		watchers_remember(ctx->watchers, &watcher);
	else if (e == ERR_AUTH || e == ERR_FORBIDDEN)
		watchers_forget(ctx->watchers, &watcher);
	return e;
}

/* 443 goes without saying. */
static int
https_port(const struct url *url)
{
	return url->port == 0 ? 443 : url->port;
}

/* Is it where the page is reached: the public URL, or nginx's own port? */
static bool
is_own_origin(const struct conf *conf, struct str origin)
{
	struct url from;
	struct url public;
	bool at_port;

	if (url_parse(origin, &from) != ERR_OK || from.path.n > 0 ||
	    url_parse(str_of(conf->public_url), &public) != ERR_OK ||
	    !str_eq_nocase(from.scheme, STR("https")))
		return false;
	at_port = https_port(&from) == conf->https_port;
	if (str_eq_nocase(from.host, public.host))
		return at_port || https_port(&from) == https_port(&public);
	return at_port && url_is_loopback(&from);
}

bool
auth_is_cross_site(const struct ctx *ctx, const struct req *req)
{
	if (req->fetch_site.p != NULL)
		return !str_eq(req->fetch_site, STR("same-origin")) &&
		    !str_eq(req->fetch_site, STR("none"));
	/* No browser adds a token by itself. */
	if (req->authorization.p != NULL || req->origin.p == NULL)
		return false;
	return !is_own_origin(ctx->conf, req->origin);
}
