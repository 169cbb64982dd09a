/* metrics_webhooks: how fast Twilio was answered, for Prometheus.
 * Floor: http. */
#include "metrics_text.h"

#include "base/buf.h"
#include "http/figures.h"
#include "twilio/words.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define SECOND_US INT64_C(1000000)
#define DURATION "mainline_webhook_duration_seconds"

/* "0.0025": seconds, without the zeros that say nothing. */
static void
add_seconds(struct buf *b, int64_t us)
{
	int64_t rest = us % SECOND_US;

	buf_addf(b, "%lld", (long long)(us / SECOND_US));
	if (rest == 0)
		return;
	buf_addc(b, '.');
	for (int64_t unit = SECOND_US / 10; rest > 0; unit /= 10) {
		buf_addc(b, (char)('0' + rest / unit));
		rest %= unit;
	}
}

static void
begin_bucket(struct buf *b, const char *path)
{
	buf_addf(b, DURATION "_bucket{route=\"%s\",le=\"", path);
}

/*
 * Read once each, so that the parts fit together while others add to them: the
 * count is the sum of what stands above it.
 */
static void
add_route(struct buf *b, const struct figures_route *route, const char *path)
{
	const uint64_t sum_us = atomic_load(&route->sum_us);
	uint64_t count = 0;

	for (size_t i = 0; i < FIGURES_BOUNDS; i++) {
		count += atomic_load(&route->bucket[i]);
		begin_bucket(b, path);
		add_seconds(b, figures_bounds_us[i]);
		buf_addf(b, "\"} %llu\n", (unsigned long long)count);
	}
	count += atomic_load(&route->bucket[FIGURES_BOUNDS]);
	begin_bucket(b, path);
	buf_addf(b, "+Inf\"} %llu\n", (unsigned long long)count);
	buf_addf(b, DURATION "_sum{route=\"%s\"} ", path);
	add_seconds(b, (int64_t)sum_us);
	buf_addf(b, "\n" DURATION "_count{route=\"%s\"} %llu\n", path,
	    (unsigned long long)count);
}

static void
add_codes(struct buf *b, const struct figures *figures)
{
	const char *const name = "mainline_webhook_responses_total";

	metrics_family(b, name, "counter",
	    "Answers to requests at the addresses that Twilio calls, by "
	    "status.");
	for (size_t i = 0; i < FIGURES_CODES; i++)
		buf_addf(b, "%s{code=\"%d\"} %llu\n", name, figures_codes[i],
		    (unsigned long long)atomic_load(&figures->codes[i]));
	buf_addf(b, "%s{code=\"other\"} %llu\n", name,
	    (unsigned long long)atomic_load(&figures->codes[FIGURES_CODES]));
}

void
metrics_add_webhooks(struct buf *b, const struct figures *figures)
{
	metrics_family(b, DURATION, "histogram",
	    "From a signed request of Twilio to the end of its answer.");
	for (enum event_kind kind = EVENT_VOICE; kind < EVENT__MAX; kind++)
		add_route(b, &figures->routes[kind], event_kind_path(kind));
	add_codes(b, figures);
	metrics_family(b, "mainline_worker_failures_total", "counter",
	    "Workers that ended before their time; hung: that were killed "
	    "over a request.");
	buf_addf(b,
	    "mainline_worker_failures_total{how=\"died\"} %llu\n"
	    "mainline_worker_failures_total{how=\"hung\"} %llu\n",
	    (unsigned long long)atomic_load(&figures->died),
	    (unsigned long long)atomic_load(&figures->hung));
}
