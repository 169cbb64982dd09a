/* check: what only the whole flow can tell.  Floor: flow. */
#include "check.h"

#include "base/str.h"
#include "flow/flow.h"
#include "reader.h"

#include <stddef.h>

#define TRANSCRIBE_MAX_S 119 /* Twilio transcribes 2 s < length < 120 s */

/* Where the call goes when the caller does nothing; NULL: it ends there. */
static const struct step *
otherwise_of(const struct step *step)
{
	switch (step->kind) {
	case STEP_MENU:
		return step->menu.otherwise;
	case STEP_FORWARD:
		return step->forward.otherwise;
	case STEP_VOICEMAIL:
		return NULL;
	}
	return NULL;
}

static const char *
kind_key(const struct step *step)
{
	return step->kind == STEP_MENU ? "menu" : "forward";
}

/*
 * A caller who does nothing must not go round for ever: the chain of
 * `otherwise` has to end.  It is a circle when it has more links than there are
 * steps.
 */
static void
check_ends(struct reader *r, const struct flow *flow, const struct step *from)
{
	const struct step *step = from;

	for (size_t i = 0; step != NULL && i <= flow->n_steps; i++)
		step = otherwise_of(step);
	if (step != NULL)
		reader_error(r,
		    str_format(r->arena, "steps.%.*s.%s.otherwise",
			STR_ARG(from->name), kind_key(from)),
		    "goes round for ever; let one of these steps go on to a "
		    "voicemail");
}

static void
check_transcribe(
    struct reader *r, const struct flow *flow, const struct step *step)
{
	const struct str language = flow->voice.language;
	const struct str path = str_format(
	    r->arena, "steps.%.*s.voicemail.transcribe", STR_ARG(step->name));

	if (step->kind != STEP_VOICEMAIL || !step->voicemail.transcribe)
		return;
	if (step->voicemail.max_s > TRANSCRIBE_MAX_S)
		reader_error(r, path,
		    "Twilio transcribes messages under 120 s only; set max_s "
		    "to at most %d, or transcribe to false",
		    TRANSCRIBE_MAX_S);
	if (language.p != NULL && !str_starts(language, STR("en")))
		reader_error(r, path,
		    "Twilio transcribes English only; the voice's language is "
		    "%.*s, so set transcribe to false",
		    STR_ARG(language));
}

/* Twilio would call the company's own number, and we would answer it. */
static void
check_phone(
    struct reader *r, const struct flow *flow, const struct phone *phone)
{
	for (size_t i = 0; i < flow->n_lines; i++) {
		if (!str_eq(flow->lines[i].number, phone->number))
			continue;
		reader_error(r,
		    str_format(
			r->arena, "phones.%.*s.number", STR_ARG(phone->id)),
		    "is one of the lines itself, so a call would go round "
		    "in circles; write the colleague's own number");
	}
}

void
check_flow(struct reader *r, const struct flow *flow)
{
	for (size_t i = 0; i < flow->n_steps; i++) {
		check_ends(r, flow, &flow->steps[i]);
		check_transcribe(r, flow, &flow->steps[i]);
	}
	for (size_t i = 0; i < flow->n_phones; i++)
		check_phone(r, flow, &flow->phones[i]);
}
