/*
 * date: RFC 3339 for ours, RFC 2822 for Twilio's; always UTC inside.  Pure.
 * Floor: codec.
 *
 * Times are microseconds since 1970-01-01 00:00:00 UTC, between the years 1970
 * and 9999.
 */
#ifndef MAINLINE_CODEC_DATE_H
#define MAINLINE_CODEC_DATE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdint.h>

/* "2026-11-22T09:00:00.123Z": milliseconds, the rest cut off. */
struct str date_rfc3339(struct arena *arena, int64_t us);

/* The same with all six digits, so that nothing is lost on the way. */
struct str date_rfc3339_us(struct arena *arena, int64_t us);

/*
 * Reads an RFC 3339 time ("2026-11-22T09:00:00Z", "…T10:00:00.5+01:00") or a
 * date alone ("2026-11-22", its beginning in UTC).  A leap second counts as the
 * second after.  ERR_INPUT for all else.
 */
MUST_USE enum err date_parse_rfc3339(struct str text, int64_t *out_us);

/* "Sun, 22 Nov 2026 09:00:00 +0000", as mails have it (RFC 5322, 3.3). */
struct str date_rfc2822(struct arena *arena, int64_t us);

/* "20261122T090000Z", as AWS signs it; its first eight are the day. */
struct str date_compact(struct arena *arena, int64_t us);

/* A length of time for eyes: "0:34", "12:47", "1:02:05". */
struct str date_length(struct arena *arena, int64_t s);

/*
 * Reads what Twilio sends: "Sun, 30 May 2021 13:48:10 +0000".  ERR_INPUT for
 * all else.
 */
MUST_USE enum err date_parse_rfc2822(struct str text, int64_t *out_us);

#endif
