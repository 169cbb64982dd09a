/* cli: what the subcommands have in common.  Floor: process. */
#include "cli.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/conf.h"
#include "io/pg.h"
#include "store/statements.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

void
cli_error(const struct cli *cli, const char *fmt, ...)
{
	va_list args;

	(void)fprintf(stderr, "mainline %s: ", cli->command);
	va_start(args, fmt);
	(void)vfprintf(stderr, fmt, args);
	va_end(args);
	(void)fputc('\n', stderr);
}

int
cli_help(const char *text)
{
	(void)fputs(text, stdout);
	return CLI_OK;
}

int
cli_help_with_keys(const struct cli *cli, const char *text)
{
	const struct str keys = conf_help(cli->arena);

	(void)printf("%s\nkeys, of the environment or of an INI file that "
		     "MAINLINE_CONFIG names; those with *\nalso of the file "
		     "that KEY_FILE names:\n%.*s",
	    text, STR_ARG(keys));
	return CLI_OK;
}

bool
cli_wants_help(const struct cli *cli)
{
	for (int i = 0; i < cli->argc; i++) {
		if (strcmp(cli->argv[i], "--help") == 0 ||
		    strcmp(cli->argv[i], "-h") == 0)
			return true;
	}
	return cli->argc > 0 && strcmp(cli->argv[0], "help") == 0;
}

static void
drop(struct cli *cli, int at, int n)
{
	for (int i = at; i + n < cli->argc; i++)
		cli->argv[i] = cli->argv[i + n];
	cli->argc -= n;
}

const char *
cli_option(struct cli *cli, const char *name, bool *ok)
{
	const size_t n = strlen(name);

	for (int i = 0; i < cli->argc; i++) {
		const char *const arg = cli->argv[i];
		const char *value;

		if (strncmp(arg, name, n) != 0 ||
		    (arg[n] != '\0' && arg[n] != '='))
			continue;
		if (arg[n] == '=') {
			value = arg + n + 1;
			drop(cli, i, 1);
			return value;
		}
		if (i + 1 == cli->argc) {
			cli_error(cli, "%s needs a value; see --help", name);
			*ok = false;
			return NULL;
		}
		value = cli->argv[i + 1];
		drop(cli, i, 2);
		return value;
	}
	return NULL;
}

bool
cli_flag(struct cli *cli, const char *name)
{
	for (int i = 0; i < cli->argc; i++) {
		if (strcmp(cli->argv[i], name) == 0) {
			drop(cli, i, 1);
			return true;
		}
	}
	return false;
}

bool
cli_has_unknown_option(const struct cli *cli)
{
	for (int i = 0; i < cli->argc; i++) {
		if (cli->argv[i][0] != '-' || cli->argv[i][1] == '\0')
			continue;
		cli_error(cli, "there is no %s; see --help", cli->argv[i]);
		return true;
	}
	return false;
}

/* "add, list or revoke" */
static struct str
names_of(struct arena *arena, const struct cli_action *actions, size_t n,
    const char *last)
{
	struct str names = str_of(actions[0].name);

	for (size_t i = 1; i < n; i++)
		names = str_format(arena, "%.*s%s%s", STR_ARG(names),
		    i + 1 < n ? ", " : last, actions[i].name);
	return names;
}

int
cli_act(struct cli *cli, const struct cli_action *actions, size_t n)
{
	const bool is_told = cli->argc > 0;
	const struct str names =
	    names_of(cli->arena, actions, n, is_told ? " and " : " or ");

	for (size_t i = 0; is_told && i < n; i++) {
		if (strcmp(cli->argv[0], actions[i].name) != 0)
			continue;
		cli->argc--;
		cli->argv++;
		return actions[i].run(cli);
	}
	cli_error(cli, "%s %.*s; see --help", is_told ? "there is only" : "say",
	    STR_ARG(names));
	return CLI_USAGE;
}

static void
print_errors(const struct cli *cli, const struct conf_errors *errors)
{
	for (size_t i = 0; i < errors->n; i++)
		cli_error(cli, "%.*s", STR_ARG(errors->list[i]));
}

const struct conf *
cli_conf(struct cli *cli, const char *const *needed)
{
	struct conf_errors errors;
	const struct conf *conf;

	if (conf_load(cli->arena, cli->env, &errors, &conf) != ERR_OK ||
	    conf_require(cli->arena, conf, needed, &errors) != ERR_OK) {
		print_errors(cli, &errors);
		return NULL;
	}
	return conf;
}

struct pg *
cli_pg(struct cli *cli, const struct conf *conf)
{
	const struct pg_options options = {
		.conninfo = conf->database_url,
		.on_connect = stmt(STMT_SESSION),
		.log = &cli->log,
	};

	return pg_new(&options);
}

int
cli_db_failed(const struct cli *cli, enum err e)
{
	if (e == ERR_BUSY)
		cli_error(cli,
		    "the database cannot be reached; check DATABASE_URL and "
		    "that it is running");
	else
		cli_error(cli,
		    "the database refused it (see above); if its schema is "
		    "old, run: mainline migrate");
	return CLI_FAILED;
}
