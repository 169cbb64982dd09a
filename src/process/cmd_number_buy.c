/* cmd_number_buy: mainline number buy.  Floor: process. */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "cli.h"
#include "cmd_number.h"
#include "io/conf.h"
#include "jobs/numbers.h"
#include "terminal.h"
#include "twilio/number.h"
#include "twilio/rest_numbers.h"
#include "twilio/rest_offers.h"
#include "twilio/words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define LIMIT 10
#define NOT_FOR_SALE                                                           \
	"this number is not for sale; find one with mainline number search"

struct purchase {
	struct number_run run;
	struct str number, country, fallback_url, address_sid, bundle_sid;
	bool point, dry_run, yes;
	struct rest_offer offer;
	enum number_type type;
	struct str price; /* "?": nobody says */
};

static const char *
wrong_purchase(const struct purchase *p)
{
	if (p->country.p != NULL && !number_is_country(p->country))
		return "--country needs the two capital letters of a country, "
		       "like US; see --help";
	if (p->country.p == NULL && !str_starts(p->number, STR("+1")))
		return "say --country, as mainline number search was asked; "
		       "see --help";
	if (p->address_sid.p != NULL && !sid_is(p->address_sid, "AD"))
		return "--address-sid needs AD and 32 hexadecimal digits; see "
		       "--help";
	if (p->bundle_sid.p != NULL && !sid_is(p->bundle_sid, "BU"))
		return "--bundle-sid needs BU and 32 hexadecimal digits; see "
		       "--help";
	if (p->fallback_url.p != NULL && !p->point)
		return "--fallback-url goes with --point; see --help";
	return NULL;
}

static bool
read_purchase(struct cli *cli, struct purchase *out)
{
	bool ok = true;
	const char *wrong;

	*out = (struct purchase){
		.country = str_of(cli_option(cli, "--country", &ok)),
		.fallback_url = str_of(cli_option(cli, "--fallback-url", &ok)),
		.address_sid = str_of(cli_option(cli, "--address-sid", &ok)),
		.bundle_sid = str_of(cli_option(cli, "--bundle-sid", &ok)),
		.point = cli_flag(cli, "--point"),
		.dry_run = cli_flag(cli, "--dry-run"),
		.yes = cli_flag(cli, "--yes"),
	};
	if (!ok)
		return false;
	out->number = number_take(cli);
	if (out->number.p == NULL)
		return false;
	wrong = wrong_purchase(out);
	if (wrong != NULL)
		cli_error(cli, "%s", wrong);
	return wrong == NULL;
}

/* Is it for sale in this country, as whatever type? */
static enum err
find_in(struct purchase *p, struct str country, struct numbers_error *error)
{
	struct rest_wanted wanted = {
		.country = country,
		.contains = str_slice(p->number, 1, p->number.n),
		.limit = LIMIT,
	};

	for (int type = 0; type < NUMBER_TYPE__MAX; type++) {
		struct rest_offers offers = { 0 };
		enum err e;

		wanted.type = (enum number_type)type;
		e = numbers_offers(&p->run.numbers, &wanted, &offers, error);
		if (e != ERR_OK && e != ERR_NOT_FOUND)
			return e;
		for (size_t i = 0; i < offers.n; i++) {
			if (!str_eq(offers.list[i].number, p->number))
				continue;
			p->offer = offers.list[i];
			p->type = wanted.type;
			p->country = country;
			return ERR_OK;
		}
	}
	*error = (struct numbers_error){ .why = NOT_FOR_SALE };
	return ERR_NOT_FOUND;
}

static enum err
find(struct purchase *p, struct numbers_error *error)
{
	enum err e;

	if (p->country.p != NULL)
		return find_in(p, p->country, error);
	e = find_in(p, STR("US"), error);
	return e == ERR_NOT_FOUND ? find_in(p, STR("CA"), error) : e;
}

static void
print_offer(const struct purchase *p)
{
	const struct str place = number_place_of(p->run.cli, &p->offer);

	(void)printf("%.*s, %s, %.*s%s%.*s: %.*s a month; address needed: %s\n",
	    STR_ARG(p->number), number_type_name(p->type), STR_ARG(p->country),
	    place.n > 0 ? ", " : "", STR_ARG(place), STR_ARG(p->price),
	    number_address_of(&p->offer));
	if (p->point)
		(void)printf("It is pointed at %s at once.\n",
		    p->run.numbers.conf->public_url);
}

/* With --yes nothing is bought whose price is not known. */
static bool
is_agreed(const struct purchase *p)
{
	const struct str question =
	    str_format(p->run.cli->arena, "Buy %.*s for %.*s a month?",
		STR_ARG(p->number), STR_ARG(p->price));
	const bool is_priced = !str_eq(p->price, STR("?"));

	if (p->yes && is_priced)
		return true;
	if (!terminal_is_there()) {
		cli_error(p->run.cli,
		    is_priced
			? "nobody can be asked; say --yes, or --dry-run to see "
			  "what it costs"
			: "what it costs is not known, and nobody can be "
			  "asked; nothing was bought");
		return false;
	}
	if (terminal_agrees(question.p))
		return true;
	(void)printf("Nothing was bought.\n");
	return false;
}

static struct str
purchase_form(const struct purchase *p)
{
	struct arena *const arena = p->run.cli->arena;
	const struct rest_voice voice =
	    number_settings(arena, str_of(p->run.numbers.conf->public_url),
		p->number, p->fallback_url);
	struct str form = p->point ? rest_voice_form(arena, &voice) : STR("");

	form = rest_form_with(arena, form, "PhoneNumber", p->number);
	if (p->address_sid.p != NULL)
		form =
		    rest_form_with(arena, form, "AddressSid", p->address_sid);
	if (p->bundle_sid.p != NULL)
		form = rest_form_with(arena, form, "BundleSid", p->bundle_sid);
	return form;
}

static int
purchase(const struct purchase *p)
{
	struct numbers_error error;
	struct rest_number bought;
	const enum err e =
	    numbers_buy(&p->run.numbers, purchase_form(p), &bought, &error);

	if (e != ERR_OK) {
		if (e == ERR_BUSY || e == ERR_UPSTREAM)
			cli_error(p->run.cli,
			    "whether it was bought is not known: see mainline "
			    "number show before it is tried again");
		return number_run_failed(&p->run, &error);
	}
	(void)printf("Bought %.*s.\n", STR_ARG(bought.number));
	if (p->point)
		return number_report(&p->run, &bought);
	(void)printf("Its calls do not come to us yet: mainline number point "
		     "%.*s\n",
	    STR_ARG(bought.number));
	return CLI_OK;
}

static int
buy(struct purchase *p)
{
	struct numbers_error error;
	struct rest_prices prices;

	if (find(p, &error) != ERR_OK)
		return number_run_failed(&p->run, &error);
	number_ask_prices(&p->run, p->country, &prices);
	p->price = number_price_of(p->run.cli, &prices, p->type);
	print_offer(p);
	if (p->point)
		number_warn_of_flow(&p->run, p->number);
	if (p->dry_run) {
		(void)printf("Nothing was bought (--dry-run).\n");
		return CLI_OK;
	}
	return is_agreed(p) ? purchase(p) : CLI_FAILED;
}

int
number_buy(struct cli *cli)
{
	struct purchase p;
	int status = CLI_FAILED;

	if (!read_purchase(cli, &p))
		return CLI_USAGE;
	if (!number_run_begin(&p.run, cli))
		return CLI_FAILED;
	if ((p.point ? number_can_point(&p.run)
		     : number_is_account_real(&p.run)) &&
	    (p.fallback_url.p == NULL ||
		number_is_fallback(&p.run, p.fallback_url)))
		status = buy(&p);
	number_run_end(&p.run);
	return status;
}
