/* cmd_serve: mainline serve.  Floor: process. */
#include "cli.h"
#include "io/conf.h"
#include "process/supervisor.h"

#include <stdio.h>

static const char help[] =
    "usage: mainline serve\n"
    "\n"
    "Answers Twilio's webhooks and the JSON API: a supervisor in the foreground\n"
    "with two pools of workers behind MAINLINE_RUN/hook.sock and api.sock, where\n"
    "nginx finds them.  Logs JSON lines to standard error.\n"
    "\n"
    "signals:\n"
    "  TERM, INT  answer what waits, then end; after 5 s at the latest\n"
    "  HUP        read the configuration again: new workers, then the old ones go.\n"
    "             Files of secrets must be readable to MAINLINE_USER for that.\n";

int
cmd_serve(struct cli *cli)
{
	const struct conf *conf;

	if (cli_wants_help(cli))
		return cli_help_with_keys(cli, help);
	if (cli->argc > 0) {
		cli_error(cli, "takes no arguments; see --help");
		return CLI_USAGE;
	}
	conf = cli_conf(cli, conf_serve_keys);
	return conf == NULL ? CLI_FAILED : supervisor_run(conf, cli->env);
}
