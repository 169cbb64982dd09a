/*
 * router: from a request to its answer, over one table of routes.
 * Floor: http.
 */
#ifndef MAINLINE_HTTP_ROUTER_H
#define MAINLINE_HTTP_ROUTER_H

#include "http/fcgi.h"
#include "http/http.h"

/*
 * Answers one request: finds its row, then checks in this order, before any
 * work: path (404), method (405), size (413), content type (415), and who it is
 * (401, 403).  Then its handler.  `*resp` is always a whole answer; the result
 * is for the log.  With `req->cut_off` there is nobody to be answered.
 */
MUST_USE enum err router_answer(const struct ctx *ctx, struct fcgi *fcgi,
    struct req *req, struct resp *resp);

#endif
