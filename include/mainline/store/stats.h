/*
 * stats: how many calls there were, counted by a zone's calendar.
 * Floor: store.
 */
#ifndef MAINLINE_STORE_STATS_H
#define MAINLINE_STORE_STATS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"

#include <stddef.h>
#include <stdint.h>

/* What a row of the figures counts, and what is in its two texts. */
enum stats_part {
	STATS_BY_DAY,      /* "2026-11-22", outcome */
	STATS_BY_HOUR,     /* "0" to "23", outcome */
	STATS_BY_WEEKDAY,  /* "1", which is Monday, to "7"; hour */
	STATS_BY_LINE,     /* line, outcome */
	STATS_BY_REASON,   /* outcome, reason; the most frequent first */
	STATS_TO_ANSWER_S, /* seconds, the least first */
	STATS_TALK_S,      /* likewise */
	STATS_MESSAGE_S,   /* likewise */
	STATS_BY_KEY, /* the last that was pressed; the most frequent first */
	STATS_IN_MENU /* came to a menu, whatever they did there */
};

enum stats_column {
	STATS_COLUMN_PART,
	STATS_COLUMN_A,
	STATS_COLUMN_B,
	STATS_COLUMN_N
};

struct stats_query {
	struct str since, until; /* days, "2026-11-22"; both are in it */
	struct str line;         /* absent: any */
	struct str tz;           /* known to stats_today() */
	int64_t deadline_ms;
};

/*
 * Which day it is in a zone of the IANA's time zone database.
 * ERR_NOT_FOUND: there is none of this name.
 */
MUST_USE enum err stats_today(struct pg *pg, struct arena *arena, struct str tz,
    int64_t deadline_ms, struct str *out);

/*
 * Calls that are over and were first seen on these days: rows of enum
 * stats_column, in the order of their parts.  A count that would be 0 has none.
 */
MUST_USE enum err stats_read(struct pg *pg, struct arena *arena,
    const struct stats_query *query, struct pg_rows *out);

/* How many calls of a line ended so. */
struct stats_outcome {
	struct str line;    /* "other": of the lines that are not shown */
	struct str outcome; /* "going_on": not over yet */
	int64_t n;
};

/*
 * The calls of the last hour, by line and outcome: STATS_LINES_MAX lines, those
 * with the most calls, and the others together.  Of more than 100,000 calls the
 * newest are counted.
 */
#define STATS_LINES_MAX 50
MUST_USE enum err stats_last_hour(struct pg *pg, struct arena *arena,
    int64_t deadline_ms, struct stats_outcome **out, size_t *n);

#endif
