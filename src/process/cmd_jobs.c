/* cmd_jobs: mainline jobs.  Floor: process. */
#include "base/log.h"
#include "cli.h"
#include "io/conf.h"
#include "jobs_pool.h"

#include <unistd.h>

static const char help[] =
    "usage: mainline jobs\n"
    "\n"
    "Does the background work, in the foreground, beside `mainline serve`: keeps\n"
    "the published flows at hand on this host, tells people of messages and missed\n"
    "calls as the flow says.  Logs JSON lines to standard error.\n"
    "\n"
    "signals:\n"
    "  TERM, INT  end after what is being done; after 10 s at the latest\n"
    "  HUP        read the configuration again\n";

static const char *const needed[] = { "DATABASE_URL", NULL };

int
cmd_jobs(struct cli *cli)
{
	const struct conf *conf;
	struct log log;

	if (cli_wants_help(cli))
		return cli_help_with_keys(cli, help);
	if (cli->argc > 0) {
		cli_error(cli, "takes no arguments; see --help");
		return CLI_USAGE;
	}
	conf = cli_conf(cli, needed);
	if (conf == NULL)
		return CLI_FAILED;
	log = (struct log){
		.level = conf->log_level, .fd = STDERR_FILENO, .who = "jobs"
	};
	return jobs_pool_run(conf, cli->env, &log);
}
