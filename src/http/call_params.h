/*
 * call_params: the query of GET /api/calls, and its cursor.  Private to the
 * http floor.
 */
#ifndef MAINLINE_HTTP_CALL_PARAMS_H
#define MAINLINE_HTTP_CALL_PARAMS_H

#include "http/http.h"
#include "store/calls.h"

struct call_params {
	struct call_query query;
	struct str
	    filters; /* as a query string, in one order: for the cursor */
};

/*
 * Reads the query.  Each parameter may stand once, and empty counts as not
 * there. A cursor carries the filters of the request that gave it, so `after`
 * alone goes on with them; filters beside it must be the same.
 *
 * ERR_INPUT: `resp` holds a problem that names the parameter.
 */
MUST_USE enum err call_params_read(
    struct req *req, struct resp *resp, struct call_params *out);

/* The cursor behind the row with that time and SID. */
struct str call_params_cursor(struct arena *arena,
    const struct call_params *params, int64_t first_seen_us, struct str sid);

#endif
