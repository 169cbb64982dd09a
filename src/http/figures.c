/* figures: how fast Twilio was answered.  Floor: http. */
#include "http/figures.h"

#include "http/http.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Close where most answers are, and where something ends: 1 s the database's
 * time, 1.2 s the wait for a journal, 3 s nginx's patience, 5 s the worker.
 */
const int64_t figures_bounds_us[FIGURES_BOUNDS] = { 1000, 2500, 5000, 10000,
	25000, 50000, 100000, 250000, 500000, 1000000, 1500000, 3000000,
	5000000 };

const int figures_codes[FIGURES_CODES] = { 200, 204, 403, 405, 413, 415, 500,
	503 };

static void
add(_Atomic(uint64_t) *counter, uint64_t n)
{
	(void)atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

void
figures_add(
    struct figures *figures, const struct req *req, int status, int64_t us)
{
	struct figures_route *const route = &figures->routes[req->event];
	size_t bucket = 0;
	size_t code = 0;

	if (!req->is_webhook)
		return;
	while (code < FIGURES_CODES && figures_codes[code] != status)
		code++;
	add(&figures->codes[code], 1);
	if (!req->is_signed)
		return;
	while (bucket < FIGURES_BOUNDS && figures_bounds_us[bucket] < us)
		bucket++;
	add(&route->bucket[bucket], 1);
	add(&route->sum_us, us > 0 ? (uint64_t)us : 0);
}
