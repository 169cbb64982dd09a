/* doctor_twilio: its judgements.  Private to the jobs floor. */
#ifndef MAINLINE_JOBS_DOCTOR_TWILIO_H
#define MAINLINE_JOBS_DOCTOR_TWILIO_H

#include "doctor_checks.h"
#include "twilio/number.h"
#include "twilio/rest_account.h"
#include "twilio/rest_numbers.h"

#include <stddef.h>
#include <stdint.h>

/* Of the tokens that are configured: whether Twilio takes each. */
struct tokens_seen {
	size_t n;
	size_t taken; /* how many it takes */
};

void judge_tokens(struct doctor *d, const struct tokens_seen *seen);
void judge_account(struct doctor *d, const struct rest_account *account);

/* Twilio's clock, when ours said `now_us`. */
void judge_clock(struct doctor *d, int64_t twilio_us, int64_t now_us);

/* What a number that is a line of the flow is set to at Twilio. */
void judge_number(
    struct doctor *d, struct str number, const struct number_verdict *verdict);

#endif
