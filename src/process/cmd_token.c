/* cmd_token: mainline token add|list|revoke.  Floor: process. */
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "cli.h"
#include "codec/date.h"
#include "codec/utf8.h"
#include "io/conf.h"
#include "io/pg.h"
#include "store/tokens.h"

#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define NAME_MAX_BYTES 100

static const char help[] =
    "usage: mainline token add --name NAME --scope SCOPE[,SCOPE]\n"
    "       mainline token list\n"
    "       mainline token revoke NUMBER|NAME\n"
    "\n"
    "Bearer tokens of the JSON API: Authorization: Bearer TOKEN.\n"
    "\n"
    "  add     prints a new token, this once: only its SHA-256 is kept\n"
    "  list    prints all tokens, without their secrets\n"
    "  revoke  refuses one from now on\n"
    "\n"
    "scopes: read (calls), audio (recordings), mark (marks and notes),\n"
    "        metrics, feed (the Atom feed alone), admin (all of it)\n"
    "needs: DATABASE_URL\n";

static const char *const needed[] = { "DATABASE_URL", NULL };

/* Digits alone would be taken for a number by revoke. */
static bool
is_name(struct str name)
{
	int number;

	for (size_t i = 0; i < name.n; i++) {
		if ((unsigned char)name.p[i] < 0x20 || name.p[i] == 0x7f)
			return false;
	}
	return str_trim(name).n > 0 && name.n <= NAME_MAX_BYTES &&
	    utf8_is_valid(name) && !str_to_int(name, INT_MAX, &number);
}

struct wish {
	struct str name;
	unsigned int scopes;
};

/* Reads the options of add; says what is wrong with them. */
static bool
read_wish(struct cli *cli, struct wish *out)
{
	bool ok = true;
	const struct str name = str_of(cli_option(cli, "--name", &ok));
	const struct str list = str_of(cli_option(cli, "--scope", &ok));

	if (!ok || cli_has_unknown_option(cli))
		return false;
	if (cli->argc > 0)
		cli_error(cli, "add takes no %s; see --help", cli->argv[0]);
	else if (!is_name(name))
		cli_error(cli,
		    "--name needs a name of 1 to %d bytes, one line that is "
		    "no number",
		    NAME_MAX_BYTES);
	else if (scopes_parse(list, &out->scopes) != ERR_OK)
		cli_error(cli,
		    "--scope needs read, audio, mark, metrics, feed or admin, "
		    "or several with commas between");
	else
		out->name = name;
	return out->name.p != NULL;
}

static int
add(struct cli *cli)
{
	struct wish wish = { 0 };
	const struct conf *conf;
	struct str token;
	struct pg *pg;
	enum err e;

	if (!read_wish(cli, &wish))
		return CLI_USAGE;
	if ((conf = cli_conf(cli, needed)) == NULL)
		return CLI_FAILED;
	pg = cli_pg(cli, conf);
	e = tokens_add(pg, cli->arena, wish.name, wish.scopes, &token);
	pg_free(pg);
	if (e == ERR_CONFLICT) {
		cli_error(cli,
		    "a token named \"%.*s\" is in use; revoke it first, or "
		    "take another name",
		    STR_ARG(wish.name));
		return CLI_FAILED;
	}
	if (e != ERR_OK)
		return cli_db_failed(cli, e);
	(void)printf("%.*s\n", STR_ARG(token));
	return CLI_OK;
}

static void
print_row(struct cli *cli, const struct tokens_row *row)
{
	const struct str made = date_rfc3339(cli->arena, row->created_us);
	const struct str revoked =
	    date_rfc3339(cli->arena, row->revoked_us < 0 ? 0 : row->revoked_us);
	const struct str used =
	    row->last_used_on.p == NULL ? STR("never") : row->last_used_on;

	(void)printf("%6lld  %-24.*s  %-20.*s  %.10s  %-10.*s  %s%s\n",
	    (long long)row->id, STR_ARG(row->name), STR_ARG(row->scopes),
	    made.p, STR_ARG(used), row->revoked_us < 0 ? "in use" : "revoked ",
	    row->revoked_us < 0 ? "" : revoked.p);
}

static int
list(struct cli *cli)
{
	const struct conf *const conf = cli_conf(cli, needed);
	struct tokens_row *rows;
	struct pg *pg;
	size_t n;
	enum err e;

	if (conf == NULL)
		return CLI_FAILED;
	pg = cli_pg(cli, conf);
	e = tokens_list(pg, cli->arena, &rows, &n);
	pg_free(pg);
	if (e != ERR_OK)
		return cli_db_failed(cli, e);
	(void)printf("NUMBER  %-24s  %-20s  %-10s  %-10s  STATE\n", "NAME",
	    "SCOPES", "MADE", "LAST USED");
	for (size_t i = 0; i < n; i++)
		print_row(cli, &rows[i]);
	return CLI_OK;
}

static int
revoke(struct cli *cli)
{
	const struct conf *conf;
	struct pg *pg;
	enum err e;

	if (cli->argc != 1) {
		cli_error(cli, "revoke takes one number or name; see --help");
		return CLI_USAGE;
	}
	if ((conf = cli_conf(cli, needed)) == NULL)
		return CLI_FAILED;
	pg = cli_pg(cli, conf);
	e = tokens_revoke(pg, cli->arena, str_of(cli->argv[0]));
	pg_free(pg);
	if (e == ERR_NOT_FOUND) {
		cli_error(cli, "no token in use is %s; see mainline token list",
		    cli->argv[0]);
		return CLI_FAILED;
	}
	if (e != ERR_OK)
		return cli_db_failed(cli, e);
	(void)printf("Revoked %s.\n", cli->argv[0]);
	return CLI_OK;
}

static const struct cli_action actions[] = {
	{ "add", add },
	{ "list", list },
	{ "revoke", revoke },
};

int
cmd_token(struct cli *cli)
{
	if (cli_wants_help(cli))
		return cli_help(help);
	return cli_act(cli, actions, ARRAY_LEN(actions));
}
