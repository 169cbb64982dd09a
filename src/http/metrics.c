/* metrics: the program's figures for Prometheus.  Floor: http. */
#include "metrics.h"

#include "backlog.h"
#include "base/buf.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "http/http.h"
#include "metrics_text.h"
#include "store/jobs.h"
#include "store/journal.h"
#include "store/stats.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define BODY_MAX_BYTES ((size_t)256 * 1024)
#define OUTCOMES_BUDGET_MS 1800 /* after the backlog's 1500 */
#define COUNTER "counter"
#define GAUGE "gauge"
#define SECOND_US INT64_C(1000000)

void
metrics_family(
    struct buf *b, const char *name, const char *type, const char *help)
{
	buf_addf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void
metrics_label(struct buf *b, const char *name, struct str value)
{
	buf_addf(b, "%s=\"", name);
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '\n') {
			buf_add(b, STR("\\n"));
			continue;
		}
		if (value.p[i] == '"' || value.p[i] == '\\')
			buf_addc(b, '\\');
		buf_addc(b, value.p[i]);
	}
	buf_addc(b, '"');
}

/* Of one value without labels. */
struct number {
	const char *name, *type, *help;
	int64_t value;
};

static void
add_numbers(struct buf *b, const struct number *numbers, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		metrics_family(
		    b, numbers[i].name, numbers[i].type, numbers[i].help);
		buf_addf(b, "%s %lld\n", numbers[i].name,
		    (long long)numbers[i].value);
	}
}

static void
add_spool(struct buf *b, const struct ctx *ctx, const struct req *req)
{
	const struct journal_gauges *const g = ctx->gauges;
	struct backlog_spool spool;

	backlog_spool(ctx, req, &spool);
	const struct number numbers[] = {
		{ "mainline_spool_records", GAUGE,
		    "Events in the spool, not yet in the database.",
		    spool.records },
		{ "mainline_spool_bytes", GAUGE, "Size of the spool.",
		    spool.bytes },
		{ "mainline_spool_quota_bytes", GAUGE,
		    "Size that the spool may reach.",
		    atomic_load(&g->spool_quota_bytes) },
		{ "mainline_spool_oldest_seconds", GAUGE,
		    "Since the spool's first event was received; 0 when empty.",
		    spool.oldest_s },
		{ "mainline_spool_bad_files", GAUGE,
		    "Files of the spool that hold something unreadable.",
		    (int64_t)atomic_load(&g->spool_bad_files) },
	};
	add_numbers(b, numbers, ARRAY_LEN(numbers));
}

static void
add_events(struct buf *b, const struct journal_gauges *g)
{
	const struct number numbers[] = {
		{ "mainline_events_committed_total", COUNTER,
		    "Events written to the database.",
		    (int64_t)atomic_load(&g->committed) },
		{ "mainline_event_statements_total", COUNTER,
		    "Statements that the journal has written events with.",
		    (int64_t)atomic_load(&g->statements) },
		{ "mainline_events_spooled_total", COUNTER,
		    "Events that the journal spooled.",
		    (int64_t)atomic_load(&g->spooled) },
		{ "mainline_events_spooled_by_worker_total", COUNTER,
		    "Events that a worker spooled, without the journal.",
		    (int64_t)atomic_load(&g->own) },
		{ "mainline_unrecorded_total", COUNTER,
		    "Events that could be written nowhere.",
		    (int64_t)atomic_load(&g->unrecorded) },
		{ "mainline_events_aside_total", COUNTER,
		    "Events that belong to no call, or that no row can hold.",
		    (int64_t)atomic_load(&g->aside) },
		{ "mainline_live_changes_total", COUNTER,
		    "Changes of calls that open pages were told of.",
		    (int64_t)atomic_load(&g->live_changes) },
		{ "mainline_database_up", GAUGE,
		    "Does the database take the journal's events?",
		    atomic_load(&g->database_up) ? 1 : 0 },
	};

	add_numbers(b, numbers, ARRAY_LEN(numbers));
}

static void
add_jobs(struct buf *b, const struct req *req, const struct backlog *backlog)
{
	metrics_family(b, "mainline_jobs", GAUGE,
	    "Background jobs that are due, or dead: given up.");
	for (size_t i = 0; i < backlog->n; i++) {
		const struct jobs_count *const c = &backlog->jobs[i];

		buf_add(b, STR("mainline_jobs{"));
		metrics_label(b, "kind", c->kind);
		buf_addc(b, ',');
		metrics_label(b, "state", c->state);
		buf_addf(b, "} %lld\n", (long long)c->n);
	}
	metrics_family(b, "mainline_jobs_oldest_due_seconds", GAUGE,
	    "For how long the first job of a kind has been due.");
	for (size_t i = 0; i < backlog->n; i++) {
		const struct jobs_count *const c = &backlog->jobs[i];
		const int64_t late_us = req->received_us - c->oldest_due_us;

		if (!str_eq(c->state, STR("due")))
			continue;
		buf_add(b, STR("mainline_jobs_oldest_due_seconds{"));
		metrics_label(b, "kind", c->kind);
		buf_addf(b, "} %lld\n",
		    (long long)(late_us > 0 ? late_us / SECOND_US : 0));
	}
}

/* What was never done has no lag. */
static void
add_lag(struct buf *b, const struct backlog *backlog)
{
	const char *const name = "mainline_reconcile_lag_seconds";

	if (backlog->lag_s < 0)
		return;
	metrics_family(b, name, GAUGE,
	    "Since the record was last held against Twilio's list.");
	buf_addf(b, "%s %lld\n", name, (long long)backlog->lag_s);
}

/* Of an hour: what is older does not tell how things stand. */
static void
add_outcomes(struct buf *b, const struct ctx *ctx, const struct req *req)
{
	const char *const name = "mainline_calls_last_hour";
	struct stats_outcome *outcomes;
	size_t n;

	if (stats_last_hour(ctx->pg, req->arena,
		req_deadline(req, OUTCOMES_BUDGET_MS), &outcomes, &n) != ERR_OK)
		return;
	metrics_family(b, name, GAUGE,
	    "Calls that began within the last hour, by how they ended.");
	for (size_t i = 0; i < n; i++) {
		buf_addf(b, "%s{", name);
		metrics_label(b, "line", outcomes[i].line);
		buf_addc(b, ',');
		metrics_label(b, "outcome", outcomes[i].outcome);
		buf_addf(b, "} %lld\n", (long long)outcomes[i].n);
	}
}

static void
add_build(struct buf *b)
{
	metrics_family(b, "mainline_build_info", GAUGE,
	    "Which version answers; always 1.");
	buf_add(b, STR("mainline_build_info{"));
	metrics_label(b, "version", STR(MAINLINE_VERSION));
	buf_add(b, STR("} 1\n"));
}

enum err
metrics_show(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	struct backlog backlog;
	struct buf body;

	buf_init(&body, req->arena, BODY_MAX_BYTES);
	add_spool(&body, ctx, req);
	add_events(&body, ctx->gauges);
	metrics_add_webhooks(&body, ctx->figures);
	add_build(&body);
	if (backlog_read(ctx, req, &backlog) == ERR_OK) {
		add_jobs(&body, req, &backlog);
		add_lag(&body, &backlog);
		add_outcomes(&body, ctx, req);
	}
	resp->status = 200;
	resp->content_type = STR("text/plain; version=0.0.4; charset=utf-8");
	resp->body = buf_str(&body);
	return buf_close(&body);
}
