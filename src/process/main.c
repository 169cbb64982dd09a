/* main: from argv to a subcommand.  Floor: process. */
#include "base/arena.h"
#include "base/compiler.h"
#include "base/log.h"
#include "cli.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

static const struct {
	const char *name;
	int (*run)(struct cli *cli);
	const char *summary;
} commands[] = {
	{ "serve", cmd_serve, "answer webhooks and the JSON API" },
	{ "jobs", cmd_jobs,
	    "do the background work; list it, or retry what failed" },
	{ "reconcile", cmd_reconcile, "add what Twilio has and we have not" },
	{ "doctor", cmd_doctor, "say what keeps callers from being answered" },
	{ "migrate", cmd_migrate, "bring the database's schema up to date" },
	{ "config", cmd_config, "check and print the configuration" },
	{ "flow", cmd_flow, "check, publish and show what callers hear" },
	{ "number", cmd_number,
	    "find, buy, point and show telephone numbers at Twilio" },
	{ "notify", cmd_notify, "see whether notices of calls arrive" },
	{ "token", cmd_token, "make, list and revoke tokens of the API" },
	{ "user", cmd_user, "make, list and remove people who sign in" },
	{ "erase", cmd_erase, "remove a caller, or a call, for ever" },
	{ "export", cmd_export, "print the calls as CSV" },
	{ "backup", cmd_backup, "write database and audio into a folder" },
	{ "restore", cmd_restore, "fill an empty database from a backup" },
	{ "version", cmd_version, "print the version" },
};

static int
usage(FILE *out, int status)
{
	(void)fputs("usage: mainline COMMAND [ARGUMENT ...]\n\n", out);
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		(void)fprintf(
		    out, "  %-9s %s\n", commands[i].name, commands[i].summary);
	(void)fputs("\nmainline COMMAND --help says more.\n", out);
	return status;
}

static int
run(struct cli *cli)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (strcmp(cli->command, commands[i].name) == 0)
			return commands[i].run(cli);
	}
	(void)fprintf(
	    stderr, "mainline: there is no command %s\n\n", cli->command);
	return usage(stderr, CLI_USAGE);
}

int
main(int argc, char **argv)
{
	struct cli cli = {
		.argc = argc - 2,
		.argv = argv + 2,
		.env = environ,
		.log = { .level = LOG_LEVEL_WARN,
		    .plain = true,
		    .fd = STDERR_FILENO,
		    .who = "mainline" },
	};
	int status;

	if (argc < 2)
		return usage(stderr, CLI_USAGE);
	cli.command = argv[1];
	if (strcmp(cli.command, "--version") == 0)
		cli.command = "version";
	if (strcmp(cli.command, "--help") == 0 ||
	    strcmp(cli.command, "-h") == 0 || strcmp(cli.command, "help") == 0)
		return usage(stdout, CLI_OK);
	cli.arena = arena_new((size_t)64 * 1024);
	status = run(&cli);
	arena_free(cli.arena);
	return status;
}
