/* cmd_config: mainline config, mainline version.  Floor: process. */
#include "base/str.h"
#include "cli.h"
#include "codec/digest.h"
#include "io/conf.h"
#include "io/pg.h"

#include <stdio.h>

static const char help[] =
    "usage: mainline config\n"
    "\n"
    "Checks the configuration and prints it, secrets masked.\n"
    "\n"
    "A key's value is: its default, or from the INI file that MAINLINE_CONFIG\n"
    "names (lines of KEY = value), or from the environment, whichever comes last.\n";

int
cmd_config(struct cli *cli)
{
	static const char *const needed[] = { NULL };
	const struct conf *conf;

	if (cli_wants_help(cli))
		return cli_help_with_keys(cli, help);
	if (cli->argc > 0) {
		cli_error(cli, "takes no arguments; see --help");
		return CLI_USAGE;
	}
	conf = cli_conf(cli, needed);
	if (conf == NULL)
		return CLI_FAILED;
	return cli_help(str_cstr(cli->arena, conf_print(cli->arena, conf)));
}

int
cmd_version(struct cli *cli)
{
	if (cli_wants_help(cli))
		return cli_help("usage: mainline version\n");
	(void)printf("mainline %s (libpq %d.%d, %s)\n", MAINLINE_VERSION,
	    pg_library_version() / 10000, pg_library_version() % 10000,
	    digest_library_version());
	return CLI_OK;
}
