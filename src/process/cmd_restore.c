/* cmd_restore: mainline restore.  Floor: process. */
#include "backup_set.h"
#include "base/err.h"
#include "base/str.h"
#include "cli.h"
#include "codec/date.h"
#include "io/child.h"
#include "io/conf.h"
#include "io/copying.h"
#include "io/pg.h"
#include "pg_tools.h"
#include "restoring.h"
#include "store/backup.h"
#include "store/migrate.h"
#include "terminal.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OWNER_ALONE 0700

static const char help[] =
    "usage: mainline restore [--force [--yes]] DIR | - < FILE.tar\n"
    "       mainline restore --check DIR | - < FILE.tar\n"
    "\n"
    "Fills the database that DATABASE_URL names, and the folder of audio under\n"
    "MAINLINE_DATA, from what mainline backup has written: first it looks whether\n"
    "every byte is as it was, then restores the rows in one transaction, brings the\n"
    "schema up to this program's, and writes the events that had waited in the spool.\n"
    "With \"-\" it reads a tar file, which finds room beside MAINLINE_DATA.\n"
    "\n"
    "The database must be empty: without calls and without a flow.  Users and tokens\n"
    "are those of the backup.\n"
    "\n"
    "  --check  only looks whether the backup is whole; needs no database\n"
    "  --force  empties the database before, after asking; whom that has erased since\n"
    "           the backup was made is erased again\n"
    "  --yes    does not ask\n"
    "\n"
    "mainline serve and mainline jobs are stopped better, or told afterwards (HUP);\n"
    "callers are answered meanwhile, and their calls are spooled.  Settings and\n"
    "secrets are in no backup.  Needs pg_restore, of the version that made the dump\n"
    "or a newer one, and a server that is as new as the one it is of.\n"
    "needs: DATABASE_URL, and MAINLINE_DATA as mainline serve has it\n";

struct wish {
	struct restoring r;
	bool is_tar;      /* on standard input */
	bool is_unpacked; /* into a folder of ours, which is to be removed */
	bool check, force, yes;
};

static bool
read_wish(struct cli *cli, struct wish *out)
{
	out->check = cli_flag(cli, "--check");
	out->force = cli_flag(cli, "--force");
	out->yes = cli_flag(cli, "--yes");
	out->r.cli = cli;
	if (cli_has_unknown_option(cli))
		return false;
	if (cli->argc != 1 || *cli->argv[0] == '\0') {
		cli_error(cli, "needs one folder; see --help");
		return false;
	}
	out->r.folder = cli->argv[0];
	out->is_tar = strcmp(out->r.folder, "-") == 0;
	return true;
}

static void
print_backup(const struct restoring *r)
{
	const int64_t *const figure = r->manifest.figure;
	const struct str begun =
	    date_rfc3339(r->cli->arena, r->manifest.begun_us);

	(void)printf("%s is whole: a backup of %.*s with %lld calls, %lld "
		     "events, %lld files, schema %lld.\n",
	    r->folder, STR_ARG(begun), (long long)figure[FIGURE_CALLS],
	    (long long)figure[FIGURE_EVENTS], (long long)figure[FIGURE_FILES],
	    (long long)figure[FIGURE_SCHEMA]);
	(void)fflush(stdout);
}

/* Can this program, and this server, take it? */
static bool
is_fit(struct restoring *r, const struct restore_target *target)
{
	const int64_t *const figure = r->manifest.figure;
	const int newest = migrations[n_migrations - 1].version;
	int tool = 0;

	if (figure[FIGURE_SCHEMA] > newest) {
		cli_error(r->cli,
		    "the backup is of schema %lld, made by mainline %.*s, and "
		    "this program knows %d; use the newer program",
		    (long long)figure[FIGURE_SCHEMA],
		    STR_ARG(r->manifest.program), newest);
		return false;
	}
	if (figure[FIGURE_POSTGRESQL] > target->server) {
		cli_error(r->cli,
		    "the backup is of PostgreSQL %lld and this server is %d; "
		    "restore into one that is as new",
		    (long long)figure[FIGURE_POSTGRESQL], target->server);
		return false;
	}
	return pg_tools_check(
	    r->cli, "pg_restore", (int)figure[FIGURE_PG_DUMP], &tool);
}

static bool
is_agreed(const struct wish *wish)
{
	if (wish->yes)
		return true;
	if (!terminal_is_there()) {
		cli_error(
		    wish->r.cli, "nobody can be asked; say --yes to lose it");
		return false;
	}
	if (terminal_agrees("Remove every call, flow, user and token that is "
			    "in the database now?  This cannot be undone."))
		return true;
	(void)printf("Nothing was changed.\n");
	return false;
}

/* Is there nothing to lose, or may it be lost? */
static bool
may_fill(const struct wish *wish, const struct restore_target *target)
{
	const struct cli *const cli = wish->r.cli;

	if (target->has_others) {
		cli_error(cli,
		    "the database holds tables that are not ours; restore into "
		    "one of its own (createdb), and set DATABASE_URL to it");
		return false;
	}
	if (!target->has_data)
		return true;
	if (wish->force)
		return is_agreed(wish);
	cli_error(cli,
	    "the database is not empty: there are calls, or a flow; restore "
	    "into a new one (createdb), or say --force to lose what is there");
	return false;
}

static void
report(const struct restoring *r)
{
	const struct str begun =
	    date_rfc3339(r->cli->arena, r->manifest.begun_us);

	(void)printf("Restored: the database of %.*s, %lld files of audio, "
		     "%lld events that had waited in the spool.\n",
	    STR_ARG(begun), (long long)r->audio_files, (long long)r->replayed);
	if (r->bad > 0)
		(void)printf("%lld events of the spool are damaged; they stay "
			     "in the backup.\n",
		    (long long)r->bad);
	if (r->erased > 0)
		(void)printf("Erased here meanwhile, and so erased again: "
			     "%lld calls.\n",
		    (long long)r->erased);
	(void)printf(
	    "Who was erased after %.*s elsewhere is back: erase them again "
	    "(mainline erase --number).\n"
	    "Calls since then: mainline reconcile --since %.*s asks Twilio "
	    "for them.\n"
	    "Settings and secrets are not in a backup: mainline config shows "
	    "those in force.\n",
	    STR_ARG(begun), STR_ARG(begun));
}

static int
restore(struct wish *wish)
{
	struct restore_target target;
	const enum err e =
	    restore_look(wish->r.pg, wish->r.cli->arena, &target);

	if (e != ERR_OK)
		return cli_db_failed(wish->r.cli, e);
	if (!is_fit(&wish->r, &target) || !may_fill(wish, &target) ||
	    !restoring_do(&wish->r))
		return CLI_FAILED;
	report(&wish->r);
	return CLI_OK;
}

/* Into a folder of its own, which becomes the backup's. */
static bool
unpack(struct wish *wish)
{
	struct cli *const cli = wish->r.cli;
	const char *const folder = str_format(
	    cli->arena, "%s/unpacked-%ld", wish->r.conf->data, (long)getpid())
				       .p;
	const char *const argv[] = { "tar", "--extract", "--file=-",
		"--no-same-owner", "--directory", folder, NULL };
	const struct child child = { argv, cli->env };
	int status = 0;

	if (mkdir(folder, OWNER_ALONE) != 0) {
		cli_error(cli, "%s: %s", folder, strerror(errno));
		return false;
	}
	wish->r.folder = folder;
	wish->is_unpacked = true;
	if (child_run(&child, &status) == ERR_OK && status == 0)
		return true;
	cli_error(cli, "what was sent is no whole tar file (see above)");
	return false;
}

static int
look_and_restore(struct wish *wish)
{
	int status;

	if ((wish->is_tar && !unpack(wish)) || !restoring_check(&wish->r))
		return CLI_FAILED;
	print_backup(&wish->r);
	if (wish->check)
		return CLI_OK;
	wish->r.pg = cli_pg(wish->r.cli, wish->r.conf);
	status = restore(wish);
	pg_free(wish->r.pg);
	return status;
}

int
cmd_restore(struct cli *cli)
{
	static const char *const needed[] = { "DATABASE_URL", NULL };
	static const char *const none[] = { NULL };
	struct wish wish = { 0 };
	int status;

	if (cli_wants_help(cli))
		return cli_help(help);
	if (!read_wish(cli, &wish))
		return CLI_USAGE;
	wish.r.conf = cli_conf(cli, wish.check ? none : needed);
	if (wish.r.conf == NULL)
		return CLI_FAILED;
	status = look_and_restore(&wish);
	if (wish.is_unpacked)
		copying_remove(cli->arena, wish.r.folder);
	return status;
}
