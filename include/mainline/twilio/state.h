/*
 * state: where a call stands, as it travels in the URLs that we hand to Twilio.
 * Pure.
 * Floor: twilio.
 *
 * Twilio signs the whole URL, so the state cannot be altered on its way, and
 * deciding what a caller hears next needs no memory of ours.
 */
#ifndef MAINLINE_TWILIO_STATE_H
#define MAINLINE_TWILIO_STATE_H

#include "base/arena.h"
#include "base/str.h"
#include "codec/form.h"
#include "twilio/words.h"

#define STATE_N_ENTRY 1 /* the step counter of /twilio/voice */

/* A step counter for events whose place among the steps is not known: last. */
#define STATE_N_UNKNOWN 1000
#define STATE_N_MAX 9999
#define STATE_WORD_MAX_BYTES 256 /* a line, a name: what is longer is none */
#define STATE_VERSION_MAX 2000000000

struct state {
	struct str line; /* canonical; absent when the URL has none */
	struct str
	    call_sid;      /* the inbound leg's; absent when the URL has none */
	int version;       /* of the flow; -1 when the URL has none */
	struct str step;   /* name of the flow's step; absent when none */
	struct str phone;  /* which of the step's phones; absent when none */
	struct str caller; /* who calls, where the leg does not show it */
	int try;           /* from 1; which time a menu is asked */
	int n; /* the call's step counter; 1 is the entry, 0: none */
};

/*
 * Reads the state out of a URL's decoded query.  What is missing or makes no
 * sense (a SID that is none, a number out of range) counts as absent: the
 * caller is answered in any case.  Borrows from `query`; `arena` for a mended
 * line.
 */
struct state state_parse(struct arena *arena, const struct form *query);

/*
 * The relative URL "/twilio/KIND?line=&call=&v=&step=&phone=&caller=&try=&n=",
 * without the parts that are absent.
 */
struct str state_url(
    struct arena *arena, enum event_kind kind, const struct state *state);

#endif
