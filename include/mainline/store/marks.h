/*
 * marks: what people set on a call: heard, done and a note.
 * Floor: store.
 *
 * No event and no rebuild touches them (rebuild.h).
 */
#ifndef MAINLINE_STORE_MARKS_H
#define MAINLINE_STORE_MARKS_H

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"
#include "store/calls.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MARKS_MAX_CALLS 200

/* What is ANY, or not given, stays as it is. */
struct marks {
	const struct str *sids; /* each once, and each a SID by its form */
	size_t n;
	enum tristate heard, done; /* YES keeps the time of an earlier YES */
	bool has_note;
	struct str note;  /* absent: there is to be none */
	bool must_listen; /* heard YES: refused where there is no message */
	int64_t deadline_ms;
};

/*
 * Sets them on all of the calls or on none, and gives these as every statement
 * gives a call (enum call_column), the newest first.  A call without a message
 * is never heard: with `must_listen` all is refused, else it only takes the
 * other marks.  What changes nothing leaves updated_at as well.
 *
 * ERR_NOT_FOUND: one of them is not there.  ERR_CONFLICT: there is nothing to
 * be heard.  Else as pg_run().
 */
MUST_USE enum err marks_set(struct pg *pg, struct arena *arena,
    const struct marks *marks, struct pg_rows *out);

#endif
