/* cmd_user: mainline user add|passwd|link|role|list|remove.  Floor: process. */
#include "base/clock.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "cli.h"
#include "codec/date.h"
#include "codec/password_rules.h"
#include "io/conf.h"
#include "io/password.h"
#include "io/pg.h"
#include "store/statements.h"
#include "store/users.h"
#include "terminal.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: mainline user add NAME --role ROLE [--link]\n"
    "       mainline user passwd NAME\n"
    "       mainline user link NAME\n"
    "       mainline user role NAME ROLE\n"
    "       mainline user list\n"
    "       mainline user remove NAME\n"
    "\n"
    "People who sign in to the page.\n"
    "\n"
    "  add     makes one, and asks for a password; with --link, or where there\n"
    "          is no terminal to ask at, prints a link instead\n"
    "  passwd  sets the password, and signs them out everywhere; it is asked\n"
    "          for twice, or is the first line of standard input\n"
    "  link    prints a link that signs in once, within a day, and lets them\n"
    "          choose a password; the one before is of no use any more\n"
    "  role    gives another role, which acts at once\n"
    "  list    prints all of them\n"
    "  remove  removes one, who is signed out at once; what they did stays\n"
    "\n"
    "roles: reader (sees the calls), agent (hears messages, marks and notes as\n"
    "       well), admin (everything)\n"
    "needs: DATABASE_URL; for a link MAINLINE_PUBLIC_URL too\n";

static const char *const needed[] = { "DATABASE_URL", NULL };
static const char *const needed_for_link[] = { "DATABASE_URL",
	"MAINLINE_PUBLIC_URL", NULL };

/* The one who stands first among the arguments; absent, and said, if not. */
static struct str
take_name(struct cli *cli)
{
	const struct str name = str_of(cli->argc > 0 ? cli->argv[0] : NULL);

	if (users_fits(name)) {
		cli->argc--;
		cli->argv++;
		return name;
	}
	cli_error(cli,
	    "it needs a name of 1 to %d bytes, one line of text without "
	    "blanks at its ends; see --help",
	    USERS_NAME_MAX_BYTES);
	return STR_ABSENT;
}

/* Nothing more, please. */
static bool
is_all(struct cli *cli)
{
	if (cli_has_unknown_option(cli))
		return false;
	if (cli->argc > 0)
		cli_error(cli, "what is %s?  See --help", cli->argv[0]);
	return cli->argc == 0;
}

static bool
read_role(const struct cli *cli, struct str name, enum role *out)
{
	if (role_parse(name, out) == ERR_OK)
		return true;
	cli_error(cli, "a role is reader, agent or admin; see --help");
	return false;
}

static int
no_such_user(const struct cli *cli, struct str name)
{
	cli_error(cli, "there is no user %.*s; see mainline user list",
	    STR_ARG(name));
	return CLI_FAILED;
}

static int
failed(const struct cli *cli, enum err e, struct str name)
{
	return e == ERR_NOT_FOUND ? no_such_user(cli, name)
				  : cli_db_failed(cli, e);
}

/*
 * Behind a "#", which no browser sends: it stands in no log, not even of a
 * proxy before us.
 */
static void
print_link(const struct conf *conf, struct str link)
{
	(void)printf("%s/#link=%.*s\n", conf->public_url, STR_ARG(link));
}

/* Asks for a password, at a terminal twice, and gives its hash. */
static bool
read_password(struct cli *cli, struct str name, struct str *hash)
{
	const char *wrong;
	struct str password;
	struct str again;

	if (!terminal_read_secret(cli->arena, "Password: ", &password)) {
		cli_error(cli, "no password came; nothing was changed");
		return false;
	}
	wrong = password_rules_check(password, name);
	if (wrong != NULL) {
		cli_error(cli, "%s", wrong);
		return false;
	}
	if (terminal_is_there() &&
	    (!terminal_read_secret(cli->arena, "Once more: ", &again) ||
		!str_eq(password, again))) {
		cli_error(cli, "the two differ; nothing was changed");
		return false;
	}
	if (password_hash(cli->arena, password, hash) == ERR_OK)
		return true;
	cli_error(cli, "there is not enough memory to keep a password");
	return false;
}

static int
add_user(struct cli *cli, struct users_new *user, bool by_link)
{
	const struct conf *const conf =
	    cli_conf(cli, by_link ? needed_for_link : needed);
	struct str link;
	struct pg *pg;
	enum err e;

	if (conf == NULL ||
	    (!by_link && !read_password(cli, user->name, &user->password)))
		return CLI_FAILED;
	pg = cli_pg(cli, conf);
	e = users_add(pg, cli->arena, user, &link);
	pg_free(pg);
	if (e == ERR_CONFLICT) {
		cli_error(cli,
		    "there is a user %.*s already; see mainline "
		    "user list",
		    STR_ARG(user->name));
		return CLI_FAILED;
	}
	if (e != ERR_OK)
		return cli_db_failed(cli, e);
	if (link.p != NULL)
		print_link(conf, link);
	else
		(void)printf("Added %.*s.\n", STR_ARG(user->name));
	return CLI_OK;
}

static int
add(struct cli *cli)
{
	bool ok = true;
	const struct str role = str_of(cli_option(cli, "--role", &ok));
	const bool by_link = cli_flag(cli, "--link") || !terminal_is_there();
	struct users_new user = { .password = STR_ABSENT };

	if (!ok || cli_has_unknown_option(cli))
		return CLI_USAGE;
	user.name = take_name(cli);
	if (user.name.p == NULL || !is_all(cli) ||
	    !read_role(cli, role, &user.role))
		return CLI_USAGE;
	return add_user(cli, &user, by_link);
}

static enum err
set_password(struct cli *cli, struct pg *pg, struct str name)
{
	struct users_password new = { .session = STR_ABSENT };
	struct users_id user;
	enum err e = users_find(pg, cli->arena, name, &user);

	if (e != ERR_OK)
		return e;
	if (!read_password(cli, user.name, &new.hash))
		return ERR_INPUT;
	new.user_id = user.id;
	return users_set_password(
	    pg, cli->arena, &new, clock_mono_ms() + STMT_COMMAND_MS);
}

static int
passwd(struct cli *cli)
{
	const struct str name = take_name(cli);
	const struct conf *conf;
	struct pg *pg;
	enum err e;

	if (name.p == NULL || !is_all(cli))
		return CLI_USAGE;
	if ((conf = cli_conf(cli, needed)) == NULL)
		return CLI_FAILED;
	pg = cli_pg(cli, conf);
	e = set_password(cli, pg, name);
	pg_free(pg);
	if (e == ERR_INPUT)
		return CLI_FAILED; /* it was said what is wrong */
	if (e != ERR_OK)
		return failed(cli, e, name);
	(void)printf("%.*s has a new password, and is signed out everywhere.\n",
	    STR_ARG(name));
	return CLI_OK;
}

static int
make_link(struct cli *cli)
{
	const struct str name = take_name(cli);
	const struct conf *conf;
	struct str link;
	struct pg *pg;
	enum err e;

	if (name.p == NULL || !is_all(cli))
		return CLI_USAGE;
	if ((conf = cli_conf(cli, needed_for_link)) == NULL)
		return CLI_FAILED;
	pg = cli_pg(cli, conf);
	e = users_link(pg, cli->arena, name, &link);
	pg_free(pg);
	if (e != ERR_OK)
		return failed(cli, e, name);
	print_link(conf, link);
	return CLI_OK;
}

static int
change_role(struct cli *cli)
{
	const struct str name = take_name(cli);
	const struct conf *conf;
	enum role role;
	struct pg *pg;
	enum err e;

	if (name.p == NULL || cli->argc == 0) {
		if (name.p != NULL)
			cli_error(
			    cli, "role takes a name and a role; see --help");
		return CLI_USAGE;
	}
	if (!read_role(cli, str_of(cli->argv[0]), &role))
		return CLI_USAGE;
	cli->argc--;
	cli->argv++;
	if (!is_all(cli))
		return CLI_USAGE;
	if ((conf = cli_conf(cli, needed)) == NULL)
		return CLI_FAILED;
	pg = cli_pg(cli, conf);
	e = users_set_role(pg, cli->arena, name, role);
	pg_free(pg);
	if (e != ERR_OK)
		return failed(cli, e, name);
	(void)printf("%.*s is %s now.\n", STR_ARG(name), role_name(role).p);
	return CLI_OK;
}

static void
print_row(struct cli *cli, const struct users_row *row)
{
	const struct str made = date_rfc3339(cli->arena, row->created_us);
	const bool locked = row->locked_until_us >= 0;
	const struct str until =
	    date_rfc3339(cli->arena, locked ? row->locked_until_us : 0);
	const struct str seen =
	    row->last_seen_on.p == NULL ? STR("never") : row->last_seen_on;

	(void)printf("%-30.*s  %-6.*s  %-8s  %.10s  %-10.*s%s%s\n",
	    STR_ARG(row->name), STR_ARG(row->role),
	    row->has_password ? "yes" : "none", made.p, STR_ARG(seen),
	    locked ? "  locked until " : "", locked ? until.p : "");
}

static int
list(struct cli *cli)
{
	const struct conf *conf;
	struct users_row *rows;
	struct pg *pg;
	size_t n;
	enum err e;

	if (!is_all(cli))
		return CLI_USAGE;
	if ((conf = cli_conf(cli, needed)) == NULL)
		return CLI_FAILED;
	pg = cli_pg(cli, conf);
	e = users_list(
	    pg, cli->arena, clock_mono_ms() + STMT_COMMAND_MS, &rows, &n);
	pg_free(pg);
	if (e != ERR_OK)
		return cli_db_failed(cli, e);
	(void)printf("%-30s  %-6s  PASSWORD  %-10s  LAST SEEN\n", "NAME",
	    "ROLE", "MADE");
	for (size_t i = 0; i < n; i++)
		print_row(cli, &rows[i]);
	return CLI_OK;
}

static int
remove_user(struct cli *cli)
{
	const struct str name = take_name(cli);
	const struct conf *conf;
	struct pg *pg;
	enum err e;

	if (name.p == NULL || !is_all(cli))
		return CLI_USAGE;
	if ((conf = cli_conf(cli, needed)) == NULL)
		return CLI_FAILED;
	pg = cli_pg(cli, conf);
	e = users_remove(pg, cli->arena, name);
	pg_free(pg);
	if (e != ERR_OK)
		return failed(cli, e, name);
	(void)printf("Removed %.*s.\n", STR_ARG(name));
	return CLI_OK;
}

static const struct cli_action actions[] = {
	{ "add", add },
	{ "passwd", passwd },
	{ "link", make_link },
	{ "role", change_role },
	{ "list", list },
	{ "remove", remove_user },
};

int
cmd_user(struct cli *cli)
{
	if (cli_wants_help(cli))
		return cli_help(help);
	return cli_act(cli, actions, ARRAY_LEN(actions));
}
