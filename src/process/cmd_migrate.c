/* cmd_migrate: mainline migrate.  Floor: process. */
#include "cli.h"
#include "store/migrate.h"

#include <stdio.h>

static const char help[] =
    "usage: mainline migrate\n"
    "\n"
    "Brings the database's schema up to this program's.  Nothing is undone "
    "and\n"
    "nothing is applied twice; several may run at once.\n"
    "\n"
    "needs: DATABASE_URL\n";

int
cmd_migrate(struct cli *cli)
{
	static const char *const needed[] = { "DATABASE_URL", NULL };
	const struct conf *conf;
	struct migrate_report report;
	struct pg *pg;
	enum err e;

	if (cli_wants_help(cli))
		return cli_help(help);
	if (cli->argc > 0) {
		cli_error(cli, "takes no arguments; see --help");
		return CLI_USAGE;
	}
	if ((conf = cli_conf(cli, needed)) == NULL)
		return CLI_FAILED;
	pg = cli_pg(cli, conf);
	e = migrate_run(pg, cli->arena, migrations, n_migrations, &report);
	pg_free(pg);
	if (e != ERR_OK) {
		if (report.error.n == 0)
			return cli_db_failed(cli, e);
		cli_error(cli, "%.*s", STR_ARG(report.error));
		return CLI_FAILED;
	}
	if (report.from == report.to)
		(void)printf(
		    "The schema is at version %d already.\n", report.to);
	else
		(void)printf("The schema went from version %d to %d.\n",
		    report.from, report.to);
	return CLI_OK;
}
