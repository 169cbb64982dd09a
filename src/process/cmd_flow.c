/* cmd_flow: mainline flow check|publish|show|list.  Floor: process. */
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "cli.h"
#include "codec/date.h"
#include "flow/flow.h"
#include "flow/flow_set.h"
#include "io/conf.h"
#include "io/files.h"
#include "io/pg.h"
#include "store/flows.h"
#include "twilio/state.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "usage: mainline flow check FILE\n"
    "       mainline flow publish FILE [--by NAME]\n"
    "       mainline flow show [VERSION]\n"
    "       mainline flow list\n"
    "\n"
    "The flow is a JSON document: what callers hear and where their calls go.\n"
    "\n"
    "  check    says what is wrong with a document, each with its mend\n"
    "  publish  checks it and makes it the next version; new calls begin with it\n"
    "           30 s later (the first of all at once), others end as they began\n"
    "  show     prints a version, the last one when none is named; when nothing is\n"
    "           published, the flow of MAINLINE_LINE and MAINLINE_FORWARD_TO\n"
    "  list     prints all versions\n"
    "\n"
    "FILE may be - for standard input.\n"
    "needs: DATABASE_URL, except for check; publish writes MAINLINE_DATA too\n"
    "\n"
    "The document is an object with these members ([] are ranges, () defaults):\n"
    "\n"
    "  lines   our numbers in E.164, and \"*\" for every other:\n"
    "            { \"name\": for people, \"entry\": STEP, \"notify\": NOTIFY,\n"
    "              \"anonymous\": answer, or reject who withholds the number\n"
    "              (answer) }\n"
    "  phones  who can be rung, each under a name of your choice:\n"
    "            { \"name\": for people, \"number\": E.164 }\n"
    "  voice   who speaks: { \"name\": \"Polly.Joanna-Neural\", \"language\": "
    "\"en-US\" }\n"
    "  steps   what happens, each under a name of your choice, one of:\n"
    "\n"
    "  menu       say        what is asked\n"
    "             keys       { \"1\": STEP, ... }, of 0 to 9, * and #\n"
    "             timeout_s  to wait for a key [1 to 60] (6)\n"
    "             tries      how often it is asked [1 to 10] (3)\n"
    "             otherwise  STEP after the last try\n"
    "  forward    to         PHONES, up to 10\n"
    "             in_turn    ring one after the other, not all at once (false)\n"
    "             ring_s     how long each rings [5 to 600] (25)\n"
    "             max_s      longest conversation [60 to 14400] (14400)\n"
    "             caller_id  what the phone shows: caller, or line (caller)\n"
    "             accept     { \"say\": what the colleague hears before pressing\n"
    "                        any key }; false connects whatever picks up, a\n"
    "                        voicemail too\n"
    "             otherwise  STEP when nobody took the call\n"
    "  voicemail  say        what is heard before the tone\n"
    "             thanks     what is heard after the message (nothing)\n"
    "             max_s      longest message [5 to 3600] (180)\n"
    "             min_s      what is shorter is no message [0 to 60] (2)\n"
    "             silence_s  of silence that end it, 0: none do [0 to 60] (5)\n"
    "             transcribe by Twilio, English under 120 s only (false)\n"
    "\n"
    "A line's notify, who is told of its calls when they are over:\n"
    "\n"
    "  email      addresses, up to 20, by MAINLINE_SMTP_URL (nobody)\n"
    "  webhook    URL that is sent JSON, signed with MAINLINE_WEBHOOK_SECRET;\n"
    "             https, or http to this machine (none)\n"
    "  voicemail  tell of messages (true)\n"
    "  missed     tell of missed calls (true)\n"
    "\n"
    "In every \"say\" and \"thanks\", {line} is the line's name and {caller} who "
    "calls.\n";

static const char *const database[] = { "DATABASE_URL", NULL };

static enum err
read_document(const struct cli *cli, const char *path, struct str *out)
{
	const enum err e = strcmp(path, "-") == 0
	    ? files_read_fd(cli->arena, STDIN_FILENO, FLOW_MAX_BYTES, out)
	    : files_read(cli->arena, path, FLOW_MAX_BYTES, out);

	if (e == ERR_LIMIT)
		cli_error(cli, "%s has over %zu bytes", path, FLOW_MAX_BYTES);
	else if (e != ERR_OK)
		cli_error(cli, "cannot read %s: %s", path, strerror(errno));
	return e;
}

static const char *
plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* Prints each error as FILE: PATH: TEXT; NULL if there are any. */
static const struct flow *
check_document(const struct cli *cli, const char *path, struct str document)
{
	struct flow_errors errors;
	const struct flow *flow;

	if (flow_parse(cli->arena, document, 0, &errors, &flow) == ERR_OK) {
		(void)printf("%s is a flow: %zu line%s, %zu step%s, "
			     "%zu phone%s.\n",
		    path, flow->n_lines, plural(flow->n_lines), flow->n_steps,
		    plural(flow->n_steps), flow->n_phones,
		    plural(flow->n_phones));
		return flow;
	}
	for (size_t i = 0; i < errors.n; i++) {
		const struct flow_error *const error = &errors.list[i];

		(void)fprintf(stderr, "%s: %.*s%s%.*s\n", path,
		    STR_ARG(error->path), error->path.n == 0 ? "" : ": ",
		    STR_ARG(error->text));
	}
	return NULL;
}

static int
flow_check_file(struct cli *cli)
{
	struct str document;

	if (cli->argc != 1) {
		cli_error(cli, "check takes one file; see --help");
		return CLI_USAGE;
	}
	if (read_document(cli, cli->argv[0], &document) != ERR_OK ||
	    check_document(cli, cli->argv[0], document) == NULL)
		return CLI_FAILED;
	return CLI_OK;
}

static int
store(struct cli *cli, const struct conf *conf, struct pg *pg, const char *by,
    struct str document)
{
	const char *const snapshot =
	    flows_snapshot_path(cli->arena, conf->data);
	struct flows_published published;
	enum err e;

	e = flows_publish(pg, cli->arena, document, str_of(by), &published);
	if (e != ERR_OK)
		return cli_db_failed(cli, e);
	if (!published.fresh)
		(void)printf("It is version %d already.\n", published.version);
	else
		(void)printf("Published as version %d; new calls begin with it "
			     "%s.\n",
		    published.version, published.first ? "at once" : "in 30 s");
	if (files_make_folder(cli->arena, conf->data) != ERR_OK ||
	    flows_snapshot_write(pg, cli->arena, snapshot) != ERR_OK) {
		cli_error(cli,
		    "version %d is in the database, but %s cannot be written "
		    "(%s); the workers will not see it until it can: mend that "
		    "and publish the same file again",
		    published.version, snapshot, strerror(errno));
		return CLI_FAILED;
	}
	return CLI_OK;
}

/* The company's number would be answered as any other, or not at all. */
static void
warn_of_line(const struct cli *cli, const struct flow *flow, struct str line)
{
	for (size_t i = 0; i < flow->n_lines; i++) {
		if (str_is_empty(line) || str_eq(flow->lines[i].number, line))
			return;
	}
	cli_error(cli,
	    "warning: MAINLINE_LINE %.*s is not among its lines; calls to it "
	    "%s",
	    STR_ARG(line),
	    flow_line(flow, line) == NULL ? "can only leave a message"
					  : "are answered as those of \"*\"");
}

/*
 * `mainline jobs` may run elsewhere and have it: said, and published all the
 * same.
 */
static void
warn_of_missing(const struct cli *cli, const char *what, const char *key)
{
	cli_error(cli,
	    "warning: it names %s, but %s is not set here; unless it is where "
	    "mainline jobs runs, nobody is told in this way",
	    what, key);
}

static void
warn_of_notices(
    const struct cli *cli, const struct flow *flow, const struct conf *conf)
{
	bool by_mail = false;
	bool by_webhook = false;

	for (size_t i = 0; i < flow->n_lines; i++) {
		by_mail |= flow->lines[i].notify.n_email > 0;
		by_webhook |= flow->lines[i].notify.webhook.p != NULL;
	}
	if (by_mail && conf->smtp_url == NULL)
		warn_of_missing(cli, "mail addresses", "MAINLINE_SMTP_URL");
	else if (by_mail && conf->smtp_from == NULL)
		warn_of_missing(cli, "mail addresses", "MAINLINE_SMTP_FROM");
	if (by_webhook && conf->webhook_secret == NULL)
		warn_of_missing(cli, "a webhook", "MAINLINE_WEBHOOK_SECRET");
}

static int
flow_publish_file(struct cli *cli)
{
	bool ok = true;
	const char *const by = cli_option(cli, "--by", &ok);
	const char *path;
	const struct conf *conf;
	const struct flow *flow;
	struct str document;
	struct pg *pg;
	int status;

	if (!ok || cli_has_unknown_option(cli))
		return CLI_USAGE;
	if (cli->argc != 1) {
		cli_error(cli, "publish takes one file; see --help");
		return CLI_USAGE;
	}
	path = cli->argv[0];
	if (read_document(cli, path, &document) != ERR_OK ||
	    (flow = check_document(cli, path, document)) == NULL ||
	    (conf = cli_conf(cli, database)) == NULL)
		return CLI_FAILED;
	warn_of_line(cli, flow, str_of(conf->line));
	pg = cli_pg(cli, conf);
	status =
	    store(cli, conf, pg, by == NULL ? "mainline flow" : by, document);
	pg_free(pg);
	if (status == CLI_OK)
		warn_of_notices(cli, flow, conf);
	return status;
}

static int
flow_show(struct cli *cli)
{
	const struct conf *conf;
	struct flow_version version;
	struct pg *pg;
	int wanted = 0;
	enum err e;

	if (cli->argc > 1) {
		cli_error(cli, "show takes one version at most; see --help");
		return CLI_USAGE;
	}
	if (cli->argc > 0 &&
	    (!str_to_int(str_of(cli->argv[0]), STATE_VERSION_MAX, &wanted) ||
		wanted < 1)) {
		cli_error(cli, "%s is no version; see mainline flow list",
		    cli->argv[0]);
		return CLI_USAGE;
	}
	if ((conf = cli_conf(cli, database)) == NULL)
		return CLI_FAILED;
	pg = cli_pg(cli, conf);
	e = flows_get(pg, cli->arena, wanted, &version);
	pg_free(pg);
	if (e == ERR_NOT_FOUND && wanted == 0) {
		version.document = flow_builtin_json(
		    cli->arena, str_of(conf->line), str_of(conf->forward_to));
	} else if (e == ERR_NOT_FOUND) {
		cli_error(cli, "there is no version %d; see mainline flow list",
		    wanted);
		return CLI_FAILED;
	} else if (e != ERR_OK) {
		return cli_db_failed(cli, e);
	}
	(void)fwrite(version.document.p, 1, version.document.n, stdout);
	return CLI_OK;
}

static int
flow_list(struct cli *cli)
{
	const struct conf *conf;
	struct flows_row *rows;
	struct pg *pg;
	size_t n;
	enum err e;

	if (cli->argc > 0) {
		cli_error(cli, "list takes nothing more; see --help");
		return CLI_USAGE;
	}
	if ((conf = cli_conf(cli, database)) == NULL)
		return CLI_FAILED;
	pg = cli_pg(cli, conf);
	e = flows_list(pg, cli->arena, &rows, &n);
	pg_free(pg);
	if (e != ERR_OK)
		return cli_db_failed(cli, e);
	(void)printf("VERSION  PUBLISHED                  BYTES  BY\n");
	for (size_t i = 0; i < n; i++) {
		const struct str at =
		    date_rfc3339(cli->arena, rows[i].published_us);

		(void)printf("%7d  %.*s  %6lld  %.*s\n", rows[i].version,
		    STR_ARG(at), (long long)rows[i].bytes,
		    STR_ARG(rows[i].published_by));
	}
	if (n == 0)
		(void)fprintf(stderr,
		    "Nothing is published; the flow of MAINLINE_LINE and "
		    "MAINLINE_FORWARD_TO is in use.\n");
	return CLI_OK;
}

static const struct cli_action actions[] = {
	{ "check", flow_check_file },
	{ "publish", flow_publish_file },
	{ "show", flow_show },
	{ "list", flow_list },
};

int
cmd_flow(struct cli *cli)
{
	if (cli_wants_help(cli))
		return cli_help(help);
	return cli_act(cli, actions, ARRAY_LEN(actions));
}
