/*
 * clock: the only reader of time.
 * Floor: base.
 */
#ifndef MAINLINE_BASE_CLOCK_H
#define MAINLINE_BASE_CLOCK_H

#include <stdint.h>

/* Wall clock, microseconds since 1970-01-01 00:00:00 UTC.  For records only. */
int64_t clock_wall_us(void);

/* Monotonic milliseconds, for deadlines; unrelated to the wall clock. */
int64_t clock_mono_ms(void);

/* The same in microseconds, for what is measured. */
int64_t clock_mono_us(void);

/*
 * Milliseconds until the monotonic `deadline_ms`, never below 0 and never above
 * INT_MAX: what poll(2) takes.
 */
int clock_left_ms(int64_t deadline_ms);

#endif
