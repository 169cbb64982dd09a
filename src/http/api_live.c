/* api_live: GET /api/live.  Floor: http. */
#include "api.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/jsonw.h"
#include "http/http.h"
#include "store/live_files.h"

#include <stddef.h>

#define BODY_MAX_BYTES 256

enum err
api_live(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	struct str key;
	struct buf body;
	struct jsonw w;

	if (req->query.n > 0)
		return resp_no_parameters(resp, req);
	if (live_files_key(req->arena, live_files_folder(req->arena, ctx->conf),
		&key) != ERR_OK) {
		resp_header(resp, "Retry-After", STR("1"));
		return resp_problem(resp, req, ERR_BUSY, "unavailable",
		    "What changes is not known yet; try again in a moment.");
	}
	buf_init(&body, req->arena, BODY_MAX_BYTES);
	jsonw_init(&w, &body);
	jsonw_object(&w, NULL);
	jsonw_str(&w, "path",
	    str_format(req->arena, "/api/live/%.*s.json", STR_ARG(key)));
	jsonw_object_end(&w);
	resp_header(resp, "Cache-Control", STR("no-store"));
	resp_json(resp, 200, buf_str(&body));
	return buf_close(&body);
}
