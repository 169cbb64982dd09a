/*
 * rest_calls: what we ask Twilio's REST API about calls and their recordings,
 * and how the answers are read.  Sends nothing.  Pure.
 * Floor: twilio.
 * Source: https://www.twilio.com/docs/voice/api/call-resource,
 * https://www.twilio.com/docs/voice/api/recording
 */
#ifndef MAINLINE_TWILIO_REST_CALLS_H
#define MAINLINE_TWILIO_REST_CALLS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "twilio/words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REST_NONE (-1) /* a number or a time that is not told */

/*
 * Paths with their queries, below the origin that is configured.  The SIDs have
 * been checked.  `since_us`: only what began, or was made, at that second or
 * later; the newest stands first.
 */
struct str rest_call_path(
    struct arena *arena, struct str account_sid, struct str call_sid);
struct str rest_call_recordings_path(
    struct arena *arena, struct str account_sid, struct str call_sid);
struct str rest_calls_path(struct arena *arena, struct str account_sid,
    struct str to, int64_t since_us);
struct str rest_recordings_path(
    struct arena *arena, struct str account_sid, int64_t since_us);

struct rest_call {
	struct str sid;
	struct str parent_sid; /* absent: it is no other call's leg */
	struct str from, to;   /* as sent, or absent */
	bool is_inbound;
	enum call_status status;
	int64_t started_us, ended_us; /* REST_NONE */
	int duration_s;               /* REST_NONE */
};

struct rest_recording {
	struct str sid;
	struct str call_sid; /* of a Record verb: the inbound leg */
	bool is_record_verb; /* made by <Record>, as ours all are */
	enum recording_status status;
	int duration_s; /* REST_NONE */
};

/* Completed, absent or failed: it stays so. */
bool rest_recording_is_over(const struct rest_recording *recording);

struct rest_calls {
	struct rest_call *list;
	size_t n;
	struct str next; /* path of the next page; absent: this was the last */
};

struct rest_recordings {
	struct rest_recording *list;
	size_t n;
	struct str next;
};

/*
 * Reads an answer.  What it tells lives in `arena`.  Of a list, elements that
 * make no sense are left out.
 *
 * ERR_INPUT: it is not such an answer, or (`account_sid` is ours) its next page
 * lies anywhere but below our own account: a path that names another host, or
 * leads elsewhere, is refused, for our credentials would go there.
 */
MUST_USE enum err rest_call_read(
    struct arena *arena, struct str json, struct rest_call *out);
MUST_USE enum err rest_calls_read(struct arena *arena, struct str json,
    struct str account_sid, struct rest_calls *out);
MUST_USE enum err rest_recordings_read(struct arena *arena, struct str json,
    struct str account_sid, struct rest_recordings *out);

#endif
