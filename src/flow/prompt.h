/*
 * prompt: the TwiML of each kind of step.  Private to the flow floor.
 */
#ifndef MAINLINE_FLOW_PROMPT_H
#define MAINLINE_FLOW_PROMPT_H

#include "base/arena.h"
#include "flow/flow.h"
#include "twilio/state.h"
#include "twilio/webhook.h"

/* What a prompt needs to know; `state` is that of the URLs to be handed out. */
struct prompt {
	struct arena *arena;
	const struct flow *flow;
	const struct event *ev;
	struct state state;
};

/*
 * Each gives a whole document.  The URLs in it carry `state` with the step's
 * name; a document that cannot be written (a defect of ours) becomes
 * prompt_hangup()'s.
 */
struct str prompt_menu(const struct prompt *p, const struct step *step);
struct str prompt_forward(const struct prompt *p, const struct step *step);
struct str prompt_voicemail(const struct prompt *p, const struct step *step);

/* On the colleague's leg: who calls, and press a key.  Then it hangs up. */
struct str prompt_screen(const struct prompt *p, const struct step *step);

/* An empty document: on the colleague's leg it takes the call. */
struct str prompt_accept(const struct prompt *p);

/* Says `thanks`, unless absent, and hangs up. */
struct str prompt_goodbye(const struct prompt *p, struct str thanks);
struct str prompt_hangup(const struct prompt *p);

/* Turns a call away that nobody has answered yet. */
struct str prompt_reject(const struct prompt *p);

#endif
