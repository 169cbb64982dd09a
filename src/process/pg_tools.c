/* pg_tools: PostgreSQL's own programs, run for a command.  Floor: process. */
#include "pg_tools.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "cli.h"
#include "io/child.h"
#include "io/conf.h"
#include "io/files.h"
#include "io/pg.h"
#include "store/backup.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define VERSION_MAX_BYTES ((size_t)4 * 1024)
#define LIST_MAX_BYTES ((size_t)16 * 1024 * 1024)
#define MAJOR_MAX 1000
#define OWNER_ALONE 0600

/* How long pg_dump waits for a table that a migration has locked. */
#define LOCK_WAIT "--lock-wait-timeout=60000"

/* "pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)": 15, or 0. */
static int
major_of(struct str text)
{
	struct str rest = str_slice(text, str_find(text, ')') + 1, SIZE_MAX);
	size_t n = 0;
	int major = 0;

	rest = str_trim(rest);
	while (n < rest.n && rest.p[n] >= '0' && rest.p[n] <= '9')
		n++;
	return str_to_int(str_slice(rest, 0, n), MAJOR_MAX, &major) ? major : 0;
}

bool
pg_tools_check(struct cli *cli, const char *tool, int wanted, int *out)
{
	const char *const argv[] = { tool, "--version", NULL };
	const struct child child = { argv, cli->env };
	struct str text = STR_ABSENT;
	int status = 0;
	const enum err e =
	    child_read(cli->arena, &child, VERSION_MAX_BYTES, &text, &status);

	*out = e == ERR_OK && status == 0 ? major_of(text) : 0;
	if (*out >= wanted && *out > 0)
		return true;
	if (*out > 0)
		cli_error(cli,
		    "%s is of PostgreSQL %d, and %d is needed; install "
		    "postgresql-client-%d, and put its folder first in PATH "
		    "(Debian: /usr/lib/postgresql/%d/bin)",
		    tool, *out, wanted, wanted, wanted);
	else
		cli_error(cli,
		    "%s cannot be run (%s); install PostgreSQL's client "
		    "programs (Debian: postgresql-client)",
		    tool, e == ERR_NOT_FOUND ? "there is none" : "see above");
	return false;
}

/* The database, as an argument; its password goes into `*env`. */
static const char *
database(struct cli *cli, const struct conf *conf, char *const **env)
{
	struct str password;
	const struct str open =
	    pg_conninfo_open(cli->arena, conf->database_url, &password);

	*env = cli->env;
	if (password.p != NULL)
		*env =
		    child_env(cli->arena, cli->env, "PGPASSWORD", password.p);
	return str_format(cli->arena, "--dbname=%.*s", STR_ARG(open)).p;
}

static bool
run(struct cli *cli, const struct child *child)
{
	int status = 0;
	const enum err e = child_run(child, &status);

	if (e == ERR_OK && status == 0)
		return true;
	if (e != ERR_OK)
		cli_error(cli, "%s cannot be run: %s", child->argv[0],
		    e == ERR_NOT_FOUND ? "there is none" : strerror(errno));
	else
		cli_error(cli, "%s ended with %d (see above)", child->argv[0],
		    status);
	return false;
}

bool
pg_tools_dump(struct cli *cli, const struct conf *conf, const char *snapshot,
    const char *path)
{
	char *const *env;
	const char *const argv[] = { "pg_dump", "--no-password",
		"--format=custom", "--no-owner", "--no-privileges",
		"--no-unlogged-table-data",
		"--exclude-table=" BACKUP_ERASED_BEFORE, LOCK_WAIT,
		str_format(cli->arena, "--snapshot=%s", snapshot).p,
		str_format(cli->arena, "--file=%s", path).p,
		database(cli, conf, &env), NULL };
	const struct child child = { argv, env };

	return run(cli, &child);
}

static bool
holds(struct str line, const char *words)
{
	const size_t n = strlen(words);

	for (size_t i = 0; i + n <= line.n; i++) {
		if (memcmp(line.p + i, words, n) == 0)
			return true;
	}
	return false;
}

/*
 * What is there already, and what only its owner may do: the schema itself, and
 * the comment of an extension that a superuser has made.
 */
static struct str
list_without(struct cli *cli, struct str list)
{
	struct str rest = list;
	struct buf kept;

	buf_init(&kept, cli->arena, LIST_MAX_BYTES);
	while (rest.p != NULL && rest.n > 0) {
		const struct str line = str_split(&rest, '\n');

		if (holds(line, " COMMENT - EXTENSION ") ||
		    holds(line, " COMMENT - SCHEMA ") ||
		    holds(line, " SCHEMA - public "))
			continue;
		buf_add(&kept, line);
		buf_addc(&kept, '\n');
	}
	return buf_str(&kept);
}

bool
pg_tools_list(struct cli *cli, const char *path, const char *list)
{
	const char *const argv[] = { "pg_restore", "--list", path, NULL };
	const struct child child = { argv, cli->env };
	struct str text = STR_ABSENT;
	int status = 0;

	if (child_read(cli->arena, &child, LIST_MAX_BYTES, &text, &status) !=
		ERR_OK ||
	    status != 0) {
		cli_error(cli,
		    "pg_restore cannot read %s (see above); one of the version "
		    "that made it, or a newer one, can",
		    path);
		return false;
	}
	if (files_replace(cli->arena, list, list_without(cli, text),
		OWNER_ALONE) == ERR_OK)
		return true;
	cli_error(cli, "%s: %s", list, strerror(errno));
	return false;
}

bool
pg_tools_restore(struct cli *cli, const struct conf *conf, const char *path,
    const char *list)
{
	char *const *env;
	const char *const argv[] = { "pg_restore", "--no-password",
		"--no-owner", "--no-privileges", "--exit-on-error",
		"--single-transaction",
		str_format(cli->arena, "--use-list=%s", list).p,
		database(cli, conf, &env), path, NULL };
	const struct child child = { argv, env };

	return run(cli, &child);
}
