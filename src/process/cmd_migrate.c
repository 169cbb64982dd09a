/* cmd_migrate: mainline migrate.  Floor: process. */
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "cli.h"
#include "io/conf.h"
#include "io/pg.h"
#include "store/migrate.h"
#include "store/rebuild.h"

#include <stdint.h>
#include <stdio.h>

static const char help[] =
    "usage: mainline migrate [--rebuild-calls]\n"
    "\n"
    "Brings the database's schema up to this program's.  Nothing is undone and\n"
    "nothing is applied twice; several may run at once.\n"
    "\n"
    "  --rebuild-calls  then makes every call anew from its events, while calls come\n"
    "                   in; what people have set (heard, note, done) stays\n"
    "\n"
    "needs: DATABASE_URL\n";

static int
migrate(struct cli *cli, struct pg *pg)
{
	struct migrate_report report;
	const enum err e =
	    migrate_run(pg, cli->arena, migrations, n_migrations, &report);

	if (e != ERR_OK && report.error.n == 0)
		return cli_db_failed(cli, e);
	if (e != ERR_OK) {
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

static int
rebuild(struct cli *cli, struct pg *pg)
{
	int64_t n;
	const enum err e = rebuild_calls(pg, cli->arena, &n);

	if (e != ERR_OK) {
		cli_error(cli, "%lld calls were made anew before it failed",
		    (long long)n);
		return cli_db_failed(cli, e);
	}
	(void)printf(
	    "%lld calls were made anew from their events.\n", (long long)n);
	return CLI_OK;
}

int
cmd_migrate(struct cli *cli)
{
	static const char *const needed[] = { "DATABASE_URL", NULL };
	const bool and_rebuild = cli_flag(cli, "--rebuild-calls");
	const struct conf *conf;
	struct pg *pg;
	int status;

	if (cli_wants_help(cli))
		return cli_help(help);
	if (cli->argc > 0) {
		cli_error(cli, "there is no %s; see --help", cli->argv[0]);
		return CLI_USAGE;
	}
	if ((conf = cli_conf(cli, needed)) == NULL)
		return CLI_FAILED;
	pg = cli_pg(cli, conf);
	status = migrate(cli, pg);
	if (status == CLI_OK && and_rebuild)
		status = rebuild(cli, pg);
	pg_free(pg);
	return status;
}
