/*
 * cmd_number: what the subcommands of mainline number have in common.  Private
 * to the process floor.
 */
#ifndef MAINLINE_PROCESS_CMD_NUMBER_H
#define MAINLINE_PROCESS_CMD_NUMBER_H

#include "base/str.h"
#include "cli.h"
#include "jobs/numbers.h"
#include "twilio/rest_numbers.h"
#include "twilio/rest_offers.h"

#include <stdbool.h>

/* One run of a command: what it asks Twilio with. */
struct number_run {
	struct cli *cli;
	struct numbers numbers; /* with the configuration */
};

/*
 * Reads the configuration and makes ready to ask; false, and it is said, when
 * something is missing.  number_run_end() must follow.
 */
MUST_USE bool number_run_begin(struct number_run *run, struct cli *cli);
void number_run_end(struct number_run *run);

/* Says why Twilio did not do it; gives CLI_FAILED. */
int number_run_failed(
    const struct number_run *run, const struct numbers_error *error);

/*
 * Takes the one number that the command is about from the arguments, of which
 * nothing more may be left.  Absent, and it is said, when there is none.
 */
struct str number_take(struct cli *cli);

/* What came from outside, fit for a terminal: control characters become "?". */
struct str number_shown(const struct cli *cli, struct str text);

/* Not the placeholder of a stack without Twilio?  False, and it is said. */
bool number_is_account_real(const struct number_run *run);

/* The same, and can Twilio reach us?  False, and it is said. */
bool number_can_point(const struct number_run *run);

/*
 * Warns when calls to `number` would not be answered as somebody meant: it is
 * no line of the published flow.
 */
void number_warn_of_flow(const struct number_run *run, struct str number);

/*
 * Is `url` one that answers when our host does not: https, at a name that
 * Twilio can reach, and not ours?  False, and it is said.
 */
bool number_is_fallback(const struct number_run *run, struct str url);

/* Says what a number is, after it was changed; CLI_FAILED when not ours. */
int number_report(
    const struct number_run *run, const struct rest_number *number);

/* "US": two capital letters? */
bool number_is_country(struct str s);

/*
 * What numbers of a country cost; where it cannot be read, that is said, and
 * all of `*out` is absent: a price is not the number.
 */
void number_ask_prices(
    const struct number_run *run, struct str country, struct rest_prices *out);

/* "1.15 USD", or "?" where nobody says. */
struct str number_price_of(const struct cli *cli,
    const struct rest_prices *prices, enum number_type type);

/* "Oakland, CA"; empty where nobody says. */
struct str number_place_of(
    const struct cli *cli, const struct rest_offer *offer);

/* Whose address the law wants, in words. */
const char *number_address_of(const struct rest_offer *offer);

int number_point(struct cli *cli);
int number_search(struct cli *cli);
int number_buy(struct cli *cli);

#endif
