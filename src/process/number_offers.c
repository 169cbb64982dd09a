/* number_offers: how a number for sale is described.  Floor: process. */
#include "base/err.h"
#include "base/str.h"
#include "cli.h"
#include "cmd_number.h"
#include "jobs/numbers.h"
#include "twilio/rest_offers.h"

#include <stdbool.h>
#include <stddef.h>

bool
number_is_country(struct str s)
{
	return s.n == 2 && s.p[0] >= 'A' && s.p[0] <= 'Z' && s.p[1] >= 'A' &&
	    s.p[1] <= 'Z';
}

struct str
number_price_of(const struct cli *cli, const struct rest_prices *prices,
    enum number_type type)
{
	const struct str price = number_shown(cli, prices->monthly[type]);
	const struct str unit = number_shown(cli, prices->unit);

	if (prices->monthly[type].p == NULL)
		return STR("?");
	return str_format(
	    cli->arena, "%.*s %.*s", STR_ARG(price), STR_ARG(unit));
}

const char *
number_address_of(const struct rest_offer *offer)
{
	if (str_eq(offer->address, STR("none")))
		return "none";
	if (str_eq(offer->address, STR("any")))
		return "yours";
	if (str_eq(offer->address, STR("local")))
		return "one in that place";
	if (str_eq(offer->address, STR("foreign")))
		return "one in another country";
	return "?";
}

struct str
number_place_of(const struct cli *cli, const struct rest_offer *offer)
{
	const struct str locality = number_shown(cli, offer->locality);
	const struct str region = number_shown(cli, offer->region);

	return str_format(cli->arena, "%.*s%s%.*s", STR_ARG(locality),
	    locality.n > 0 && region.n > 0 ? ", " : "", STR_ARG(region));
}

void
number_ask_prices(
    const struct number_run *run, struct str country, struct rest_prices *out)
{
	struct numbers_error error;

	*out = (struct rest_prices){ 0 };
	if (numbers_prices(&run->numbers, country, out, &error) == ERR_OK)
		return;
	cli_error(run->cli,
	    "warning: what numbers cost cannot be read; Twilio's Pricing API "
	    "says:");
	(void)number_run_failed(run, &error);
}
