/* cmd_number_search: mainline number search.  Floor: process. */
#include "base/err.h"
#include "base/str.h"
#include "cli.h"
#include "cmd_number.h"
#include "jobs/numbers.h"
#include "twilio/rest_offers.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define LIMIT 10
#define LIMIT_MAX 30 /* more Twilio does not list */

/* Digits, and perhaps other characters. */
static bool
is_made_of(struct str s, const char *set)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\0' || strchr(set, s.p[i]) == NULL)
			return false;
	}
	return s.n > 0;
}

static const char *
wrong_of(const struct rest_wanted *wanted, struct str type, struct str limit)
{
	if (!number_is_country(wanted->country))
		return "--country needs the two capital letters of a country, "
		       "like US; see --help";
	if (type.p != NULL)
		return "--type is local, toll-free or mobile; see --help";
	if (limit.p != NULL)
		return "--limit is a number from 1 to 30; see --help";
	if (wanted->area_code.p != NULL &&
	    !is_made_of(wanted->area_code, "0123456789"))
		return "--area-code needs digits; see --help";
	if (wanted->contains.p != NULL &&
	    !is_made_of(wanted->contains, "0123456789*+"))
		return "--contains needs digits, and * for any one; see "
		       "--help";
	return NULL;
}

static bool
read_wanted(struct cli *cli, struct rest_wanted *out)
{
	bool ok = true;
	struct str type = str_of(cli_option(cli, "--type", &ok));
	struct str limit = str_of(cli_option(cli, "--limit", &ok));
	const char *wrong;

	*out = (struct rest_wanted){
		.country = str_of(cli_option(cli, "--country", &ok)),
		.area_code = str_of(cli_option(cli, "--area-code", &ok)),
		.contains = str_of(cli_option(cli, "--contains", &ok)),
		.limit = LIMIT,
	};
	if (!ok || cli_has_unknown_option(cli))
		return false;
	if (type.p != NULL && number_type_parse(type, &out->type))
		type = STR_ABSENT;
	if (limit.p != NULL && str_to_int(limit, LIMIT_MAX, &out->limit) &&
	    out->limit > 0)
		limit = STR_ABSENT;
	wrong = cli->argc > 0 ? "search takes options alone; see --help"
			      : wrong_of(out, type, limit);
	if (wrong != NULL)
		cli_error(cli, "%s", wrong);
	return wrong == NULL;
}

static int
search(const struct number_run *run, const struct rest_wanted *wanted)
{
	struct numbers_error error;
	struct rest_offers offers;
	struct rest_prices prices;
	const enum err e =
	    numbers_offers(&run->numbers, wanted, &offers, &error);

	if (e == ERR_NOT_FOUND) {
		cli_error(run->cli,
		    "Twilio sells no %s numbers in %.*s; try another --type",
		    number_type_name(wanted->type), STR_ARG(wanted->country));
		return CLI_FAILED;
	}
	if (e != ERR_OK)
		return number_run_failed(run, &error);
	if (offers.n == 0) {
		(void)fprintf(stderr, "There is none; ask for less.\n");
		return CLI_OK;
	}
	number_ask_prices(run, wanted->country, &prices);
	(void)printf("%-16s  %-9s  %-12s  %-24s  ADDRESS NEEDED\n", "NUMBER",
	    "TYPE", "A MONTH", "PLACE");
	for (size_t i = 0; i < offers.n; i++) {
		const struct rest_offer *const offer = &offers.list[i];
		const struct str price =
		    number_price_of(run->cli, &prices, wanted->type);
		const struct str place = number_place_of(run->cli, offer);

		(void)printf("%-16.*s  %-9s  %-12.*s  %-24.*s  %s\n",
		    STR_ARG(offer->number), number_type_name(wanted->type),
		    STR_ARG(price), STR_ARG(place), number_address_of(offer));
	}
	return CLI_OK;
}

int
number_search(struct cli *cli)
{
	struct rest_wanted wanted;
	struct number_run run;
	int status;

	if (!read_wanted(cli, &wanted))
		return CLI_USAGE;
	if (!number_run_begin(&run, cli))
		return CLI_FAILED;
	status =
	    number_is_account_real(&run) ? search(&run, &wanted) : CLI_FAILED;
	number_run_end(&run);
	return status;
}
