/*
 * missing: what the record lacks, held against what Twilio lists.
 * Floor: store.
 *
 * Errors are those of pg_run().  Rows live in the arena that was given.
 */
#ifndef MAINLINE_STORE_MISSING_H
#define MAINLINE_STORE_MISSING_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "twilio/rest_calls.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A call that Twilio is to be asked about. */
struct missing {
	struct str call_sid;
	struct str line; /* empty: it is unknown here */
	bool is_known;   /* a part of it alone is missing */
};

struct missing_list {
	struct missing *list;
	size_t n;
};

/*
 * Asks for the jobs that read, at Twilio: calls that are not over 5 minutes
 * after they were first seen, or, of those first seen since `since_us`, whose
 * end only an action told, which knows neither its time nor the length; and
 * recordings, of calls first seen since then, whose fate is not known 2 minutes
 * after the last word of the call.  Also for the audio of their recordings that
 * are complete, where no event has: an older program wrote it.  What was asked
 * for once is not asked for again.
 */
MUST_USE enum err missing_ask_open(
    struct pg *pg, struct arena *arena, int64_t since_us);

/*
 * Asks for the job that reads one call at Twilio; `channel` is "call" or
 * "recording".  One that is over for 5 minutes or more begins anew, but not of
 * a call whose line is unknown: that may be none of ours.
 */
MUST_USE enum err missing_ask(struct pg *pg, struct arena *arena,
    const struct missing *call, struct str channel);

/*
 * Which of the calls that Twilio lists for `line` are unknown here, or over
 * there and not here?  None that was erased.
 */
MUST_USE enum err missing_calls(struct pg *pg, struct arena *arena,
    const struct rest_calls *listed, struct str line, struct missing_list *out);

/*
 * Of which calls is a recording over at Twilio that nobody told us the fate of?
 * Only recordings of Record verbs, and of no call that was erased.
 */
MUST_USE enum err missing_recordings(struct pg *pg, struct arena *arena,
    const struct rest_recordings *listed, struct missing_list *out);

struct known_call {
	struct str line;
	int version;     /* of its flow; -1: not known */
	struct str step; /* the voicemail it came to; absent: none */
};

/* ERR_NOT_FOUND: it is unknown here. */
MUST_USE enum err missing_known_call(struct pg *pg, struct arena *arena,
    struct str call_sid, struct known_call *out);

/* The lines that were called in the last two days. */
MUST_USE enum err missing_lines(
    struct pg *pg, struct arena *arena, struct str **out, size_t *n);

#endif
