/* backlog: what is still to be done.  Floor: http. */
#include "backlog.h"

#include "base/err.h"
#include "base/str.h"
#include "http/http.h"
#include "store/jobs.h"
#include "store/journal.h"

#include <stdatomic.h>
#include <stdint.h>

#define BACKLOG_BUDGET_MS 1500 /* of which who asks may take 1000 */
#define SECOND_US INT64_C(1000000)

/* Clocks that were set back make no time negative. */
static int64_t
seconds_since(const struct req *req, int64_t us)
{
	return us < req->received_us ? (req->received_us - us) / SECOND_US : 0;
}

void
backlog_spool(
    const struct ctx *ctx, const struct req *req, struct backlog_spool *out)
{
	const struct journal_gauges *const g = ctx->gauges;

	out->records = (int64_t)atomic_load(&g->spool_records);
	out->bytes = atomic_load(&g->spool_bytes) + atomic_load(&g->own_bytes);
	out->oldest_s = seconds_since(req, atomic_load(&g->spool_oldest_us));
}

enum err
backlog_read(const struct ctx *ctx, struct req *req, struct backlog *out)
{
	/* Every few minutes: jobs/sweep_job. */
	static const struct job_key sweep = { .line = STR_INIT(""),
		.call_sid = STR_INIT(""),
		.kind = STR_INIT("sweep"),
		.channel = STR_INIT("hour") };
	const int64_t deadline_ms = req_deadline(req, BACKLOG_BUDGET_MS);
	int64_t swept_us;
	enum err e;

	if ((e = jobs_counts(ctx->pg, req->arena, deadline_ms, &out->jobs,
		 &out->n)) != ERR_OK ||
	    (e = jobs_last_done(ctx->pg, req->arena, &sweep, deadline_ms,
		 &swept_us)) != ERR_OK)
		return e;
	out->lag_s = swept_us < 0 ? -1 : seconds_since(req, swept_us);
	return ERR_OK;
}
