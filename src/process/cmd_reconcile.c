/* cmd_reconcile: mainline reconcile --since TIME.  Floor: process. */
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "cli.h"
#include "codec/date.h"
#include "io/conf.h"
#include "io/pg.h"
#include "jobs/reconcile.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>

#define SECOND_US INT64_C(1000000)
#define DAY_US (86400 * SECOND_US)
#define SLACK_US (60 * SECOND_US) /* since "30d" was read */

static const char help[] =
    "usage: mainline reconcile --since TIME|DURATION [--line NUMBER] [--dry-run]\n"
    "\n"
    "Asks Twilio for the calls and recordings since then, and adds what is not in\n"
    "the record, or not to its end: calls that nobody answered here, messages that\n"
    "nginx took, callbacks that were lost.  `mainline jobs` does the same by itself,\n"
    "every 5 minutes over the last hour and once a day over two days.\n"
    "\n"
    "  --since    2026-11-22, 2026-11-22T09:00:00Z, or so long ago: 90m, 12h, 7d;\n"
    "             not before what MAINLINE_KEEP_CALLS_DAYS keeps\n"
    "  --line     only calls to this number of ours\n"
    "  --dry-run  says what is missing, and adds nothing\n"
    "\n"
    "Prints each call that was not in the record, or not to its end, and what was\n"
    "added.  Exits with 1 when Twilio or the database could not be asked, or a call\n"
    "not be added.\n"
    "\n"
    "needs: DATABASE_URL, TWILIO_ACCOUNT_SID, and TWILIO_API_KEY with\n"
    "TWILIO_API_SECRET or TWILIO_AUTH_TOKEN\n";

static const char *const needed[] = { "DATABASE_URL", "TWILIO_ACCOUNT_SID",
	NULL };

/* Reads the options; says what is wrong with them. */
static bool
read_options(struct cli *cli, struct reconcile_options *out)
{
	bool ok = true;
	const char *const since = cli_option(cli, "--since", &ok);
	const char *const line = cli_option(cli, "--line", &ok);

	*out =
	    (struct reconcile_options){ .dry_run = cli_flag(cli, "--dry-run") };
	if (!ok || cli_has_unknown_option(cli))
		return false;
	if (cli->argc > 0) {
		cli_error(cli, "takes no %s; see --help", cli->argv[0]);
		return false;
	}
	if (since == NULL) {
		cli_error(cli, "--since is missing; see --help");
		return false;
	}
	if (!cli_read_time(cli, "--since", since, &out->since_us) ||
	    !cli_read_line(cli, line))
		return false;
	out->line = str_of(line);
	return true;
}

static const char *
lack_of(const struct reconcile_found *found)
{
	if (!found->is_known)
		return "not in the record";
	return found->is_recording ? "a recording was missing"
				   : "its end was missing";
}

static void
tell(void *arg, const struct reconcile_found *found)
{
	const struct str line =
	    found->line.n == 0 ? STR("unknown line") : found->line;

	(void)arg;
	(void)printf("%.*s  %-16.*s  %s", STR_ARG(found->call_sid),
	    STR_ARG(line), lack_of(found));
	if (found->why != NULL)
		(void)printf("; not added: %s\n", found->why);
	else if (!found->is_ours)
		(void)printf("; not added: it is not to a line of ours\n");
	else if (found->status == NULL)
		(void)printf("\n");
	else if (found->n_recordings == 0)
		(void)printf("; added: %s\n", found->status);
	else
		(void)printf("; added: %s, %zu recording%s\n", found->status,
		    found->n_recordings, found->n_recordings == 1 ? "" : "s");
}

static void
print_missing(const struct reconcile_sum *sum)
{
	if (sum->absent > 0)
		(void)printf("not in the record: %zu call%s", sum->absent,
		    sum->absent == 1 ? "" : "s");
	if (sum->absent > 0 && sum->partial > 0)
		(void)printf(", ");
	if (sum->partial > 0)
		(void)printf("in it, without their end or a recording: %zu",
		    sum->partial);
}

static void
print_sum(const struct cli *cli, const struct reconcile_options *options,
    const struct reconcile_sum *sum)
{
	const struct str since = date_rfc3339(cli->arena, options->since_us);

	(void)printf("Twilio lists %zu call%s and %zu recording%s since "
		     "%.19sZ; ",
	    sum->calls, sum->calls == 1 ? "" : "s", sum->recordings,
	    sum->recordings == 1 ? "" : "s", since.p);
	if (sum->absent + sum->partial == 0) {
		(void)printf("nothing was missing.\n");
		return;
	}
	print_missing(sum);
	if (options->dry_run)
		(void)printf("; nothing was added (--dry-run).\n");
	else if (sum->failed > 0)
		(void)printf(
		    "; %zu added, %zu not.\n", sum->added, sum->failed);
	else
		(void)printf("; all were added.\n");
}

/* Retention would remove what comes back, and has removed it before. */
static bool
is_kept(const struct cli *cli, const struct reconcile_options *options)
{
	const int days = options->conf->keep_calls_days;
	const int64_t oldest_us = clock_wall_us() - days * DAY_US - SLACK_US;

	if (days == 0 || options->since_us >= oldest_us)
		return true;
	cli_error(cli,
	    "--since is longer ago than MAINLINE_KEEP_CALLS_DAYS (%d); what is "
	    "older was removed, and would come back; say --since %dd",
	    days, days);
	return false;
}

static int
reconcile(struct cli *cli, struct reconcile_options *options)
{
	struct pg *const pg = cli_pg(cli, options->conf);
	struct reconcile_sum sum;
	const char *why;
	enum err e;

	options->pg = pg;
	options->log = &cli->log;
	options->tell = tell;
	e = reconcile_since(cli->arena, options, &sum, &why);
	pg_free(pg);
	if (e == ERR_OK || sum.absent + sum.partial > 0)
		print_sum(cli, options, &sum);
	if (e != ERR_OK) {
		cli_error(cli, "it is not complete: %s", why);
		return CLI_FAILED;
	}
	return sum.failed > 0 ? CLI_FAILED : CLI_OK;
}

int
cmd_reconcile(struct cli *cli)
{
	struct reconcile_options options;

	if (cli_wants_help(cli))
		return cli_help(help);
	if (!read_options(cli, &options))
		return CLI_USAGE;
	if ((options.conf = cli_conf(cli, needed)) == NULL)
		return CLI_FAILED;
	if (!is_kept(cli, &options))
		return CLI_FAILED;
	if (!reconcile_can(options.conf)) {
		cli_error(cli,
		    "set TWILIO_API_KEY and TWILIO_API_SECRET, or "
		    "TWILIO_AUTH_TOKEN, to ask Twilio");
		return CLI_FAILED;
	}
	return reconcile(cli, &options);
}
