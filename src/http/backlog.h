/*
 * backlog: what is still to be done, for health and metrics.
 * Private to the http floor.
 */
#ifndef MAINLINE_HTTP_BACKLOG_H
#define MAINLINE_HTTP_BACKLOG_H

#include "base/err.h"
#include "http/http.h"
#include "store/jobs.h"

#include <stddef.h>
#include <stdint.h>

/* What has not got into the database yet. */
struct backlog_spool {
	int64_t records, bytes;
	int64_t oldest_s; /* since its first record was received; 0: empty */
};

void backlog_spool(
    const struct ctx *ctx, const struct req *req, struct backlog_spool *out);

/* What the database knows of. */
struct backlog {
	struct jobs_count *jobs; /* in the request's arena */
	size_t n;
	int64_t lag_s; /* since a look at Twilio's list; -1: there was none */
};

/* Errors as pg_run(); it gives up 1.5 s after the request has begun. */
MUST_USE enum err backlog_read(
    const struct ctx *ctx, struct req *req, struct backlog *out);

#endif
