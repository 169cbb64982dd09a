/*
 * scoreboard: what each worker is doing, in memory that the supervisor shares
 * with all of them.
 * Floor: process.
 */
#ifndef MAINLINE_PROCESS_SCOREBOARD_H
#define MAINLINE_PROCESS_SCOREBOARD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One worker's; it alone writes, except for scoreboard_clear(). */
struct slot {
	_Atomic(bool) ready; /* has begun to take requests */
	/* monotonic: a request, or a piece of its answer; 0: waits for one */
	_Atomic(int64_t) busy_since_ms;
	_Atomic(uint64_t) requests; /* answered */
};

/* `n` slots, all clear, shared with every process that is forked later. */
struct slot *scoreboard_new(size_t n);

void slot_clear(struct slot *slot);

/* `bytes` zeroed ones, shared with every process that is forked later. */
void *shared_new(size_t bytes);

#endif
