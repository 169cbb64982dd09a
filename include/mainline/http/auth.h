/*
 * auth: who is it?
 * Floor: http.
 */
#ifndef MAINLINE_HTTP_AUTH_H
#define MAINLINE_HTTP_AUTH_H

#include "http/http.h"
#include "store/tokens.h"

#include <stdbool.h>

/*
 * Did Twilio send it, for our account?  The signature is checked over the
 * configured public URL and the raw URI, never over what a client says of hosts
 * and schemes.  `req->form` is set.
 *
 * ERR_OK, ERR_FORBIDDEN (the log says why), ERR_LIMIT (too many pairs).
 */
MUST_USE enum err auth_twilio(const struct ctx *ctx, struct req *req);

/* The cookie of a session; __Host- ties it to this host and to https. */
#define AUTH_COOKIE "__Host-mainline"

/* The session's secret that the request brought; absent when none. */
struct str auth_session(const struct req *req);

/*
 * Who asks, and may they do `scope`?  A bearer token decides, where one was
 * sent; else whom oauth2-proxy has signed in, if MAINLINE_OAUTH2_PROXY is set;
 * else the session.
 *
 * ERR_OK
 * ERR_AUTH      none of these, or not one of ours
 * ERR_NOT_FOUND oauth2-proxy knows them, and they are no user here
 * ERR_FORBIDDEN not this scope
 * ERR_BUSY      the database cannot be asked
 * `req->who` is set on ERR_OK and ERR_FORBIDDEN.
 */
MUST_USE enum err auth_user(
    const struct ctx *ctx, struct req *req, enum scope scope);

/*
 * The same for a feed reader, which has a key in its address
 * (store/feed_links.h) in
 * the place of either: `req->key` is set then, and the scope is SCOPE_FEED.
 * A header outranks it, and it outranks a cookie.
 */
MUST_USE enum err auth_feed(
    const struct ctx *ctx, struct req *req, enum scope scope);

/* Does the query hold anything but the key that auth_feed() has taken? */
bool auth_has_more_than_key(const struct req *req);

/*
 * The same for what is looked at by machines and tells of no call: whom the
 * database let in a while ago by bearer token may go on looking while it cannot
 * be asked (store/watchers.h).  Everybody else gets ERR_BUSY then.
 */
MUST_USE enum err auth_watcher(
    const struct ctx *ctx, struct req *req, enum scope scope);

/* The same, without asking the database: ERR_OK or ERR_BUSY. */
MUST_USE enum err auth_known_watcher(
    const struct ctx *ctx, struct req *req, enum scope scope);

/*
 * Could another site have made a browser send this?  Asked of whatever changes
 * something.
 *
 * A cookie that is SameSite=Strict never comes from there; this holds where
 * one is not yet there (signing in), where it is oauth2-proxy's, and where a
 * browser is old.  Sec-Fetch-Site tells; without it the Origin, which must be
 * one of those that we are reached at: MAINLINE_PUBLIC_URL, as a tunnel shows
 * it, and nginx's port on this machine or on that host.  The Host header is
 * none of the ways to know, since a tunnel writes it anew.  Neither header: no
 * browser of the last years, and the cookie alone decides.
 *
 * No token in each form besides: that is for cookies which other sites can
 * send, and would be one more secret in the page.
 */
bool auth_is_cross_site(const struct ctx *ctx, const struct req *req);

#endif
