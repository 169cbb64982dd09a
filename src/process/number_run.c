/* number_run: what the subcommands of mainline number have in common.
 * Floor: process. */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "cli.h"
#include "cmd_number.h"
#include "codec/phone.h"
#include "codec/url.h"
#include "flow/flow.h"
#include "flow/flow_set.h"
#include "io/conf.h"
#include "io/fetch.h"
#include "io/pg.h"
#include "jobs/numbers.h"
#include "store/flows.h"
#include "twilio/number.h"
#include "twilio/rest_numbers.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* What a stack that was given no account has; nobody's at Twilio. */
#define PLACEHOLDER "AC00000000000000000000000000000001"

bool
number_run_begin(struct number_run *run, struct cli *cli)
{
	static const char *const needed[] = { "TWILIO_ACCOUNT_SID",
		"MAINLINE_PUBLIC_URL", NULL };
	const struct conf *const conf = cli_conf(cli, needed);

	*run = (struct number_run){ .cli = cli };
	if (conf == NULL)
		return false;
	run->numbers = (struct numbers){
		.arena = cli->arena,
		.conf = conf,
		.fetcher = fetcher_new(conf->ca_file),
	};
	return true;
}

void
number_run_end(struct number_run *run)
{
	fetcher_free(run->numbers.fetcher);
}

/* The second byte of what UTF-8 makes of U+0080 to U+009F. */
static bool
is_c1(struct str text, size_t at)
{
	const unsigned char second =
	    at + 1 < text.n ? (unsigned char)text.p[at + 1] : 0;

	return (unsigned char)text.p[at] == 0xc2 && second >= 0x80 &&
	    second < 0xa0;
}

struct str
number_shown(const struct cli *cli, struct str text)
{
	char *shown;

	if (text.p == NULL)
		return STR("");
	shown = arena_copy(cli->arena, text.p, text.n);
	for (size_t i = 0; i < text.n; i++) {
		if (is_c1(text, i))
			shown[i] = shown[i + 1] = '?';
		else if ((unsigned char)shown[i] < ' ' || shown[i] == 0x7f)
			shown[i] = '?';
	}
	return (struct str){ shown, text.n };
}

int
number_run_failed(
    const struct number_run *run, const struct numbers_error *error)
{
	const struct str why = number_shown(run->cli, str_of(error->why));

	cli_error(run->cli, "%.*s", STR_ARG(why));
	return CLI_FAILED;
}

struct str
number_take(struct cli *cli)
{
	const struct str number = str_of(cli->argc == 1 ? cli->argv[0] : NULL);

	if (cli_has_unknown_option(cli))
		return STR_ABSENT;
	if (phone_is_e164(number))
		return number;
	cli_error(cli,
	    "it needs one number like +15550100001: +, country code, no "
	    "blanks; see --help");
	return STR_ABSENT;
}

bool
number_is_account_real(const struct number_run *run)
{
	const struct str account =
	    str_of(run->numbers.conf->twilio_account_sid);

	if (!str_eq(account, STR(PLACEHOLDER)))
		return true;
	cli_error(run->cli,
	    "TWILIO_ACCOUNT_SID is the placeholder of a stack whose Twilio is "
	    "simulated; set it, and TWILIO_AUTH_TOKEN, to those at the top of "
	    "the Twilio console");
	return false;
}

bool
number_can_point(const struct number_run *run)
{
	const char *const url = run->numbers.conf->public_url;
	const char *const wrong = number_unreachable(str_of(url));

	if (!number_is_account_real(run))
		return false;
	if (wrong != NULL)
		cli_error(run->cli, "MAINLINE_PUBLIC_URL %s %s", url, wrong);
	return wrong == NULL;
}

bool
number_is_fallback(const struct number_run *run, struct str text)
{
	const struct str whole = str_slice(text, 0, str_find(text, '#'));
	const char *wrong = "is no URL like https://example.com/fallback";
	struct url url;

	if (url_parse(whole, &url) == ERR_OK) {
		wrong = number_unreachable(url.origin);
		if (str_eq_nocase(
			url.origin, str_of(run->numbers.conf->public_url)))
			wrong = "is on our own host; leave it out for our own "
				"fallback, or name one that answers when this "
				"host does not";
	}
	if (wrong != NULL)
		cli_error(run->cli, "--fallback-url %s", wrong);
	return wrong == NULL;
}

/* Of the database's flow; NULL: none is published, or it cannot be asked. */
static const struct flow *
published(const struct number_run *run, enum err *e)
{
	struct cli *const cli = run->cli;
	struct pg *const pg = cli_pg(cli, run->numbers.conf);
	const struct flow *flow = NULL;
	struct flow_version version;
	struct flow_errors errors;

	*e = flows_get(pg, cli->arena, 0, &version);
	pg_free(pg);
	if (*e == ERR_OK)
		*e = flow_parse(cli->arena, version.document, version.version,
		    &errors, &flow);
	return *e == ERR_OK ? flow : NULL;
}

/* What becomes of its calls, when that is not what somebody meant. */
static const char *
fate_of(const struct flow *flow, struct str number)
{
	const struct line *const line = flow_line(flow, number);

	if (line == NULL)
		return "callers can only leave a message; see mainline flow "
		       "--help";
	return str_eq(line->number, number)
	    ? NULL
	    : "its calls are answered as those of \"*\"";
}

void
number_warn_of_flow(const struct number_run *run, struct str number)
{
	const struct conf *const conf = run->numbers.conf;
	enum err e = ERR_BUSY;
	const struct flow *const flow =
	    conf->database_url == NULL ? NULL : published(run, &e);
	const char *const fate = flow == NULL ? NULL : fate_of(flow, number);

	if (fate != NULL)
		cli_error(run->cli,
		    "warning: %.*s is not among the lines of the published "
		    "flow: %s",
		    STR_ARG(number), fate);
	else if (e == ERR_NOT_FOUND && !str_eq(str_of(conf->line), number))
		cli_error(run->cli,
		    "warning: no flow is published, and MAINLINE_LINE is not "
		    "this number: its calls are answered, but not by its name; "
		    "see mainline flow --help");
	else if (e != ERR_OK && e != ERR_NOT_FOUND)
		cli_error(run->cli,
		    "warning: the published flow cannot be read here%s, so "
		    "whether it has this line was not checked",
		    conf->database_url == NULL ? " (no DATABASE_URL)" : "");
}

int
number_report(const struct number_run *run, const struct rest_number *number)
{
	struct rest_application application;
	struct number_verdict verdict;
	struct numbers_error error;

	if (numbers_judge(&run->numbers, number, &application, &verdict,
		&error) != ERR_OK)
		return number_run_failed(run, &error);
	if (verdict.state == NUMBER_OURS) {
		(void)printf(
		    "Calls to %.*s come to us now.\n", STR_ARG(number->number));
		return CLI_OK;
	}
	cli_error(run->cli,
	    "Twilio has taken it, and says all the same that the number is %s; "
	    "see mainline number show %.*s",
	    number_state_name(verdict.state), STR_ARG(number->number));
	return CLI_FAILED;
}
