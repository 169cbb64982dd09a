/* cmd_jobs: mainline jobs, and jobs list|retry.  Floor: process. */
#include "base/compiler.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "cli.h"
#include "codec/date.h"
#include "io/conf.h"
#include "io/pg.h"
#include "jobs/loop.h"
#include "jobs_pool.h"
#include "store/jobs.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LIMIT 100
#define LIMIT_MAX 100000

static const char help[] =
    "usage: mainline jobs\n"
    "       mainline jobs list [--state due|done|dead] [--kind KIND] [--limit N]\n"
    "       mainline jobs retry KIND CALL_SID [CHANNEL]\n"
    "       mainline jobs retry --dead [--kind KIND]\n"
    "\n"
    "Does the background work, in the foreground, beside `mainline serve`: keeps\n"
    "the published flows at hand on this host, keeps the audio of recordings, asks\n"
    "Twilio for calls and recordings that nobody told us of, tells people of messages\n"
    "and missed calls as the flow says, and removes what is to be kept no longer.\n"
    "Logs JSON lines to standard error.\n"
    "\n"
    "  list   prints what is to be done and what was given up, the longest due\n"
    "         first, 100 at most; --state done shows what is over\n"
    "  retry  has what waits or was given up begin anew, at once; with --dead all\n"
    "         that was given up\n"
    "\n"
    "What REMARK says of a job that waits or is dead is why it failed; of one that\n"
    "is done, why there was nothing to do.\n"
    "\n"
    "  KIND       what is done                         CHANNEL: of what, or how\n"
    "  archive    a recording's audio is fetched       the recording's SID\n"
    "             from Twilio and kept\n"
    "  doctor     everything is looked at, as `mainline doctor` does, every 15\n"
    "             minutes                              none\n"
    "  erase      the rest of an erasure: audio, and   none: the call; or the SID of\n"
    "             the copies at Twilio                 a leg or a recording\n"
    "  notify     somebody is told of a message or a   email, webhook\n"
    "             missed call\n"
    "  reconcile  Twilio is asked about one call       call, recording\n"
    "             whose end nobody told us\n"
    "  retention  what MAINLINE_KEEP_*_DAYS keep no    none\n"
    "             longer is removed\n"
    "  settle     missed callers who were answered     none\n"
    "             later are noted, every 10 minutes\n"
    "  snapshot   the published flows are written      the host's name\n"
    "             to this host's disk\n"
    "  sweep      looks for calls that need a          open: in the database, every\n"
    "             reconcile                            30 s; at Twilio hour, every 5\n"
    "                                                  minutes over the last hour, and\n"
    "                                                  day, daily over two days\n"
    "\n"
    "signals:\n"
    "  TERM, INT  end after what is being done; after 10 s at the latest\n"
    "  HUP        read the configuration again\n";

static const char *const needed[] = { "DATABASE_URL", NULL };

/* Absent: any.  What no program does is said, with what there is. */
static bool
is_kind(const struct cli *cli, struct str kind)
{
	const struct str kinds = jobs_kinds(cli->arena);

	if (kind.p == NULL || jobs_is_kind(kind))
		return true;
	cli_error(cli, "there is no kind %.*s; there are %.*s; see --help",
	    STR_ARG(kind), STR_ARG(kinds));
	return false;
}

/* Reads the options of list; says what is wrong with them. */
static bool
read_filter(struct cli *cli, struct jobs_filter *out)
{
	bool ok = true;
	const char *const state = cli_option(cli, "--state", &ok);
	const char *const kind = cli_option(cli, "--kind", &ok);
	const char *const limit = cli_option(cli, "--limit", &ok);

	*out = (struct jobs_filter){ str_of(state), str_of(kind), LIMIT };
	if (!ok || cli_has_unknown_option(cli))
		return false;
	if (cli->argc > 0) {
		cli_error(cli, "list takes no %s; see --help", cli->argv[0]);
		return false;
	}
	if (state != NULL && !jobs_is_state(out->state)) {
		cli_error(cli, "--state is due, done or dead, not %s", state);
		return false;
	}
	if (limit != NULL &&
	    (!str_to_int(str_of(limit), LIMIT_MAX, &out->limit) ||
		out->limit == 0)) {
		cli_error(cli, "--limit is a number from 1 to %d, not %s",
		    LIMIT_MAX, limit);
		return false;
	}
	return is_kind(cli, out->kind);
}

static struct str
or_dash(struct str s)
{
	return str_is_empty(s) ? STR("-") : s;
}

static void
print_row(struct cli *cli, const struct jobs_row *row)
{
	const int64_t at_us =
	    str_eq(row->state, STR("due")) ? row->due_us : row->finished_us;
	const struct str at =
	    date_rfc3339(cli->arena, at_us < 0 ? row->due_us : at_us);
	const struct str sid = or_dash(row->key.call_sid);
	const struct str channel = or_dash(row->key.channel);
	const struct str state = row->is_leased ? STR("now") : row->state;

	(void)printf("%-5.*s  %.19s  %5d  %-10.*s  %-34.*s  %-34.*s  %.*s\n",
	    STR_ARG(state), at.p, row->attempts, STR_ARG(row->key.kind),
	    STR_ARG(sid), STR_ARG(channel), STR_ARG(row->remark));
}

/* One more than asked for tells that there are more. */
static int
list(struct cli *cli)
{
	struct jobs_filter filter;
	const struct conf *conf;
	struct jobs_row *rows;
	struct pg *pg;
	size_t most;
	size_t n;
	enum err e;

	if (!read_filter(cli, &filter))
		return CLI_USAGE;
	if ((conf = cli_conf(cli, needed)) == NULL)
		return CLI_FAILED;
	most = (size_t)filter.limit++;
	pg = cli_pg(cli, conf);
	e = jobs_list(pg, cli->arena, &filter, &rows, &n);
	pg_free(pg);
	if (e != ERR_OK)
		return cli_db_failed(cli, e);
	(void)printf("%-5s  %-19s  TRIES  %-10s  %-34s  %-34s  REMARK\n",
	    "STATE", "DUE OR OVER (UTC)", "KIND", "CALL", "CHANNEL");
	for (size_t i = 0; i < n && i < most; i++)
		print_row(cli, &rows[i]);
	if (n > most)
		(void)fprintf(
		    stderr, "There are more; see --kind, --state, --limit.\n");
	return CLI_OK;
}

/* What retry is to act on. */
struct wish {
	struct job_key key;
	bool dead;
};

static bool
read_wish(struct cli *cli, struct wish *out)
{
	bool ok = true;
	const char *const kind = cli_option(cli, "--kind", &ok);
	const bool dead = cli_flag(cli, "--dead");
	const int argc = cli->argc;
	char **const argv = cli->argv;

	if (!ok || cli_has_unknown_option(cli))
		return false;
	if (dead ? argc > 0 : (argc < 2 || argc > 3 || kind != NULL)) {
		cli_error(cli,
		    "retry takes KIND CALL_SID [CHANNEL], or --dead [--kind "
		    "KIND]; see --help");
		return false;
	}
	*out = (struct wish){ .dead = dead, .key.kind = str_of(kind) };
	if (!dead)
		out->key = (struct job_key){
			.kind = str_of(argv[0]),
			.call_sid = str_of(argv[1]),
			.channel = str_of(argc > 2 ? argv[2] : NULL),
		};
	return is_kind(cli, out->key.kind);
}

static int
retry(struct cli *cli)
{
	const struct conf *conf;
	struct wish wish;
	struct pg *pg;
	size_t n = 0;
	enum err e;

	if (!read_wish(cli, &wish))
		return CLI_USAGE;
	if ((conf = cli_conf(cli, needed)) == NULL)
		return CLI_FAILED;
	pg = cli_pg(cli, conf);
	e = jobs_retry(pg, cli->arena, &wish.key, wish.dead, &n);
	pg_free(pg);
	if (e != ERR_OK)
		return cli_db_failed(cli, e);
	if (n == 0 && !wish.dead) {
		cli_error(cli,
		    "no such job waits or was given up; see mainline jobs "
		    "list");
		return CLI_FAILED;
	}
	(void)printf("%zu job%s due now.\n", n, n == 1 ? " is" : "s are");
	return CLI_OK;
}

static int
work(struct cli *cli)
{
	const struct conf *const conf = cli_conf(cli, needed);
	struct log log;

	if (conf == NULL)
		return CLI_FAILED;
	log = (struct log){
		.level = conf->log_level, .fd = STDERR_FILENO, .who = "jobs"
	};
	return jobs_pool_run(conf, cli->env, &log);
}

static const struct cli_action actions[] = {
	{ "list", list },
	{ "retry", retry },
};

int
cmd_jobs(struct cli *cli)
{
	if (cli_wants_help(cli))
		return cli_help_with_keys(cli, help);
	if (cli->argc == 0)
		return work(cli);
	return cli_act(cli, actions, ARRAY_LEN(actions));
}
