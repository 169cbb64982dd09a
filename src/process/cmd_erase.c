/* cmd_erase: mainline erase.  Floor: process. */
#include "cmd_erase.h"

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "cli.h"
#include "codec/date.h"
#include "codec/phone.h"
#include "io/conf.h"
#include "io/pg.h"
#include "store/erasure.h"
#include "terminal.h"
#include "twilio/words.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define WAIT_S 60
#define WAIT_MAX_S 3600
#define SHOWN_MAX 20

static const char help[] =
    "usage: mainline erase --number NUMBER [--dry-run] [--yes] [--wait SECONDS]\n"
    "       mainline erase --call SID      [--dry-run] [--yes] [--wait SECONDS]\n"
    "\n"
    "Removes a caller with all of his calls, or one call, for ever: from the\n"
    "database, from this host's spool, the audio that is kept, and at Twilio the\n"
    "calls with their legs and recordings (which `mainline jobs` does, some seconds\n"
    "later).  What is left of a call is a keyed hash of its SID, so that nothing\n"
    "that arrives late brings it back.  A number that was blocked is forgotten as\n"
    "well: its calls are let in again.\n"
    "\n"
    "  --number   a number like +15550100009: every call from it, however it was\n"
    "             written.  Calls of others that mention it (a message, a note, who\n"
    "             had forwarded the call) stay, and are listed; what is written in\n"
    "             the note of another number's block stays as well\n"
    "  --call     one call, by its SID: also for a caller who withheld the number\n"
    "  --dry-run  only says what would be removed\n"
    "  --yes      does not ask\n"
    "  --wait     how long to wait until the spool is replayed (60)\n"
    "\n"
    "A number of ours, of a line or of a phone in any version of the flow, is\n"
    "refused: it stands in the calls of others.  Not reached: backups, notices that\n"
    "were sent, logs that hold SIDs (never numbers) until they are rotated, the bytes\n"
    "in PostgreSQL's files and WAL until their room is used again, audio in\n"
    "another host's folder, and a PostgreSQL's own log that shows rows or parameters\n"
    "(log_error_verbosity = terse keeps rows out of it).\n"
    "\n"
    "Exits 1 when something is left to do, and says what; doing it twice is no harm.\n"
    "needs: DATABASE_URL, and MAINLINE_DATA as mainline serve has it\n";

struct wish {
	struct erasing x;
	bool dry_run, yes;
};

/* "+1 (555) 010-0009" as somebody may write it: its digits. */
static struct str
read_number(struct cli *cli, const char *text)
{
	char *const plain = arena_alloc(cli->arena, strlen(text) + 1);
	size_t n = 0;

	for (const char *p = text; *p != '\0'; p++) {
		if (strchr(" ().-/", *p) == NULL)
			plain[n++] = *p;
	}
	if (!phone_is_caller((struct str){ plain, n })) {
		cli_error(cli,
		    "--number needs a caller's number like +15550100009; who "
		    "withheld it is erased call by call, with --call");
		return STR_ABSENT;
	}
	return (struct str){ plain + 1, n - 1 };
}

static bool
read_subject(
    struct cli *cli, const char *number, const char *sid, struct erasing *x)
{
	if ((number == NULL) == (sid == NULL)) {
		cli_error(cli, "say either --number or --call; see --help");
		return false;
	}
	if (number != NULL) {
		x->digits = read_number(cli, number);
		return x->digits.p != NULL;
	}
	x->sid = str_of(sid);
	if (sid_is(x->sid, "CA"))
		return true;
	cli_error(cli, "--call needs a SID: CA and 32 hexadecimal digits");
	return false;
}

static bool
read_wish(struct cli *cli, struct wish *out)
{
	bool ok = true;
	const char *const number = cli_option(cli, "--number", &ok);
	const char *const sid = cli_option(cli, "--call", &ok);
	const struct str wait = str_of(cli_option(cli, "--wait", &ok));

	out->dry_run = cli_flag(cli, "--dry-run");
	out->yes = cli_flag(cli, "--yes");
	out->x.cli = cli;
	out->x.wait_s = WAIT_S;
	if (!ok || cli_has_unknown_option(cli))
		return false;
	if (cli->argc > 0) {
		cli_error(cli, "takes no %s; see --help", cli->argv[0]);
		return false;
	}
	if (wait.p != NULL && !str_to_int(wait, WAIT_MAX_S, &out->x.wait_s)) {
		cli_error(cli, "--wait needs a number up to %d", WAIT_MAX_S);
		return false;
	}
	return read_subject(cli, number, sid, &out->x);
}

/* Only who calls is erased: a number of ours is everywhere. */
static bool
is_refused(const struct erasing *x)
{
	const struct str line = str_of(x->conf->line);
	const struct str phone = str_of(x->conf->forward_to);
	int version = 0;
	enum err e;

	if (x->digits.p == NULL)
		return false;
	if (str_eq(str_slice(line, 1, line.n), x->digits) ||
	    str_eq(str_slice(phone, 1, phone.n), x->digits)) {
		cli_error(x->cli,
		    "the number is a line or phone of ours (MAINLINE_LINE, "
		    "MAINLINE_FORWARD_TO); erase single calls, with --call");
		return true;
	}
	e = erasure_flow_with(x->pg, x->cli->arena, x->digits, &version);
	if (e == ERR_OK)
		cli_error(x->cli,
		    "the number stands in version %d of the flow: it is a line "
		    "or phone of ours, and in the calls of others; erase "
		    "single calls, with --call",
		    version);
	else if (e != ERR_NOT_FOUND)
		(void)cli_db_failed(x->cli, e);
	return e != ERR_NOT_FOUND;
}

static void
print_call(const struct erasing *x, const struct erasure_call *call)
{
	const struct str at = call->seen_us < 0
	    ? STR("-")
	    : str_slice(date_rfc3339(x->cli->arena, call->seen_us), 0, 19);
	const struct str outcome =
	    str_is_empty(call->outcome) ? STR("not over") : call->outcome;

	(void)printf("  %.*s  %-19.*s  %.*s\n", STR_ARG(call->sid), STR_ARG(at),
	    STR_ARG(outcome));
}

/* Those that are to be erased, or the others. */
static void
print_calls(const struct erasing *x, bool theirs)
{
	size_t shown = 0;
	size_t more = 0;

	for (size_t i = 0; i < x->n_found; i++) {
		if (erasing_is_theirs(x, &x->found[i]) != theirs)
			continue;
		if (shown < SHOWN_MAX) {
			print_call(x, &x->found[i]);
			shown++;
		} else {
			more++;
		}
	}
	if (more > 0)
		(void)printf("  and %zu more\n", more);
}

/* A line each, and none for what there is nothing of. */
static void
print_counts(const struct erasing *x, const char *verb)
{
	const struct erasure_counts *const c = &x->counts;
	const struct {
		int64_t n;
		const char *one, *many;
	} lines[] = {
		{ c->calls, "call", "calls" },
		{ c->events, "event", "events" },
		{ c->recordings, "recording", "recordings" },
		{ c->listens, "listening", "listenings" },
		{ c->jobs, "job", "jobs" },
		{ c->aside, "event set aside", "events set aside" },
		{ c->blocks, "block", "blocks" },
		{ (int64_t)x->spool_files, "file of the spool",
		    "files of the spool" },
	};
	bool any = false;

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		if (lines[i].n == 0)
			continue;
		if (!any)
			(void)printf("%s:\n", verb);
		any = true;
		(void)printf("  %lld %s\n", (long long)lines[i].n,
		    lines[i].n == 1 ? lines[i].one : lines[i].many);
	}
	if (!any)
		(void)printf("%s: nothing.\n", verb);
}

/* What is known of them, before anything is done. */
static void
print_found(const struct erasing *x)
{
	const bool is_number = x->digits.p != NULL;

	if (erasing_theirs(x) > 0) {
		(void)printf("%s (times are UTC):\n",
		    is_number ? "Calls from the number" : "The call");
		print_calls(x, true);
	} else if (is_number) {
		(void)printf("There are no calls from this number.\n");
	}
}

static void
print_mentions(const struct erasing *x)
{
	if (x->n_found == erasing_theirs(x))
		return;
	(void)printf("Calls of others that mention the number, and stay; "
		     "mainline erase --call removes one:\n");
	print_calls(x, false);
}

static int
dry_run(struct erasing *x)
{
	enum err e = ERR_OK;

	for (size_t i = 0; i < x->n_found && e == ERR_OK; i++) {
		if (erasing_is_theirs(x, &x->found[i]))
			e = erasure_count(
			    x->pg, x->cli->arena, &x->found[i], &x->counts);
	}
	if (e == ERR_OK && x->digits.p != NULL)
		e = erasure_aside(
		    x->pg, x->cli->arena, x->digits, true, &x->counts.aside);
	if (e == ERR_OK && x->digits.p != NULL)
		e = erasure_block(
		    x->pg, x->cli->arena, x->digits, true, &x->counts.blocks);
	if (e != ERR_OK)
		return cli_db_failed(x->cli, e);
	print_found(x);
	print_counts(x, "Would be removed");
	(void)printf("What of it waits in this host's spool is removed as "
		     "well, and not counted here.\n");
	print_mentions(x);
	return CLI_OK;
}

static bool
is_agreed(const struct wish *wish)
{
	const size_t n = erasing_theirs(&wish->x);
	const struct str question = str_format(wish->x.cli->arena,
	    "Erase %zu call%s, here and at Twilio?  This cannot be undone.", n,
	    n == 1 ? "" : "s");

	if (!terminal_is_there()) {
		cli_error(wish->x.cli,
		    "nobody can be asked; say --yes, or --dry-run to see what "
		    "would be removed");
		return false;
	}
	if (terminal_agrees(question.p))
		return true;
	(void)printf("Nothing was removed.\n");
	return false;
}

/*
 * May it begin?  With --yes also when nothing is known: what waits in the spool
 * is known to nobody.
 */
static bool
may_begin(const struct wish *wish)
{
	const struct erasing *const x = &wish->x;

	if (wish->yes)
		return true;
	if (erasing_theirs(x) > 0) {
		print_found(x);
		return is_agreed(wish);
	}
	if (x->digits.p == NULL)
		cli_error(x->cli, "no call has this SID");
	else
		cli_error(x->cli,
		    "there are no calls from this number; --yes removes what "
		    "may wait in this host's spool, was set aside, or blocks "
		    "it");
	return false;
}

/* PostgreSQL's files would keep the bytes for longer. */
static void
make_room(const struct erasing *x)
{
	if (x->counts.events + x->counts.calls + x->counts.aside +
		    x->counts.blocks >
		0 &&
	    erasure_vacuum(x->pg, x->cli->arena) != ERR_OK)
		cli_error(x->cli,
		    "warning: the tables cannot be vacuumed now; PostgreSQL "
		    "does so by itself, later");
}

static int
erase(struct wish *wish)
{
	struct erasing *const x = &wish->x;
	bool done;

	if (is_refused(x) || !erasing_look(x))
		return CLI_FAILED;
	if (wish->dry_run)
		return dry_run(x);
	if (!may_begin(wish))
		return CLI_FAILED;
	done = erasing_do(x);
	print_counts(x, "Removed");
	if (x->counts.blocks > 0)
		(void)printf("The number was blocked; that was forgotten with "
			     "it, and its calls are let in again.\n");
	print_mentions(x);
	make_room(x);
	if (done && x->sid.p != NULL && x->counts.calls == 0) {
		cli_error(x->cli, "no call has this SID");
		return CLI_FAILED;
	}
	if (x->counts.calls > 0)
		(void)printf(
		    "mainline jobs removes what Twilio keeps, some "
		    "seconds from now; mainline jobs list shows it.\n");
	return done ? CLI_OK : CLI_FAILED;
}

int
cmd_erase(struct cli *cli)
{
	static const char *const needed[] = { "DATABASE_URL", NULL };
	struct wish wish = { 0 };
	int status;

	if (cli_wants_help(cli))
		return cli_help(help);
	if (!read_wish(cli, &wish))
		return CLI_USAGE;
	if ((wish.x.conf = cli_conf(cli, needed)) == NULL)
		return CLI_FAILED;
	wish.x.pg = cli_pg(cli, wish.x.conf);
	status = erase(&wish);
	pg_free(wish.x.pg);
	return status;
}
