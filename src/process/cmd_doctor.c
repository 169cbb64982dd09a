/* cmd_doctor: mainline doctor.  Floor: process. */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "cli.h"
#include "io/conf.h"
#include "jobs/doctor.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

static const char help[] =
    "usage: mainline doctor [--json] [--notify]\n"
    "\n"
    "Says what stands between the caller and the answer, each with its mend:\n"
    "configuration, database, schema, flow, folders, processes, certificate, the\n"
    "way of a signed request through the public URL, and at Twilio the account, the\n"
    "numbers, who may fetch audio, and which countries may be called.  Nothing is\n"
    "changed, and no call recorded.\n"
    "\n"
    "  --json    an array of objects, each with check, code, severity (ok,\n"
    "            not_checked, warning or fault), text and mend\n"
    "  --notify  also sends a test notice to everybody whom the flow names\n"
    "\n"
    "Exits 1 when there is a fault; warnings alone, and what could not be checked,\n"
    "are none.  docs/doctor.md explains each code.  Run it where `mainline serve`\n"
    "runs, with the same settings and as the same user; where this network does not\n"
    "reach its own public URL, MAINLINE_PUBLIC_CONNECT says where to connect.\n";

static const struct {
	enum doctor_severity severity;
	const char *word;
} order[] = {
	{ DOCTOR_FAULT, "FAULT" },
	{ DOCTOR_WARNING, "warning" },
	{ DOCTOR_NOT_CHECKED, "not checked" },
};

static void
print_one(const char *word, const struct doctor_finding *f)
{
	if (f->severity == DOCTOR_NOT_CHECKED) {
		(void)printf(
		    "%-11s  %s: %.*s\n", word, f->check, STR_ARG(f->text));
		return;
	}
	(void)printf(
	    "%-11s  %.*s\n             %.*s\n             Mend: %.*s\n", word,
	    STR_ARG(f->code), STR_ARG(f->text), STR_ARG(f->mend));
}

static void
print_well(const struct doctor_report *report)
{
	const char *separator = "\nAs it should be: ";

	for (size_t i = 0; i < report->n; i++) {
		if (report->list[i].severity != DOCTOR_OK)
			continue;
		(void)printf("%s%s", separator, report->list[i].check);
		separator = ", ";
	}
	(void)printf("%s\n", separator[0] == '\n' ? "" : ".");
}

static const char *
plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static void
print(const struct doctor_report *report)
{
	const size_t faults = doctor_count(report, DOCTOR_FAULT);
	const size_t warnings = doctor_count(report, DOCTOR_WARNING);

	for (size_t o = 0; o < sizeof(order) / sizeof(order[0]); o++) {
		for (size_t i = 0; i < report->n; i++) {
			if (report->list[i].severity == order[o].severity)
				print_one(order[o].word, &report->list[i]);
		}
	}
	print_well(report);
	(void)printf("%zu fault%s, %zu warning%s.\n", faults, plural(faults),
	    warnings, plural(warnings));
}

int
cmd_doctor(struct cli *cli)
{
	const bool as_json = cli_flag(cli, "--json");
	struct doctor_options options = {
		.arena = cli->arena,
		.notify = cli_flag(cli, "--notify"),
	};
	struct doctor_report *const report =
	    ARENA_NEW(cli->arena, struct doctor_report);
	struct conf_errors errors;
	struct str json;

	if (cli_wants_help(cli))
		return cli_help(help);
	if (cli_has_unknown_option(cli))
		return CLI_USAGE;
	if (cli->argc > 0) {
		cli_error(cli, "takes no %s; see --help", cli->argv[0]);
		return CLI_USAGE;
	}
	if (conf_load(cli->arena, cli->env, &errors, &options.conf) == ERR_OK)
		doctor_run(&options, report);
	else
		doctor_unconfigured(cli->arena, &errors, report);
	json = doctor_json(cli->arena, report);
	if (as_json)
		(void)printf("%.*s\n", STR_ARG(json));
	else
		print(report);
	return doctor_count(report, DOCTOR_FAULT) > 0 ? CLI_FAILED : CLI_OK;
}
