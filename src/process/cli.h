/*
 * cli: what the subcommands have in common.  Private to the process floor.
 */
#ifndef MAINLINE_PROCESS_CLI_H
#define MAINLINE_PROCESS_CLI_H

#include "base/arena.h"
#include "base/compiler.h"
#include "base/log.h"
#include "base/str.h"
#include "io/conf.h"
#include "io/pg.h"

#include <stdbool.h>
#include <stddef.h>

/* Exit statuses of every command. */
#define CLI_OK 0
#define CLI_FAILED 1 /* it was understood and did not work */
#define CLI_USAGE 2  /* it was not understood */

struct cli {
	struct arena *arena;
	const char *command; /* "flow publish": for messages */
	int argc;            /* of what stands behind the command's name */
	char **argv;
	char *const *env;
	struct log log;
};

/*
 * A command's message on standard error: "mainline flow: ..." and a line feed.
 */
void cli_error(const struct cli *cli, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Prints a help text. */
int cli_help(const char *text);

/* Prints a help text and all keys of the configuration. */
int cli_help_with_keys(const struct cli *cli, const char *text);

/* Asks `argv` for help ("--help", "-h", "help")? */
bool cli_wants_help(const struct cli *cli);

/*
 * Takes "--name VALUE" or "--name=VALUE" out of the arguments; NULL when it is
 * not there.  `*ok` becomes false when its value is missing.
 */
const char *cli_option(struct cli *cli, const char *name, bool *ok);

/* Takes "--name" out of the arguments; was it there? */
bool cli_flag(struct cli *cli, const char *name);

/* What is left begins with "-": says so, and that --help helps. */
bool cli_has_unknown_option(const struct cli *cli);

/* A word behind a command's name that makes it another command. */
struct cli_action {
	const char *name;
	int (*run)(struct cli *cli); /* the word is no argument any more */
};

/*
 * Runs the action that the first argument names; says which there are when it
 * names none (CLI_USAGE).
 */
int cli_act(struct cli *cli, const struct cli_action *actions, size_t n);

/*
 * The configuration, with these keys set; NULL, and messages, if there is
 * something wrong with it.
 */
const struct conf *cli_conf(struct cli *cli, const char *const *needed);

/* A connection for a command; freed with pg_free(). */
struct pg *cli_pg(struct cli *cli, const struct conf *conf);

/* Says that the database could not do it, and what to do about it. */
int cli_db_failed(const struct cli *cli, enum err e);

/* The subcommands; each gives an exit status. */
int cmd_serve(struct cli *cli);
int cmd_migrate(struct cli *cli);
int cmd_config(struct cli *cli);
int cmd_flow(struct cli *cli);
int cmd_notify(struct cli *cli);
int cmd_number(struct cli *cli);
int cmd_token(struct cli *cli);
int cmd_user(struct cli *cli);
int cmd_jobs(struct cli *cli);
int cmd_erase(struct cli *cli);
int cmd_reconcile(struct cli *cli);
int cmd_doctor(struct cli *cli);
int cmd_export(struct cli *cli);
int cmd_backup(struct cli *cli);
int cmd_restore(struct cli *cli);
int cmd_version(struct cli *cli);

#endif
