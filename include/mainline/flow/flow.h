/*
 * flow: what a caller hears and where the call goes: one JSON document, parsed
 * and checked.  Pure.
 * Floor: flow.
 *
 * A flow is never half valid: flow_parse() gives one in which every reference
 * is resolved, every number is in Twilio's range and every way that needs no
 * key of the caller's ends in a voicemail.
 */
#ifndef MAINLINE_FLOW_FLOW_H
#define MAINLINE_FLOW_FLOW_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "twilio/twiml.h"

#include <stdbool.h>
#include <stddef.h>

#define FLOW_MAX_BYTES ((size_t)256 * 1024)
#define FLOW_MAX_KEYS 12 /* 0 to 9, * and # */
#define FLOW_MAX_STEPS 200
#define FLOW_MAX_LINES 200
#define FLOW_MAX_PHONES 200
#define FLOW_MAX_RECIPIENTS 20
#define FLOW_URL_MAX_BYTES ((size_t)2000)
#define FLOW_SAY_MAX 3000 /* bytes; leaves room for what placeholders add */
#define FLOW_ANY_LINE "*" /* a line for every number that is not named */

enum step_kind { STEP_MENU, STEP_FORWARD, STEP_VOICEMAIL };

struct step;

struct menu_key {
	char key; /* '0' to '9', '*' or '#' */
	const struct step *to;
};

struct menu {
	struct str say;
	struct menu_key keys[FLOW_MAX_KEYS];
	size_t n_keys;
	int timeout_s;
	int tries;                    /* how often it is asked in all */
	const struct step *otherwise; /* after the last try */
};

struct phone {
	struct str id;     /* its key in the document */
	struct str name;   /* for people */
	struct str number; /* E.164 */
};

struct forward {
	const struct phone *to[TWIML_MAX_NUMBERS];
	size_t n_to;
	int ring_s;
	int max_s;      /* of the conversation */
	bool in_turn;   /* one after the other, not all at once */
	bool show_line; /* caller id: the line's number, not the caller's */
	bool accept;    /* who picks up must press a key */
	struct str accept_say;
	const struct step *otherwise; /* when nobody took the call */
};

struct voicemail {
	struct str say;
	struct str thanks; /* after the message; absent: nothing is said */
	int max_s;
	int min_s;     /* what is shorter counts as no message */
	int silence_s; /* of silence that ends it; 0: none does */
	bool transcribe;
};

struct step {
	struct str name;
	enum step_kind kind;
	union {
		struct menu menu;
		struct forward forward;
		struct voicemail voicemail;
	};
};

/* Who is told of a call when it is over; nobody: no e-mail and no webhook. */
struct notify {
	struct str *email; /* "user@host" each */
	size_t n_email;
	struct str webhook;     /* https, or http to this machine; absent */
	bool voicemail, missed; /* of which outcomes */
};

struct line {
	struct str number; /* E.164, or FLOW_ANY_LINE */
	struct str name;   /* for people */
	const struct step *entry;
	struct notify notify;
	bool reject_anonymous; /* who withholds the number is turned away */
};

struct flow {
	int version; /* 0: compiled in */
	struct twiml_voice voice;
	struct line *lines;
	size_t n_lines;
	struct phone *phones;
	size_t n_phones;
	struct step *steps;
	size_t n_steps;
};

#define FLOW_MAX_ERRORS 20

struct flow_error {
	struct str path; /* "steps.office.forward.to[0]"; "" is the document */
	struct str text; /* what is wrong and how to mend it */
};

/* All that is wrong with a document, up to FLOW_MAX_ERRORS. */
struct flow_errors {
	struct flow_error list[FLOW_MAX_ERRORS];
	size_t n;
};

/*
 * Parses and checks a document.  ERR_OK: `*out` is a whole flow that lives in
 * `arena`.  ERR_INPUT: `*errors` says what is wrong, each with its place and
 * its mend, and `*out` is left alone.
 */
MUST_USE enum err flow_parse(struct arena *arena, struct str json, int version,
    struct flow_errors *errors, const struct flow **out);

/*
 * The flow when nothing was published.  With `forward_to` (E.164): press 1 to
 * talk, 2 to leave a message; when it is absent: leave a message.  Any line is
 * answered; `line` (E.164 or absent) only gets a name.
 */
const struct flow *flow_builtin(
    struct arena *arena, struct str line, struct str forward_to);

/* The document of flow_builtin(), to begin one's own with. */
struct str flow_builtin_json(
    struct arena *arena, struct str line, struct str forward_to);

/* The line with that number, else the one for any number, else NULL. */
const struct line *flow_line(const struct flow *flow, struct str number);

/* NULL when there is none of that name. */
const struct step *flow_find_step(const struct flow *flow, struct str name);
const struct phone *flow_find_phone(const struct flow *flow, struct str id);

#endif
