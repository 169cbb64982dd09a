/* cmd_backup: mainline backup.  Floor: process. */
#include "backing_up.h"
#include "backup_set.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "cli.h"
#include "codec/date.h"
#include "io/child.h"
#include "io/conf.h"
#include "io/copying.h"
#include "io/files.h"
#include "io/pg.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WAIT_S 30
#define WAIT_MAX_S 3600
#define PARTIAL ".partial"

static const char help[] =
    "usage: mainline backup [--wait SECONDS] [--allow-missing] DIR\n"
    "       mainline backup [--wait SECONDS] [--allow-missing] - > FILE.tar\n"
    "\n"
    "Writes the database, what waits in this host's spool, and the audio of this\n"
    "host's folder into a new folder, while calls come in: every call that was\n"
    "acknowledged before it began is in it.  DIR appears when all of it is there and\n"
    "durable, and until then is DIR.partial; with \"-\" it goes out as a tar file,\n"
    "and only audio and database find room beside MAINLINE_DATA for as long.\n"
    "\n"
    "  --wait           how long to wait for audio that is on its way from Twilio (30)\n"
    "  --allow-missing  0 though audio is missing in this host's folder, which else is\n"
    "                   said and ends with 1; the backup is kept either way\n"
    "\n"
    "Not in it: audio in a bucket (MAINLINE_S3_URL), which stays there; another\n"
    "host's folder and spool; settings, secrets, certificates and logs.  Who was\n"
    "erased after it began is in it still.  It holds what callers said and who they\n"
    "are: keep it as closed as the database.\n"
    "\n"
    "Needs pg_dump, of the server's version or a newer one, and a connection to\n"
    "PostgreSQL itself: not through a pooler that shares connections.\n"
    "needs: DATABASE_URL, and MAINLINE_DATA as mainline serve has it\n";

struct order {
	struct backing_up b;
	const char *target; /* DIR, or NULL: standard output */
	bool allow_missing;
};

static bool
read_order(struct cli *cli, struct order *out)
{
	bool ok = true;
	const struct str wait = str_of(cli_option(cli, "--wait", &ok));

	out->allow_missing = cli_flag(cli, "--allow-missing");
	out->b.cli = cli;
	out->b.wait_s = WAIT_S;
	if (!ok || cli_has_unknown_option(cli))
		return false;
	if (wait.p != NULL && !str_to_int(wait, WAIT_MAX_S, &out->b.wait_s)) {
		cli_error(cli, "--wait needs a number up to %d", WAIT_MAX_S);
		return false;
	}
	if (cli->argc != 1 || *cli->argv[0] == '\0') {
		cli_error(cli, "needs one folder, or -; see --help");
		return false;
	}
	if (strcmp(cli->argv[0], "-") != 0)
		out->target = cli->argv[0];
	return true;
}

/* "a/b/" is "a/b": what is made beside it must not lie in it. */
static const char *
without_slashes(struct arena *arena, const char *path)
{
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		n--;
	return arena_copy(arena, path, n);
}

static const char *
parent_of(struct arena *arena, const char *path)
{
	const char *const slash = strrchr(path, '/');

	if (slash == NULL)
		return ".";
	return arena_copy(
	    arena, path, slash == path ? 1 : (size_t)(slash - path));
}

static bool
is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

/* Where it is written until it is whole. */
static bool
choose_folder(struct order *o)
{
	struct cli *const cli = o->b.cli;
	struct arena *const arena = cli->arena;

	if (o->target == NULL) {
		if (isatty(STDOUT_FILENO) == 1) {
			cli_error(cli,
			    "will not write a tar file to a "
			    "terminal; say > FILE.tar");
			return false;
		}
		o->b.folder = str_format(arena, "%s/backup-%ld" PARTIAL,
		    o->b.conf->data, (long)getpid())
				  .p;
		return true;
	}
	o->target = without_slashes(arena, o->target);
	o->b.folder = str_format(arena, "%s" PARTIAL, o->target).p;
	if (is_there(o->target)) {
		cli_error(cli,
		    "%s is there already; a backup is a new folder, say "
		    "%s/mainline-1",
		    o->target, o->target);
		return false;
	}
	if (is_there(o->b.folder)) {
		cli_error(cli,
		    "%s is being written, or was left by one that was killed: "
		    "remove it then",
		    o->b.folder);
		return false;
	}
	return true;
}

/* Its name, durably: from now on it is there. */
static bool
put_in_place(const struct order *o)
{
	struct arena *const arena = o->b.cli->arena;

	if (rename(o->b.folder, o->target) == 0 &&
	    files_sync_folder(parent_of(arena, o->target)) == ERR_OK)
		return true;
	cli_error(o->b.cli, "%s: %s", o->target, strerror(errno));
	return false;
}

static bool
send_out(const struct order *o)
{
	const char *const argv[] = { "tar", "--create", "--file=-", "--owner=0",
		"--group=0", "--directory", o->b.folder, ".", NULL };
	const struct child child = { argv, o->b.cli->env };
	int status = 0;
	const enum err e = child_run(&child, &status);

	copying_remove(o->b.cli->arena, o->b.folder);
	if (e == ERR_OK && status == 0)
		return true;
	cli_error(o->b.cli, "tar did not write all of it");
	return false;
}

/* Beside a tar file nothing goes to standard output. */
static void
report(const struct order *o)
{
	const struct backup_manifest *const m = &o->b.manifest;
	const int64_t *const figure = m->figure;
	const struct str begun = date_rfc3339(o->b.cli->arena, m->begun_us);
	FILE *const out = o->target == NULL ? stderr : stdout;

	(void)fprintf(out,
	    "Backup of %.*s: %lld calls, %lld events, %lld files of audio, "
	    "%lld of the spool; %lld bytes.\n",
	    STR_ARG(begun), (long long)figure[FIGURE_CALLS],
	    (long long)figure[FIGURE_EVENTS], (long long)o->b.audio_files,
	    (long long)o->b.spool_files, (long long)figure[FIGURE_BYTES]);
	if (figure[FIGURE_IN_BUCKET] > 0)
		(void)fprintf(out,
		    "The audio of %lld recordings lies in the bucket, and "
		    "stays there.\n",
		    (long long)figure[FIGURE_IN_BUCKET]);
	if (o->b.unarchived > 0)
		(void)fprintf(out,
		    "The audio of %lld recordings was not here yet: when it is "
		    "restored, mainline jobs brings it from Twilio.\n",
		    (long long)o->b.unarchived);
	(void)fprintf(out,
	    "Not in it: settings, secrets, certificates, "
	    "logs; keep those elsewhere.\n");
}

static int
backup(struct order *o)
{
	const int64_t *const missing = &o->b.manifest.figure[FIGURE_MISSING];

	if (!choose_folder(o) || !backing_up_do(&o->b))
		return CLI_FAILED;
	if (!(o->target == NULL ? send_out(o) : put_in_place(o)))
		return CLI_FAILED;
	report(o);
	if (*missing == 0)
		return CLI_OK;
	cli_error(o->b.cli,
	    "%lld files of audio that should be in it are not, or are not "
	    "whole; the rest is",
	    (long long)*missing);
	return o->allow_missing ? CLI_OK : CLI_FAILED;
}

int
cmd_backup(struct cli *cli)
{
	static const char *const needed[] = { "DATABASE_URL", NULL };
	struct order order = { .target = NULL };
	int status;

	if (cli_wants_help(cli))
		return cli_help(help);
	if (!read_order(cli, &order))
		return CLI_USAGE;
	if ((order.b.conf = cli_conf(cli, needed)) == NULL)
		return CLI_FAILED;
	order.b.pg = cli_pg(cli, order.b.conf);
	status = backup(&order);
	pg_free(order.b.pg);
	return status;
}
