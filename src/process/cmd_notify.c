/* cmd_notify: mainline notify test.  Floor: process. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "cli.h"
#include "codec/phone.h"
#include "flow/flow.h"
#include "flow/flow_set.h"
#include "io/conf.h"
#include "io/pg.h"
#include "jobs/notify_test.h"
#include "store/flows.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define TO_MAX_BYTES 8192

static const char help[] =
    "usage: mainline notify test --line NUMBER\n"
    "\n"
    "Sends a test notice by each channel that the published flow names for calls\n"
    "to NUMBER, and says what came of it: by e-mail to its addresses, and to its\n"
    "webhook as {\"type\":\"test\"}.  Exits 1 when one of them did not work.\n"
    "\n"
    "Who is told stands in the flow: see \"notify\" in mainline flow --help.\n"
    "needs: DATABASE_URL; MAINLINE_SMTP_URL and MAINLINE_SMTP_FROM for e-mail,\n"
    "       MAINLINE_WEBHOOK_SECRET for a webhook\n";

static const char *const database[] = { "DATABASE_URL", NULL };

/* NULL, and a message, when there is none. */
static const struct line *
find_line(struct cli *cli, const struct conf *conf, struct str number)
{
	struct pg *const pg = cli_pg(cli, conf);
	struct flow_version version;
	struct flow_errors errors;
	const struct flow *flow;
	const struct line *line;
	const enum err e = flows_get(pg, cli->arena, 0, &version);

	pg_free(pg);
	if (e == ERR_NOT_FOUND) {
		cli_error(cli,
		    "no flow is published, so nobody is told of any call; see "
		    "mainline flow --help");
		return NULL;
	}
	if (e != ERR_OK) {
		(void)cli_db_failed(cli, e);
		return NULL;
	}
	if (flow_parse(cli->arena, version.document, version.version, &errors,
		&flow) != ERR_OK) {
		cli_error(cli,
		    "version %d of the flow is none for this program; see "
		    "mainline flow check",
		    version.version);
		return NULL;
	}
	line = flow_line(flow, number);
	if (line == NULL)
		cli_error(cli,
		    "%.*s is not among the lines of version %d of the flow",
		    STR_ARG(number), version.version);
	return line;
}

/* "e-mail to a@b.example, c@d.example" */
static struct str
letter_to(struct arena *arena, const struct notify *notify)
{
	struct buf out;

	buf_init(&out, arena, TO_MAX_BYTES);
	buf_add(&out, STR("e-mail to "));
	for (size_t i = 0; i < notify->n_email; i++)
		buf_addf(&out, "%s%.*s", i == 0 ? "" : ", ",
		    STR_ARG(notify->email[i]));
	return buf_str(&out);
}

static bool
report(const struct cli *cli, struct str to, bool ok, struct str said)
{
	if (ok)
		(void)printf("%.*s: %.*s.\n", STR_ARG(to), STR_ARG(said));
	else
		cli_error(cli, "%.*s: %.*s", STR_ARG(to), STR_ARG(said));
	return ok;
}

static bool
test_mail(const struct cli *cli, const struct notify_test *test)
{
	const struct str to = letter_to(cli->arena, &test->line->notify);
	struct str said;
	const bool ok = notify_test_mail(test, &said);

	return report(cli, to, ok, said);
}

static bool
test_webhook(const struct cli *cli, const struct notify_test *test)
{
	const struct str url = test->line->notify.webhook;
	struct str said;
	const bool ok = notify_test_webhook(test, &said);

	return report(cli, url, ok, said);
}

static int
test_line(const struct cli *cli, const struct notify_test *test)
{
	const struct notify *const notify = &test->line->notify;
	bool ok = true;

	if (notify->n_email == 0 && notify->webhook.p == NULL) {
		cli_error(cli,
		    "the flow names nobody who is told of calls to %.*s; add "
		    "\"notify\" to the line: see mainline flow --help",
		    STR_ARG(test->number));
		return CLI_FAILED;
	}
	if (notify->n_email > 0)
		ok = test_mail(cli, test);
	if (notify->webhook.p != NULL)
		ok = test_webhook(cli, test) && ok;
	return ok ? CLI_OK : CLI_FAILED;
}

int
cmd_notify(struct cli *cli)
{
	struct notify_test test = { .arena = cli->arena };
	bool ok = true;

	if (cli_wants_help(cli))
		return cli_help(help);
	test.number = str_of(cli_option(cli, "--line", &ok));
	if (!ok || cli_has_unknown_option(cli))
		return CLI_USAGE;
	if (cli->argc != 1 || strcmp(cli->argv[0], "test") != 0 ||
	    !phone_is_e164(test.number)) {
		cli_error(cli,
		    "is used as: test --line NUMBER, a line of the flow like "
		    "+15550100001; see --help");
		return CLI_USAGE;
	}
	if ((test.conf = cli_conf(cli, database)) == NULL ||
	    (test.line = find_line(cli, test.conf, test.number)) == NULL)
		return CLI_FAILED;
	return test_line(cli, &test);
}
