/*
 * flow_step: what a caller hears next, and what was learnt.
 * Floor: flow.
 *
 * One function for each kind of event; entering a step is shared by all.
 */
#include "flow/flow_step.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "callback.h"
#include "flow/block_list.h"
#include "flow/facts.h"
#include "flow/flow.h"
#include "prompt.h"
#include "reasons.h"
#include "twilio/state.h"
#include "twilio/webhook.h"
#include "twilio/words.h"

#include <stddef.h>
#include <string.h>

#define STEPS_MAX 100 /* of one call; a menu that leads to itself ends there */
#define NAMES_MAX_BYTES 1024 /* of ten phones */

/* The voicemail that needs no flow. */
static const struct step emergency = {
	.name = STR_INIT("message"),
	.kind = STEP_VOICEMAIL,
	.voicemail = {
		.say = STR_INIT("Please leave a message after the tone."),
		.thanks = STR_INIT("Thank you. Goodbye."),
		.max_s = 180,
		.min_s = 2,
		.silence_s = 5,
	},
};

/* A decision under way. */
struct move {
	struct prompt prompt;
	const struct event *ev;
	const struct flow *flow;
	const struct block_list *blocks; /* NULL: nobody */
	struct reply *out;
};

static struct str
names_of(struct arena *arena, const struct forward *forward)
{
	struct buf out;

	buf_init(&out, arena, NAMES_MAX_BYTES);
	for (size_t i = 0; i < forward->n_to; i++) {
		if (i > 0)
			buf_add(&out, STR(", "));
		buf_add(&out, forward->to[i]->name);
	}
	return buf_str(&out);
}

static void
enter_forward(struct move *m, const struct step *step)
{
	struct facts *const facts = &m->out->facts;

	facts->place = PLACE_FORWARD;
	facts->forwarded_to = names_of(m->prompt.arena, &step->forward);
	facts->forwarded_n = m->prompt.state.n;
	facts->forwarded_rank = FORWARDED_RUNG;
	m->out->twiml = prompt_forward(&m->prompt, step);
}

/* The caller comes to `step`, NULL for one that the flow has not. */
static void
enter(struct move *m, const struct step *step)
{
	struct facts *const facts = &m->out->facts;

	/* What began at an unknown place counts on from there. */
	if (step == NULL || m->ev->state.n % STATE_N_UNKNOWN > STEPS_MAX)
		step = &emergency;
	facts->step = step->name;
	m->prompt.state.step = step->name;
	switch (step->kind) {
	case STEP_MENU:
		facts->place = PLACE_MENU;
		m->out->twiml = prompt_menu(&m->prompt, step);
		break;
	case STEP_FORWARD:
		enter_forward(m, step);
		break;
	case STEP_VOICEMAIL:
		facts->place = PLACE_VOICEMAIL;
		m->out->twiml = prompt_voicemail(&m->prompt, step);
		break;
	}
}

/* The step that the event's URL names, if it is of the right kind, or NULL. */
static const struct step *
step_of(const struct move *m, enum step_kind kind)
{
	const struct step *const step =
	    flow_find_step(m->flow, m->ev->state.step);

	return step != NULL && step->kind == kind ? step : NULL;
}

static void
on_voice(struct move *m)
{
	const struct line *const line = flow_line(m->flow, m->ev->line);
	struct facts *const facts = &m->out->facts;
	const enum why why = why_turned_away(m->ev, line, m->blocks);

	facts->version_entry = m->flow->version;
	if (why != WHY_NONE) {
		facts->place = PLACE_REJECTED;
		facts->why = why;
		m->out->twiml = prompt_reject(&m->prompt);
		return;
	}
	enter(m, line == NULL ? NULL : line->entry);
}

static const struct step *
step_of_key(const struct menu *menu, struct str digits)
{
	for (size_t i = 0; digits.n == 1 && i < menu->n_keys; i++) {
		if (menu->keys[i].key == digits.p[0])
			return menu->keys[i].to;
	}
	return NULL;
}

/* Asks again; silence and a wrong key both count as a try. */
static void
ask_again(struct move *m, const struct step *menu)
{
	if (m->ev->state.try >= menu->menu.tries) {
		enter(m, menu->menu.otherwise);
		return;
	}
	m->prompt.state.try = m->ev->state.try + 1;
	enter(m, menu);
}

static void
on_menu(struct move *m)
{
	const struct step *const menu = step_of(m, STEP_MENU);
	const struct step *chosen;

	if (menu == NULL) {
		enter(m, NULL);
		return;
	}
	chosen = step_of_key(&menu->menu, m->ev->digits);
	if (chosen != NULL) {
		m->out->facts.menu_key = m->ev->digits.p[0];
		enter(m, chosen);
	} else {
		ask_again(m, menu);
	}
	if (m->out->facts.place == PLACE_VOICEMAIL)
		m->out->facts.why = WHY_CHOSEN;
}

/*
 * Was the colleague connected with the caller?  DialCallStatus says completed
 * also when a carrier's voicemail picked up and nobody pressed a key, so only
 * DialBridged counts, where there is one.
 */
static bool
was_bridged(const struct event *ev)
{
	if (ev->bridged != BRIDGED_UNKNOWN)
		return ev->bridged == BRIDGED_YES;
	return (ev->dial_status == CALL_COMPLETED ||
		   ev->dial_status == CALL_ANSWERED) &&
	    ev->dial_duration_s > 0;
}

/*
 * The caller hung up while it rang or while a colleague was asked: nothing sent
 * them on, and nobody hears the answer.  Should somebody still be there, it
 * leads on as it would have.
 */
static void
leave_while_ringing(struct move *m, const struct step *forward)
{
	const struct facts before = m->out->facts;

	enter(m, forward == NULL ? NULL : forward->forward.otherwise);
	m->out->facts = before;
	m->out->facts.place = PLACE_FORWARD;
}

static void
on_dial(struct move *m)
{
	const struct step *const forward = step_of(m, STEP_FORWARD);
	struct facts *const facts = &m->out->facts;

	facts->leg_sid = m->ev->leg_sid;
	facts->bridged = m->ev->bridged;
	if (was_bridged(m->ev)) {
		facts->bridged = BRIDGED_YES;
		facts->talk_s = m->ev->dial_duration_s;
		facts->place = PLACE_DONE;
		m->out->twiml = prompt_hangup(&m->prompt);
		return;
	}
	if (facts->caller_left || m->ev->dial_status == CALL_CANCELED) {
		leave_while_ringing(m, forward);
		return;
	}
	facts->why = why_of_dial(m->ev->dial_status);
	enter(m, forward == NULL ? NULL : forward->forward.otherwise);
}

static void
on_screen(struct move *m)
{
	const struct step *const forward = step_of(m, STEP_FORWARD);

	callback_leg(m->flow, m->ev, &m->out->facts);
	if (forward == NULL || !forward->forward.accept)
		m->out->twiml = prompt_hangup(&m->prompt);
	else
		m->out->twiml = prompt_screen(&m->prompt, forward);
}

/* Any key takes the call; "hangup", or nothing, is none. */
static bool
is_key(struct str digits)
{
	for (size_t i = 0; i < digits.n; i++) {
		if (memchr("0123456789*#", digits.p[i], 12) == NULL)
			return false;
	}
	return digits.n > 0;
}

static void
on_screen_key(struct move *m)
{
	struct facts *const facts = &m->out->facts;

	callback_leg(m->flow, m->ev, facts);
	if (!is_key(m->ev->digits) || call_status_is_terminal(m->ev->status)) {
		m->out->twiml = prompt_hangup(&m->prompt);
		return;
	}
	facts->accepted = true;
	facts->forwarded_to = facts->leg_phone;
	facts->forwarded_rank = FORWARDED_ACCEPTED;
	m->out->twiml = prompt_accept(&m->prompt);
}

/* The recording is over, or there was none and the document went on. */
static void
on_voicemail(struct move *m)
{
	const struct step *step = step_of(m, STEP_VOICEMAIL);

	if (step == NULL)
		step = &emergency;
	m->out->facts.place = PLACE_RECORDED;
	m->out->facts.step = step->name;
	callback_recording(step, m->ev, &m->out->facts);
	m->out->twiml = prompt_goodbye(&m->prompt, step->voicemail.thanks);
}

/*
 * Twilio could not get or read an answer of ours and asks the fixed fallback.
 * What the caller did last is not in the request, so what is asked again is the
 * question; what cannot be asked again leads on.
 */
static void
on_fallback(struct move *m)
{
	const struct step *const forward = step_of(m, STEP_FORWARD);
	const struct step *const menu = step_of(m, STEP_MENU);

	m->out->facts.error_code = m->ev->error_code;
	if (m->ev->failed == EVENT_VOICE)
		on_voice(m);
	else if (m->ev->failed == EVENT_MENU && menu != NULL)
		ask_again(m, menu);
	else if (m->ev->failed == EVENT_DIAL && forward != NULL)
		enter(m, forward->forward.otherwise);
	else if (m->ev->failed == EVENT_VOICEMAIL)
		on_voicemail(m);
	else if (m->ev->failed == EVENT_SCREEN ||
	    m->ev->failed == EVENT_SCREEN_KEY)
		m->out->twiml = prompt_hangup(&m->prompt);
	else
		enter(m, NULL);
}

static void
on_leg(struct move *m)
{
	callback_leg(m->flow, m->ev, &m->out->facts);
}

static void
on_status(struct move *m)
{
	callback_status(m->ev, &m->out->facts);
}

static void
on_recording(struct move *m)
{
	const struct step *const step = step_of(m, STEP_VOICEMAIL);

	callback_recording(
	    step == NULL ? &emergency : step, m->ev, &m->out->facts);
}

static void
on_transcription(struct move *m)
{
	m->out->facts.transcript = m->ev->transcript;
}

static void (*const handlers[EVENT__MAX])(struct move *m) = {
	[EVENT_VOICE] = on_voice,
	[EVENT_MENU] = on_menu,
	[EVENT_DIAL] = on_dial,
	[EVENT_SCREEN] = on_screen,
	[EVENT_SCREEN_KEY] = on_screen_key,
	[EVENT_VOICEMAIL] = on_voicemail,
	[EVENT_FALLBACK] = on_fallback,
	[EVENT_STATUS] = on_status,
	[EVENT_LEG] = on_leg,
	[EVENT_RECORDING] = on_recording,
	[EVENT_TRANSCRIPTION] = on_transcription,
};

/* The state of the URLs that this reply hands out. */
static struct state
next_state(const struct flow *flow, const struct event *ev)
{
	return (struct state){
		.line = ev->line,
		.call_sid = ev->call_sid,
		.version = flow->version,
		.step = ev->state.step,
		.phone = ev->state.phone,
		.caller = ev->state.caller,
		.try = 1,
		.n = ev->state.n < STATE_N_MAX ? ev->state.n + 1 : STATE_N_MAX,
	};
}

void
flow_step(struct arena *arena, const struct flow *flow,
    const struct block_list *blocks, const struct event *ev, struct reply *out)
{
	struct move m = {
		.prompt = { arena, flow, ev, next_state(flow, ev) },
		.ev = ev,
		.flow = flow,
		.blocks = blocks,
		.out = out,
	};

	*out = (struct reply){ 0 };
	callback_common(ev, &out->facts);
	handlers[ev->kind](&m);
}
