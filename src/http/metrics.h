/*
 * metrics: the program's figures for Prometheus.  Private to the http floor.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/
 */
#ifndef MAINLINE_HTTP_METRICS_H
#define MAINLINE_HTTP_METRICS_H

#include "base/err.h"
#include "http/http.h"

/*
 * GET /metrics, in the text format 0.0.4.  What the database knows is left out
 * while it cannot be asked; the rest is always there.
 */
enum err metrics_show(
    const struct ctx *ctx, struct req *req, struct resp *resp);

#endif
