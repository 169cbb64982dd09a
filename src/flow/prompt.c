/* prompt: the TwiML of each kind of step.  Floor: flow. */
#include "prompt.h"

#include "base/err.h"
#include "base/str.h"
#include "codec/phone.h"
#include "flow/flow.h"
#include "say.h"
#include "twilio/state.h"
#include "twilio/twiml.h"
#include "twilio/words.h"

#include <stddef.h>

/*
 * Callbacks are asked to be repeated, whatever went wrong: nobody waits for
 * them, and a repetition changes nothing here.  Source:
 * https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
 */
#define CALLBACK_OVERRIDES "#rc=5&rp=all"

#define SCREEN_TIMEOUT_S 5

static const char empty_document[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Hangup/></Response>";

static struct str
finish(struct twiml *t)
{
	struct str out;

	if (twiml_end(t, &out) != ERR_OK)
		return str_of(empty_document);
	return out;
}

static struct str
action_url(const struct prompt *p, enum event_kind kind)
{
	return state_url(p->arena, kind, &p->state);
}

static struct str
callback_url(
    const struct prompt *p, enum event_kind kind, const struct state *state)
{
	const struct str url = state_url(p->arena, kind, state);

	return str_format(p->arena, "%.*s" CALLBACK_OVERRIDES, STR_ARG(url));
}

static struct str
line_name(const struct prompt *p)
{
	const struct line *const line = flow_line(p->flow, p->ev->line);

	return line == NULL ? STR("the main number") : line->name;
}

/*
 * Who calls, for the one who is asked to take the call: on the colleague's leg
 * `From` is the caller id shown there, which may be the line's own number.
 */
static struct str
caller_of(const struct prompt *p)
{
	if (p->state.caller.p != NULL)
		return p->state.caller;
	return str_eq(p->ev->from, p->ev->line) ? STR_ABSENT : p->ev->from;
}

static void
say(const struct prompt *p, struct twiml *t, struct str text)
{
	const struct say_values values = {
		.line = line_name(p),
		.caller = caller_of(p),
	};

	twiml_say(t, &p->flow->voice, say_fill(p->arena, text, &values));
}

struct str
prompt_menu(const struct prompt *p, const struct step *step)
{
	const struct str action = action_url(p, EVENT_MENU);
	const struct twiml_gather gather = {
		.action = action,
		.num_digits = 1,
		.timeout_s = step->menu.timeout_s,
	};
	struct twiml t;

	twiml_begin(&t, p->arena);
	twiml_gather_begin(&t, &gather);
	say(p, &t, step->menu.say);
	twiml_gather_end(&t);
	twiml_redirect(&t, action); /* no key: Gather asks nobody */
	return finish(&t);
}

/*
 * The number that the colleague's phone shows.  Twilio refuses to dial with
 * anything but the call's own two numbers (error 13214), so what is no number
 * is not handed on; absent means the caller's own.
 */
static struct str
caller_id(const struct prompt *p, const struct forward *forward)
{
	if (!forward->show_line && phone_is_caller(p->ev->from))
		return p->ev->from;
	if (phone_is_e164(p->ev->to) && p->ev->inbound_leg)
		return p->ev->to;
	return phone_is_e164(p->ev->line) ? p->ev->line : STR_ABSENT;
}

static void
number(const struct prompt *p, struct twiml *t, const struct forward *forward,
    const struct phone *phone)
{
	struct state state = p->state;
	struct twiml_number number = { .number = phone->number };

	state.phone = phone->id;
	number.status_callback = callback_url(p, EVENT_LEG, &state);
	if (forward->accept) {
		if (forward->show_line && phone_is_caller(p->ev->from))
			state.caller = p->ev->from;
		number.url = state_url(p->arena, EVENT_SCREEN, &state);
	}
	twiml_number(t, &number);
}

struct str
prompt_forward(const struct prompt *p, const struct step *step)
{
	const struct forward *const forward = &step->forward;
	const struct twiml_dial dial = {
		.action = action_url(p, EVENT_DIAL),
		.caller_id = caller_id(p, forward),
		.timeout_s = forward->ring_s,
		.time_limit_s = forward->max_s,
		.sequential = forward->in_turn,
	};
	struct twiml t;

	twiml_begin(&t, p->arena);
	twiml_dial_begin(&t, &dial);
	for (size_t i = 0; i < forward->n_to; i++)
		number(p, &t, forward, forward->to[i]);
	twiml_dial_end(&t);
	return finish(&t);
}

struct str
prompt_voicemail(const struct prompt *p, const struct step *step)
{
	const struct voicemail *const voicemail = &step->voicemail;
	const struct str action = action_url(p, EVENT_VOICEMAIL);
	struct twiml_record record = {
		.action = action,
		.callback = callback_url(p, EVENT_RECORDING, &p->state),
		.max_length_s = voicemail->max_s,
		.timeout_s = voicemail->silence_s,
	};
	struct twiml t;

	if (voicemail->transcribe)
		record.transcribe_callback =
		    callback_url(p, EVENT_TRANSCRIPTION, &p->state);
	twiml_begin(&t, p->arena);
	say(p, &t, voicemail->say);
	twiml_record(&t, &record);
	/* Twilio's documents disagree on whether silence asks the action. */
	twiml_redirect(&t, action);
	return finish(&t);
}

struct str
prompt_screen(const struct prompt *p, const struct step *step)
{
	const struct twiml_gather gather = {
		.action = action_url(p, EVENT_SCREEN_KEY),
		.num_digits = 1,
		.timeout_s = SCREEN_TIMEOUT_S,
	};
	struct twiml t;

	twiml_begin(&t, p->arena);
	twiml_gather_begin(&t, &gather);
	say(p, &t, step->forward.accept_say);
	twiml_pause(&t, 2);
	say(p, &t, step->forward.accept_say);
	twiml_gather_end(&t);
	twiml_hangup(&t); /* a document that just ends would take the call */
	return finish(&t);
}

struct str
prompt_accept(const struct prompt *p)
{
	struct twiml t;

	twiml_begin(&t, p->arena);
	return finish(&t);
}

struct str
prompt_goodbye(const struct prompt *p, struct str thanks)
{
	struct twiml t;

	twiml_begin(&t, p->arena);
	if (thanks.p != NULL)
		say(p, &t, thanks);
	twiml_hangup(&t);
	return finish(&t);
}

struct str
prompt_hangup(const struct prompt *p)
{
	return prompt_goodbye(p, STR_ABSENT);
}

struct str
prompt_reject(const struct prompt *p)
{
	struct twiml t;

	twiml_begin(&t, p->arena);
	twiml_reject(&t);
	return finish(&t);
}
