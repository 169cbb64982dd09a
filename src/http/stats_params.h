/* stats_params: the query of GET /api/stats.  Private to the http floor. */
#ifndef MAINLINE_HTTP_STATS_PARAMS_H
#define MAINLINE_HTTP_STATS_PARAMS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "http/http.h"
#include "store/stats.h"

#include <stdint.h>

struct stats_params {
	struct stats_query query;
	int64_t since_us; /* the first day's beginning in UTC */
	int days;         /* how many there are, both ends counted */
};

/*
 * Reads the query, and asks the database whether its zone is known and which
 * day it is there.
 *
 * ERR_INPUT: `resp` holds a problem that names the parameter.  Other errors are
 * those of pg_run().
 */
MUST_USE enum err stats_params_read(const struct ctx *ctx, struct req *req,
    struct resp *resp, struct stats_params *out);

/* The i-th day of the range, "2026-11-22". */
struct str stats_params_day(
    struct arena *arena, const struct stats_params *params, int i);

#endif
