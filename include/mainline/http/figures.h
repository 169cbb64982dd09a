/*
 * figures: how fast Twilio was answered, and with what.
 * Floor: http.
 *
 * In memory that all processes share, so that a worker who leaves takes nothing
 * along: each adds to the same counters, without a lock and without the kernel.
 */
#ifndef MAINLINE_HTTP_FIGURES_H
#define MAINLINE_HTTP_FIGURES_H

#include "http/http.h"
#include "twilio/words.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* Upper bounds in microseconds, 1 ms to 5 s; a last bucket has the rest. */
#define FIGURES_BOUNDS 13
extern const int64_t figures_bounds_us[FIGURES_BOUNDS];

/* The statuses that are counted one by one; a last place has all others. */
#define FIGURES_CODES 8
extern const int figures_codes[FIGURES_CODES];

struct figures_route {
	_Atomic(uint64_t) bucket[FIGURES_BOUNDS + 1]; /* each by itself */
	_Atomic(uint64_t) sum_us;
};

struct figures {
	struct figures_route routes[EVENT__MAX];
	_Atomic(uint64_t) codes[FIGURES_CODES + 1]; /* of all webhooks */
	_Atomic(uint64_t) died; /* workers that ended before their time */
	_Atomic(uint64_t) hung; /* of them: were killed over a request */
};

/*
 * A request was answered with `status`, `us` after it was received.  What is no
 * webhook is not counted.  Latency is that of requests which Twilio had signed:
 * strangers who are refused would make it look better than it is.
 */
void figures_add(
    struct figures *figures, const struct req *req, int status, int64_t us);

#endif
