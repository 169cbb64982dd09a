/* cmd_number: mainline number show, and which others there are.
 * Floor: process. */
#include "cmd_number.h"

#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "cli.h"
#include "jobs/numbers.h"
#include "twilio/number.h"
#include "twilio/rest_numbers.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

static const char help[] =
    "usage: mainline number show [NUMBER]\n"
    "       mainline number point NUMBER [--fallback-url URL] [--application]\n"
    "                             [--dry-run] [--yes]\n"
    "       mainline number search --country CC [--type TYPE] [--area-code DIGITS]\n"
    "                              [--contains PATTERN] [--limit N]\n"
    "       mainline number buy NUMBER [--country CC] [--point] [--fallback-url URL]\n"
    "                           [--address-sid AD...] [--bundle-sid BU...]\n"
    "                           [--dry-run] [--yes]\n"
    "\n"
    "Telephone numbers of the account at Twilio.\n"
    "\n"
    "  show    each number, and where its calls go, in a word: ours; drifted (ours,\n"
    "          and something of it is not as it should be: each such setting is\n"
    "          named); moved (a Mainline's at another address, perhaps ours before\n"
    "          MAINLINE_PUBLIC_URL was changed); elsewhere (somebody else's); not\n"
    "          set; no voice (it cannot be called).  Of one number, all settings\n"
    "  point   makes a number's calls come to MAINLINE_PUBLIC_URL, and shows what it\n"
    "          was set to and is.  A SIP trunk or TwiML App that takes its calls is\n"
    "          taken off it, after asking\n"
    "  search  numbers for sale that can be called, with what they cost a month and\n"
    "          the address that the law of their country wants\n"
    "  buy     buys one: shows the price, and asks\n"
    "\n"
    "  --fallback-url  what answers when our host does not, at another host, like a\n"
    "                  TwiML Bin; without it our own host is asked once more\n"
    "  --application   points the number at a TwiML App named \"Mainline NUMBER\",\n"
    "                  which is made or brought up to date\n"
    "  --point         pointed at us in the moment in which it is bought\n"
    "  --dry-run       changes nothing, and shows what would be\n"
    "  --yes           does not ask, for scripts\n"
    "  --type          local (the default), toll-free or mobile\n"
    "  --contains      digits, with * for any one: '510555****'\n"
    "  --country       US, GB, DE, ...; of a number to buy that begins with +1: US or\n"
    "                  else CA\n"
    "\n"
    "Exits 1 where Twilio refuses, and where somebody must be asked and there is no\n"
    "terminal.\n"
    "needs: TWILIO_ACCOUNT_SID; TWILIO_API_KEY with TWILIO_API_SECRET, or\n"
    "       TWILIO_AUTH_TOKEN; MAINLINE_PUBLIC_URL; DATABASE_URL to know the flow\n";

static struct str
or_not_set(const struct cli *cli, struct str value)
{
	return value.p == NULL ? STR("not set") : number_shown(cli, value);
}

static void
print_differences(const struct cli *cli, const struct number_verdict *verdict)
{
	for (size_t i = 0; i < verdict->n_differs; i++) {
		const struct number_difference *const d = &verdict->differs[i];
		const struct str is = or_not_set(cli, d->is);
		const struct str should = d->should.p == NULL
		    ? STR("not set: it takes the calls, whatever the URLs are")
		    : d->should;

		(void)printf("    %s is %.*s, should be %.*s\n",
		    number_field_name(d->field), STR_ARG(is), STR_ARG(should));
	}
}

/* Where the calls go, in as few words as can be. */
static struct str
goes_to(const struct cli *cli, const struct rest_number *number,
    const struct number_verdict *verdict)
{
	if (verdict->state == NUMBER_NO_VOICE)
		return STR("it cannot be called");
	if (number->trunk_sid.p != NULL)
		return str_format(
		    cli->arena, "SIP trunk %.*s", STR_ARG(number->trunk_sid));
	if (verdict->voice == NULL)
		return str_format(cli->arena, "TwiML App %.*s, which is gone",
		    STR_ARG(number->application_sid));
	return or_not_set(cli, verdict->voice->url);
}

static int
print_number(const struct number_run *run, const struct rest_number *number)
{
	struct rest_application application;
	struct number_verdict verdict;
	struct numbers_error error;
	struct str to;

	if (numbers_judge(&run->numbers, number, &application, &verdict,
		&error) != ERR_OK)
		return number_run_failed(run, &error);
	to = goes_to(run->cli, number, &verdict);
	(void)printf("%-16.*s  %-9s  %.*s\n", STR_ARG(number->number),
	    number_state_name(verdict.state), STR_ARG(to));
	print_differences(run->cli, &verdict);
	return CLI_OK;
}

static int
show_all(const struct number_run *run)
{
	struct rest_numbers all;
	struct numbers_error error;
	int status = CLI_OK;

	if (numbers_list(&run->numbers, &all, &error) != ERR_OK)
		return number_run_failed(run, &error);
	if (all.n == 0) {
		(void)fprintf(stderr,
		    "The account has no number; mainline number search finds "
		    "one.\n");
		return CLI_OK;
	}
	(void)printf("%-16s  %-9s  CALLS GO TO\n", "NUMBER", "IS");
	for (size_t i = 0; i < all.n && status == CLI_OK; i++)
		status = print_number(run, &all.list[i]);
	return status;
}

static void
print_setting(const struct cli *cli, enum number_field field, struct str method,
    struct str url)
{
	const struct str shown = or_not_set(cli, url);

	(void)printf("  %-21s  %-4.*s  %.*s\n", number_field_label(field),
	    STR_ARG(method), STR_ARG(shown));
}

static void
print_voice(const struct cli *cli, const struct rest_voice *voice)
{
	print_setting(cli, NUMBER_VOICE_URL, voice->method, voice->url);
	print_setting(cli, NUMBER_FALLBACK_URL, voice->fallback_method,
	    voice->fallback_url);
	print_setting(
	    cli, NUMBER_STATUS_URL, voice->status_method, voice->status_url);
}

static int
show_one(const struct number_run *run, struct str wanted)
{
	struct rest_application application;
	struct number_verdict verdict;
	struct numbers_error error;
	struct rest_number number;
	struct str to;

	if (numbers_find(&run->numbers, wanted, &number, &error) != ERR_OK ||
	    numbers_judge(&run->numbers, &number, &application, &verdict,
		&error) != ERR_OK)
		return number_run_failed(run, &error);
	to = goes_to(run->cli, &number, &verdict);
	(void)printf("%.*s is %s; its calls go to %.*s\n", STR_ARG(wanted),
	    number_state_name(verdict.state), STR_ARG(to));
	print_differences(run->cli, &verdict);
	if (number.trunk_sid.p == NULL && number.application_sid.p != NULL)
		(void)printf(
		    "  by TwiML App %.*s\n", STR_ARG(number.application_sid));
	if (verdict.voice != NULL)
		print_voice(run->cli, verdict.voice);
	if (verdict.state == NUMBER_OURS && !verdict.has_fallback_outside)
		(void)printf("When this host does not answer, nobody does; "
			     "--fallback-url of mainline number point names "
			     "one that does.\n");
	return CLI_OK;
}

static int
number_show(struct cli *cli)
{
	const bool is_one = cli->argc > 0;
	const struct str number = is_one ? number_take(cli) : STR_ABSENT;
	struct number_run run;
	int status;

	if (is_one && number.p == NULL)
		return CLI_USAGE;
	if (!number_run_begin(&run, cli))
		return CLI_FAILED;
	status = is_one ? show_one(&run, number) : show_all(&run);
	number_run_end(&run);
	return status;
}

static const struct cli_action actions[] = {
	{ "search", number_search },
	{ "buy", number_buy },
	{ "point", number_point },
	{ "show", number_show },
};

int
cmd_number(struct cli *cli)
{
	if (cli_wants_help(cli))
		return cli_help(help);
	return cli_act(cli, actions, ARRAY_LEN(actions));
}
