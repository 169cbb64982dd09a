/*
 * auth: who is it?
 * Floor: http.
 */
#ifndef MAINLINE_HTTP_AUTH_H
#define MAINLINE_HTTP_AUTH_H

#include "http/http.h"
#include "store/tokens.h"

/*
 * Did Twilio send it, for our account?  The signature is checked over the
 * configured public URL and the raw URI, never over what a client says of hosts
 * and schemes.  `req->form` is set.
 *
 * ERR_OK, ERR_FORBIDDEN (the log says why), ERR_LIMIT (too many pairs).
 */
MUST_USE enum err auth_twilio(const struct ctx *ctx, struct req *req);

/*
 * Does its bearer token allow `scope`?  ERR_AUTH: no token, or not one of ours.
 * ERR_FORBIDDEN: not this scope.  ERR_BUSY: the database cannot be asked.
 * `req->scopes` is set on ERR_OK and ERR_FORBIDDEN.
 */
MUST_USE enum err auth_token(
    const struct ctx *ctx, struct req *req, enum scope scope);

#endif
