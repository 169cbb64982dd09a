/*
 * calls: reading the record.
 * Floor: store.
 */
#ifndef MAINLINE_STORE_CALLS_H
#define MAINLINE_STORE_CALLS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The columns of a call, as every statement gives them. */
enum call_column {
	CALL_COLUMN_SID,
	CALL_COLUMN_LINE,
	CALL_COLUMN_FROM,
	CALL_COLUMN_TO,
	CALL_COLUMN_NAME,
	CALL_COLUMN_CITY,
	CALL_COLUMN_REGION,
	CALL_COLUMN_COUNTRY,
	CALL_COLUMN_VERSTAT,
	CALL_COLUMN_STATUS,
	CALL_COLUMN_OUTCOME,
	CALL_COLUMN_REASON,
	CALL_COLUMN_MENU_KEY,
	CALL_COLUMN_FORWARDED_TO,
	CALL_COLUMN_STARTED_US,
	CALL_COLUMN_ENDED_US,
	CALL_COLUMN_DURATION_S,
	CALL_COLUMN_TALK_S,
	CALL_COLUMN_RECORDING_SID,
	CALL_COLUMN_RECORDING_DURATION_S,
	CALL_COLUMN_RECORDING_STATUS,
	CALL_COLUMN_RECORDING_MESSAGE,
	CALL_COLUMN_TRANSCRIPT,
	CALL_COLUMN_HEARD_US,
	CALL_COLUMN_NOTE,
	CALL_COLUMN_DONE_US,
	CALL_COLUMN_ANSWERED_LATER,
	CALL_COLUMN_FLOW_VERSION,
	CALL_COLUMN_UPDATED_US,
	CALL_COLUMN_FIRST_SEEN_US,
	CALL_COLUMN_RECONCILED_US,
	CALL_COLUMN__MAX
};

enum step_column {
	STEP_COLUMN_N,
	STEP_COLUMN_KIND,
	STEP_COLUMN_STEP,
	STEP_COLUMN_PLACE,
	STEP_COLUMN_WHY,
	STEP_COLUMN_KEY,
	STEP_COLUMN_AT_US
};

enum leg_column {
	LEG_COLUMN_SID,
	LEG_COLUMN_PHONE,
	LEG_COLUMN_TO,
	LEG_COLUMN_STATUS,
	LEG_COLUMN_ACCEPTED,
	LEG_COLUMN_BRIDGED,
	LEG_COLUMN_DURATION_S,
	LEG_COLUMN_SIP_CODE,
	LEG_COLUMN_STARTED_US,
	LEG_COLUMN_ANSWERED_US,
	LEG_COLUMN_ENDED_US
};

enum event_column {
	EVENT_COLUMN_KIND,
	EVENT_COLUMN_N,
	EVENT_COLUMN_AT_US,
	EVENT_COLUMN_URI,
	EVENT_COLUMN_BODY,
	EVENT_COLUMN_TWIML,
	EVENT_COLUMN_LEG_SID,
	EVENT_COLUMN_TOTAL /* of the call's events, in each row */
};

enum listen_column { LISTEN_COLUMN_WHO, LISTEN_COLUMN_AT_US };

enum tristate { TRISTATE_ANY, TRISTATE_NO, TRISTATE_YES };

/* What is absent, -1 or ANY asks for nothing. */
struct call_filter {
	struct str line;
	struct str status;          /* words with commas between: any of them */
	struct str outcome;         /* likewise */
	struct str q;               /* part of a number or of a name */
	int64_t since_us, until_us; /* of first_seen_at; until is exclusive */
	enum tristate has_voicemail, heard;
	enum tristate to_do; /* somebody should get back to the caller */
};

struct call_page {
	int64_t after_us; /* -1: from the newest */
	struct str after_sid;
	int limit;
};

struct call_query {
	struct call_filter filter;
	struct call_page page;
	int64_t deadline_ms;
	/*
	 * All pages will be asked for: a search looks at the calls one by one,
	 * so that all of them together take one walk.
	 */
	bool all_pages;
};

struct call_list {
	struct pg_rows rows;
	/*
	 * Where to go on though the page is not full: so far the calls were
	 * looked at.  on_us -1: there is no more than this.
	 */
	int64_t on_us;
	struct str on_sid;
};

/*
 * Newest first, after `page.after`.  Of `q` that has no three letters or digits
 * in a row, only what is among the newest CALLS_SOUGHT_ROWS calls.  A status
 * that ended calls have may be rare: for a page no more than the next
 * CALLS_WINDOW_ROWS calls are looked at.
 */
MUST_USE enum err calls_list(struct pg *pg, struct arena *arena,
    const struct call_query *query, struct call_list *out);

/*
 * The lines that calls have come to, one row of one column each, at most 1,000.
 */
MUST_USE enum err calls_lines(struct pg *pg, struct arena *arena,
    int64_t deadline_ms, struct pg_rows *out);

struct call_key {
	struct str line, sid;
};

/*
 * Notes of some missed and abandoned calls that their caller was answered
 * later; `*n` of them, 0 when there are no more for now.
 */
MUST_USE enum err calls_settle(struct pg *pg, struct arena *arena, size_t *n);

struct call_detail {
	struct pg_rows call; /* one row */
	struct pg_rows steps, legs, events, listens;
};

/* ERR_NOT_FOUND: no call has that SID. */
MUST_USE enum err calls_get(struct pg *pg, struct arena *arena, struct str sid,
    int64_t deadline_ms, struct call_detail *out);

struct call_keys {
	const struct call_key *list;
	size_t n;
	int64_t deadline_ms; /* of all that is asked for them */
};

/*
 * The same of calls for who looks on, into `out`, a detail for each key:
 * `call`, which has no row where there is no such call, and of those that last
 * `steps` and `legs`; all else is empty.  As many statements for one as for
 * many.
 */
MUST_USE enum err calls_get_live(struct pg *pg, struct arena *arena,
    const struct call_keys *keys, struct call_detail *out);

#endif
