/* api: the JSON API's handlers.  Private to the http floor. */
#ifndef MAINLINE_HTTP_API_H
#define MAINLINE_HTTP_API_H

#include "http/http.h"

/* GET /api/calls: the feed, newest first. */
enum err api_calls_list(
    const struct ctx *ctx, struct req *req, struct resp *resp);

/* GET /api/calls/{sid}: one call with its steps, legs and events. */
enum err api_calls_get(
    const struct ctx *ctx, struct req *req, struct resp *resp);

#endif
