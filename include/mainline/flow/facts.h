/*
 * facts: what one event tells about its call.  Pure.
 * Floor: flow.
 *
 * Every fact merges into the call's row by "the greatest wins", so that order
 * and repetition do not matter (migrations/0001_calls.sql says how each
 * compares).
 */
#ifndef MAINLINE_FLOW_FACTS_H
#define MAINLINE_FLOW_FACTS_H

#include "base/str.h"
#include "twilio/words.h"

#include <stdbool.h>
#include <stdint.h>

#define FACT_NONE (-1) /* a number that the event does not tell */

/* Who says so; a later one is believed before an earlier one. */
enum fact_source {
	SOURCE_NONE,
	SOURCE_ACTION,   /* seen in passing, in a request for TwiML */
	SOURCE_CALLBACK, /* a callback about just this */
	SOURCE_REST      /* read at Twilio's REST API */
};

/* Where a step has put the caller. */
enum place {
	PLACE_NONE, /* the event tells nothing of it */
	PLACE_MENU,
	PLACE_FORWARD,   /* a phone is ringing, or they talk */
	PLACE_VOICEMAIL, /* hears the greeting, or records */
	PLACE_RECORDED,  /* the recording is over, whatever it holds */
	PLACE_REJECTED,
	PLACE_DONE, /* nothing is left but to hang up */
	PLACE__MAX
};

/* What sent the caller on from where a person could have been reached. */
enum why {
	WHY_NONE,
	WHY_CHOSEN, /* asked for voicemail, or did nothing in the menu */
	WHY_NOT_ACCEPTED,
	WHY_NO_ANSWER,
	WHY_BUSY,
	WHY_BAD_NUMBER,
	WHY_LINE_CLOSED,
	WHY_BLOCKLIST,
	WHY_ANONYMOUS,
	WHY__MAX
};

/* How sure it is that the phone in `forwarded_to` is the one. */
enum forwarded_rank { FORWARDED_RUNG, FORWARDED_ANSWERED, FORWARDED_ACCEPTED };

struct recording_fact {
	struct str sid; /* absent: the event tells nothing of a recording */
	enum fact_source source;
	enum recording_status status;
	bool message;   /* long enough to count as one */
	int duration_s; /* FACT_NONE: not told */
};

struct facts {
	int n;             /* step counter; FACT_NONE: not at a step */
	int version_entry; /* that the entry chose; FACT_NONE */
	int version_url;   /* that a later URL carries; FACT_NONE */

	enum call_status
	    status; /* of the inbound leg; CALL_UNKNOWN: not told */
	enum fact_source status_source;
	int duration_s;               /* of the whole call; FACT_NONE */
	int64_t started_us, ended_us; /* at Twilio; FACT_NONE */

	struct str from, to, caller_name, city, region, country, verstat;

	bool caller_left; /* the caller had gone when this was asked */
	enum place place;
	struct str step; /* where `place` is; absent when outside any step */
	enum why why;
	char menu_key;           /* '\0': none pressed */
	struct str forwarded_to; /* name or names of phones; absent */
	int forwarded_n;         /* step counter that orders `forwarded_to` */
	enum forwarded_rank forwarded_rank;
	enum bridged bridged; /* was a leg bridged to the caller? */
	bool accepted; /* a key was pressed on the phone that picked up */
	int talk_s;    /* of the bridged leg; FACT_NONE */
	struct recording_fact recording;
	struct str transcript;
	int error_code; /* Twilio's, that led to the fallback; FACT_NONE */
	int64_t reconciled_us; /* when REST was asked; FACT_NONE */

	struct str leg_sid; /* the child leg that the event is about; absent */
	struct str leg_phone; /* its phone's name; absent */
	enum call_status leg_status;
	int leg_duration_s; /* FACT_NONE */
};

/* As kept in the database: "menu", "not_accepted", ...; NULL for none. */
const char *place_name(enum place place);
const char *why_name(enum why why);

#endif
