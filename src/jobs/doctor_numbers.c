/* doctor_numbers: what our numbers are set to at Twilio.  Floor: jobs. */
#include "base/err.h"
#include "base/str.h"
#include "doctor_checks.h"
#include "doctor_codes.h"
#include "doctor_twilio.h"
#include "flow/flow.h"
#include "io/conf.h"
#include "jobs/numbers.h"
#include "twilio/number.h"
#include "twilio/rest_numbers.h"

#include <stdbool.h>
#include <stddef.h>

/* "A call comes in is ..., and should be ...; ..." */
static struct str
differences(struct doctor *d, const struct number_verdict *verdict)
{
	struct str all = STR("");

	for (size_t i = 0; i < verdict->n_differs; i++) {
		const struct number_difference *const each =
		    &verdict->differs[i];
		const struct str is =
		    each->is.p == NULL ? STR("not set") : each->is;
		const struct str should =
		    each->should.p == NULL ? STR("not set") : each->should;

		all = str_format(d->arena,
		    "%.*s%s%s is %.*s and should be %.*s", STR_ARG(all),
		    all.n == 0 ? "" : "; ", number_field_name(each->field),
		    STR_ARG(is), STR_ARG(should));
	}
	return all;
}

static void
judge_fallback(
    struct doctor *d, struct str number, const struct number_verdict *verdict)
{
	if (!verdict->has_fallback_outside)
		doctor_say(d, FOUND_FALLBACK_SAME_HOST,
		    "If this host goes down, nobody answers the callers of "
		    "%.*s: its fallback is this host too.",
		    STR_ARG(number));
}

void
judge_number(
    struct doctor *d, struct str number, const struct number_verdict *verdict)
{
	const struct str differs = differences(d, verdict);

	switch (verdict->state) {
	case NUMBER_OURS:
		judge_fallback(d, number, verdict);
		break;
	case NUMBER_DRIFTED:
		doctor_say(d, FOUND_NUMBER_DRIFTED,
		    "%.*s is not set at Twilio as it should be: %.*s.",
		    STR_ARG(number), STR_ARG(differs));
		break;
	case NUMBER_MOVED:
		doctor_say(d, FOUND_NUMBER_MOVED,
		    "%.*s still points at another address than "
		    "MAINLINE_PUBLIC_URL: %.*s.",
		    STR_ARG(number), STR_ARG(differs));
		break;
	case NUMBER_ELSEWHERE:
		doctor_say(d, FOUND_NUMBER_ELSEWHERE,
		    "%.*s is a line of ours, and its calls go to another "
		    "program.",
		    STR_ARG(number));
		break;
	case NUMBER_UNSET:
		doctor_say(d, FOUND_NUMBER_UNSET,
		    "%.*s points nowhere: its callers hear that there is no "
		    "one.",
		    STR_ARG(number));
		break;
	case NUMBER_NO_VOICE:
		doctor_say(d, FOUND_NUMBER_NO_VOICE,
		    "%.*s cannot be called: it is for messages alone.",
		    STR_ARG(number));
		break;
	case NUMBER__MAX:
		break;
	}
}

static const struct rest_number *
find(const struct rest_numbers *all, struct str number)
{
	for (size_t i = 0; i < all->n; i++) {
		if (str_eq(all->list[i].number, number))
			return &all->list[i];
	}
	return NULL;
}

static void
check_number(struct doctor *d, const struct numbers *numbers,
    const struct rest_number *number, bool is_line)
{
	struct rest_application application;
	struct number_verdict verdict;
	struct numbers_error error;

	if (!doctor_has_time(d)) {
		doctor_skip(
		    d, "No time was left for %.*s.", STR_ARG(number->number));
		return;
	}
	if (numbers_judge(numbers, number, &application, &verdict, &error) !=
	    ERR_OK) {
		doctor_skip(d, "The application of %.*s cannot be read (%s).",
		    STR_ARG(number->number), error.why);
		return;
	}
	if (is_line)
		judge_number(d, number->number, &verdict);
	else if (verdict.state == NUMBER_OURS)
		doctor_say(d, FOUND_NUMBER_NOT_IN_FLOW,
		    "%.*s points here, and is no line of the flow: its callers "
		    "can only leave a message.",
		    STR_ARG(number->number));
}

/* Our lines: of the flow, and while there is none, of the settings. */
static void
check_lines(struct doctor *d, const struct numbers *numbers,
    const struct rest_numbers *all)
{
	for (size_t i = 0; i < d->flow->n_lines; i++) {
		const struct str line = d->flow->lines[i].number;
		const struct rest_number *const number = find(all, line);

		if (str_eq(line, STR(FLOW_ANY_LINE)))
			continue;
		if (number == NULL)
			doctor_say(d, FOUND_NUMBER_MISSING,
			    "The account has no number %.*s, which is a line "
			    "of the flow.",
			    STR_ARG(line));
		else
			check_number(d, numbers, number, true);
	}
	for (size_t i = 0; i < all->n; i++) {
		if (flow_line(d->flow, all->list[i].number) == NULL)
			check_number(d, numbers, &all->list[i], false);
	}
}

void
examine_numbers(struct doctor *d)
{
	const struct numbers numbers = {
		.arena = d->arena,
		.conf = d->conf,
		.fetcher = d->jobs.fetcher,
	};
	struct rest_numbers all;
	struct numbers_error error;

	if (!d->has_twilio) {
		doctor_skip(d, "Twilio cannot be asked.");
		return;
	}
	if (d->flow == NULL || d->conf->public_url == NULL) {
		doctor_skip(d, "%s.",
		    d->flow == NULL ? "The flow is not known"
				    : "MAINLINE_PUBLIC_URL is not set");
		return;
	}
	if (numbers_list(&numbers, &all, &error) != ERR_OK)
		doctor_skip(d, "The account's numbers cannot be listed (%s).",
		    error.why);
	else
		check_lines(d, &numbers, &all);
}
