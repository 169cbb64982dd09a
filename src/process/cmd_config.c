/* cmd_config: mainline config, mainline version.  Floor: process. */
#include "cli.h"

#include <libpq-fe.h>
#include <openssl/crypto.h>
#include <stdio.h>

static const char help[] =
    "usage: mainline config\n"
    "\n"
    "Checks the configuration and prints it, secrets masked.\n"
    "\n"
    "A key's value is: its default, or from the INI file that MAINLINE_CONFIG\n"
    "names (lines of KEY = value), or from the environment, whichever comes "
    "last.\n"
    "\n"
    "keys (environment, or an INI file that MAINLINE_CONFIG names; those with "
    "*\n"
    "also from the file that KEY_FILE names):\n";

int
cmd_config(struct cli *cli)
{
	static const char *const needed[] = { NULL };
	const struct conf *conf;

	if (cli_wants_help(cli)) {
		(void)fputs(help, stdout);
		return cli_help(str_cstr(cli->arena, conf_help(cli->arena)));
	}
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
	const int pq = PQlibVersion();

	if (cli_wants_help(cli))
		return cli_help("usage: mainline version\n");
	(void)printf("mainline %s (libpq %d.%d, %s)\n", MAINLINE_VERSION,
	    pq / 10000, pq % 10000, OpenSSL_version(OPENSSL_VERSION));
	return CLI_OK;
}
