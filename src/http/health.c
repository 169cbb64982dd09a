/* health: is it up, and can it work?  Floor: http. */
#include "health.h"

#include "backlog.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/jsonw.h"
#include "flow/flow_set.h"
#include "http/auth.h"
#include "http/http.h"
#include "store/migrate.h"
#include "store/tokens.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

static struct str
database_word(enum err database)
{
	if (database == ERR_OK)
		return STR("ok");
	return database == ERR_BUSY ? STR("away") : STR("schema_outdated");
}

static void
add_spool(struct jsonw *w, const struct ctx *ctx, const struct req *req)
{
	struct backlog_spool spool;

	backlog_spool(ctx, req, &spool);
	jsonw_object(w, "spool");
	jsonw_int(w, "records", spool.records);
	jsonw_int(w, "bytes", spool.bytes);
	jsonw_int(w, "oldest_s", spool.oldest_s);
	jsonw_object_end(w);
}

/* What only the database knows; nothing when it cannot be asked. */
static void
add_backlog(struct jsonw *w, const struct ctx *ctx, struct req *req)
{
	struct backlog backlog;
	int64_t dead = 0;

	if (backlog_read(ctx, req, &backlog) != ERR_OK)
		return;
	for (size_t i = 0; i < backlog.n; i++) {
		if (str_eq(backlog.jobs[i].state, STR("dead")))
			dead += backlog.jobs[i].n;
	}
	jsonw_object(w, "jobs");
	jsonw_int(w, "dead", dead);
	jsonw_object_end(w);
	jsonw_object(w, "reconcile");
	if (backlog.lag_s < 0)
		jsonw_null(w, "lag_s");
	else
		jsonw_int(w, "lag_s", backlog.lag_s);
	jsonw_object_end(w);
}

/* Whose token it is only the database can tell, or could just now. */
static bool
may_see_more(const struct ctx *ctx, struct req *req, enum err database)
{
	return (database == ERR_BUSY
		       ? auth_known_watcher(ctx, req, SCOPE_READ)
		       : auth_watcher(ctx, req, SCOPE_READ)) == ERR_OK;
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
	if (may_see_more(ctx, req, database)) {
		jsonw_str(&w, "database", database_word(database));
		jsonw_int(&w, "flow_version",
		    flow_set_entry(ctx->flows, req->received_us)->version);
		add_spool(&w, ctx, req);
		if (ready)
			add_backlog(&w, ctx, req);
	}
	jsonw_object_end(&w);
	resp_json(resp, ready ? 200 : 503, buf_str(&body));
	return ready ? ERR_OK : ERR_BUSY;
}
