/* cmd_export: mainline export, the calls as CSV.  Floor: process. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "cli.h"
#include "io/conf.h"
#include "io/pg.h"
#include "store/calls.h"
#include "store/export.h"
#include "store/statements.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define PIECE_BLOCK_BYTES ((size_t)64 * 1024)

static const char help[] =
    "usage: mainline export [--format csv] [--since TIME] [--until TIME]\n"
    "                       [--line NUMBER]\n"
    "\n"
    "Prints the calls as CSV, the newest first, as GET /api/calls.csv does, but\n"
    "without the byte order mark that is for spreadsheets.  Any number of calls\n"
    "takes the same memory.\n"
    "\n"
    "  --format  there is only csv\n"
    "  --since   only calls first seen then or later: 2026-11-22,\n"
    "            2026-11-22T09:00:00Z, or so long ago: 90m, 12h, 7d\n"
    "  --until   only calls first seen before\n"
    "  --line    only calls to this number of ours\n"
    "\n"
    "Exits with 1 when the database or the output fails in between: what was\n"
    "printed is then not all.\n"
    "\n"
    "needs: DATABASE_URL\n";

static const char *const needed[] = { "DATABASE_URL", NULL };

/* Reads the options; says what is wrong with them. */
static bool
read_options(struct cli *cli, struct call_query *out)
{
	bool ok = true;
	const char *const format = cli_option(cli, "--format", &ok);
	const char *const since = cli_option(cli, "--since", &ok);
	const char *const until = cli_option(cli, "--until", &ok);
	const char *const line = cli_option(cli, "--line", &ok);

	*out = (struct call_query){
		.filter = { .since_us = -1, .until_us = -1 },
	};
	out->filter.line = str_of(line);
	if (!ok || cli_has_unknown_option(cli))
		return false;
	if (cli->argc > 0) {
		cli_error(cli, "takes no %s; see --help", cli->argv[0]);
		return false;
	}
	if (format != NULL && strcmp(format, "csv") != 0) {
		cli_error(cli, "there is only --format csv");
		return false;
	}
	return cli_read_line(cli, line) &&
	    cli_read_time(cli, "--since", since, &out->filter.since_us) &&
	    cli_read_time(cli, "--until", until, &out->filter.until_us);
}

/* ERR_UPSTREAM: the output takes no more. */
static enum err
print(struct buf *piece)
{
	const struct str text = buf_str(piece);

	if (fwrite(text.p, 1, text.n, stdout) != text.n || fflush(stdout) != 0)
		return ERR_UPSTREAM;
	return ERR_OK;
}

static enum err
print_all(struct export *x, struct arena *arena)
{
	struct buf piece;
	enum err e;

	buf_init(&piece, arena, EXPORT_PIECE_MAX_BYTES);
	export_head(&piece);
	e = print(&piece);
	while (e == ERR_OK && !export_is_over(x)) {
		arena_reset(arena);
		buf_init(&piece, arena, EXPORT_PIECE_MAX_BYTES);
		if ((e = export_next(x, &piece)) == ERR_OK)
			e = print(&piece);
	}
	return e;
}

static enum err
run(struct pg *pg, const struct call_query *query)
{
	struct arena *const arena = arena_new(PIECE_BLOCK_BYTES);
	struct export x;
	enum err e = export_begin(&x, pg, query, STMT_COMMAND_MS);

	if (e == ERR_OK) {
		e = print_all(&x, arena);
		export_end(&x);
	}
	arena_free(arena);
	return e;
}

int
cmd_export(struct cli *cli)
{
	struct call_query query;
	const struct conf *conf;
	struct pg *pg;
	enum err e;

	if (cli_wants_help(cli))
		return cli_help(help);
	if (!read_options(cli, &query))
		return CLI_USAGE;
	if ((conf = cli_conf(cli, needed)) == NULL)
		return CLI_FAILED;
	pg = cli_pg(cli, conf);
	e = run(pg, &query);
	pg_free(pg);
	if (e == ERR_OK)
		return CLI_OK;
	if (e != ERR_UPSTREAM)
		return cli_db_failed(cli, e);
	cli_error(cli, "cannot write: %s", strerror(errno));
	return CLI_FAILED;
}
