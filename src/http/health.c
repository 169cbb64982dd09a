/* health: is it up, and can it work?  Floor: http. */
#include "health.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/jsonw.h"
#include "flow/flow_set.h"
#include "http/auth.h"
#include "http/http.h"
#include "store/migrate.h"
#include "store/tokens.h"

#include <stddef.h>

#define READY_BUDGET_MS 1000
#define READY_KEEP_MS 1000
#define BODY_MAX_BYTES 1024

enum err
health_live(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	(void)ctx;
	(void)req;
	resp_json(resp, 200, STR("{\"status\":\"ok\"}"));
	return ERR_OK;
}

/* Asks the database at most once a second. */
static enum err
check_database(const struct ctx *ctx, struct req *req)
{
	struct readiness *const known = ctx->readiness;

	if (known->checked_ms == 0 ||
	    req->started_ms - known->checked_ms >= READY_KEEP_MS) {
		known->database = migrate_check(
		    ctx->pg, req->arena, req_deadline(req, READY_BUDGET_MS));
		known->checked_ms = req->started_ms;
	}
	return known->database;
}

enum err
health_ready(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	const enum err database = check_database(ctx, req);
	const bool ready = database == ERR_OK;
	struct buf body;
	struct jsonw w;

	buf_init(&body, req->arena, BODY_MAX_BYTES);
	jsonw_init(&w, &body);
	jsonw_object(&w, NULL);
	jsonw_bool(&w, "ready", ready);
	/* Whose token it is only the database can tell. */
	if (database != ERR_BUSY && auth_user(ctx, req, SCOPE_READ) == ERR_OK) {
		jsonw_str(
		    &w, "database", ready ? STR("ok") : STR("schema_outdated"));
		jsonw_int(&w, "flow_version",
		    flow_set_entry(ctx->flows, req->received_us)->version);
	}
	jsonw_object_end(&w);
	resp_json(resp, ready ? 200 : 503, buf_str(&body));
	return ready ? ERR_OK : ERR_BUSY;
}
