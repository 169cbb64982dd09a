/* health: is it up, and can it work?  Private to the http floor. */
#ifndef MAINLINE_HTTP_HEALTH_H
#define MAINLINE_HTTP_HEALTH_H

#include "http/http.h"

/* GET /healthz: the process answers. */
enum err health_live(const struct ctx *ctx, struct req *req, struct resp *resp);

/*
 * GET /readyz: 200 or 503, yes or no for anyone; with a token also of what, and
 * what is still to be done.
 */
enum err health_ready(
    const struct ctx *ctx, struct req *req, struct resp *resp);

#endif
