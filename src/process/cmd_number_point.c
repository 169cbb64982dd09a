/* cmd_number_point: mainline number point.  Floor: process. */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "cli.h"
#include "cmd_number.h"
#include "io/conf.h"
#include "jobs/numbers.h"
#include "terminal.h"
#include "twilio/number.h"
#include "twilio/rest_numbers.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct wish {
	struct str number;
	struct str fallback_url; /* absent: ours */
	bool by_application, dry_run, yes;
};

/* A number as it is, and what is to be done with it. */
struct pointing {
	struct number_run run;
	struct wish wish;
	struct rest_number number;
	struct rest_application application; /* of `is`, perhaps */
	struct number_verdict verdict;       /* before */
	struct rest_voice should;
	struct rest_application ours; /* --application: its SID is absent
					 while there is none */
};

static bool
read_wish(struct cli *cli, struct wish *out)
{
	bool ok = true;

	*out = (struct wish){
		.fallback_url = str_of(cli_option(cli, "--fallback-url", &ok)),
		.by_application = cli_flag(cli, "--application"),
		.dry_run = cli_flag(cli, "--dry-run"),
		.yes = cli_flag(cli, "--yes"),
	};
	if (ok)
		out->number = number_take(cli);
	return out->number.p != NULL;
}

/* "not set" or "POST https://...", in the arena. */
static struct str
setting(const struct cli *cli, struct str method, struct str url)
{
	const struct str shown = number_shown(cli, url);

	if (url.p == NULL)
		return STR("not set");
	return str_format(
	    cli->arena, "%.*s %.*s", STR_ARG(method), STR_ARG(shown));
}

static void
print_row(const char *name, struct str before, struct str after)
{
	if (str_eq(before, after)) {
		(void)printf("  %-20s  stays   %.*s\n", name, STR_ARG(after));
		return;
	}
	(void)printf("  %-20s  before  %.*s\n", name, STR_ARG(before));
	(void)printf("  %-20s  after   %.*s\n", "", STR_ARG(after));
}

static void
print_voice(const struct cli *cli, const struct rest_voice *is,
    const struct rest_voice *should)
{
	print_row(number_field_name(NUMBER_VOICE_URL),
	    setting(cli, is->method, is->url),
	    setting(cli, should->method, should->url));
	print_row(number_field_name(NUMBER_FALLBACK_URL),
	    setting(cli, is->fallback_method, is->fallback_url),
	    setting(cli, should->fallback_method, should->fallback_url));
	print_row(number_field_name(NUMBER_STATUS_URL),
	    setting(cli, is->status_method, is->status_url),
	    setting(cli, should->status_method, should->status_url));
}

static struct str
or_not_set(struct str sid)
{
	return sid.p == NULL ? STR("not set") : sid;
}

static struct str
application_after(const struct pointing *p)
{
	if (!p->wish.by_application)
		return STR("not set");
	return p->ours.sid.p == NULL ? STR("a new one") : p->ours.sid;
}

/* Whose settings are changed: the number's own, or our application's. */
static const struct rest_voice *
changed(const struct pointing *p)
{
	return p->wish.by_application ? &p->ours.voice : &p->number.voice;
}

static void
print_table(const struct pointing *p)
{
	const struct str trunk = or_not_set(p->number.trunk_sid);
	const struct str application = or_not_set(p->number.application_sid);

	(void)printf("%.*s is %s\n", STR_ARG(p->number.number),
	    number_state_name(p->verdict.state));
	print_voice(p->run.cli, changed(p), &p->should);
	if (p->number.trunk_sid.p != NULL)
		print_row(
		    number_field_name(NUMBER_TRUNK), trunk, STR("not set"));
	if (p->number.application_sid.p != NULL || p->wish.by_application)
		print_row(number_field_name(NUMBER_APPLICATION), application,
		    application_after(p));
	if (p->number.takes_fax)
		print_row(number_field_name(NUMBER_RECEIVE_MODE), STR("fax"),
		    STR("voice"));
}

static bool
is_same(const struct rest_voice *a, const struct rest_voice *b)
{
	return str_eq(a->url, b->url) && str_eq(a->method, b->method) &&
	    str_eq(a->fallback_url, b->fallback_url) &&
	    str_eq(a->fallback_method, b->fallback_method) &&
	    str_eq(a->status_url, b->status_url) &&
	    str_eq(a->status_method, b->status_method);
}

/* The application that is to win: none, or ours. */
static struct str
winner(const struct pointing *p)
{
	return p->wish.by_application ? p->ours.sid : STR_ABSENT;
}

static bool
is_done(const struct pointing *p)
{
	return is_same(changed(p), &p->should) && !p->number.takes_fax &&
	    p->number.trunk_sid.p == NULL &&
	    str_eq(p->number.application_sid, winner(p)) &&
	    (!p->wish.by_application || p->ours.sid.p != NULL);
}

/* What takes the calls today is taken off the number: may it be? */
static bool
may_clear(const struct pointing *p)
{
	const bool by_trunk = p->number.trunk_sid.p != NULL;
	const struct str sid =
	    by_trunk ? p->number.trunk_sid : p->number.application_sid;
	const struct str question = str_format(p->run.cli->arena,
	    "%s %.*s takes the calls of this number, whatever its URLs are.  "
	    "Take it off the number?",
	    by_trunk ? "SIP trunk" : "TwiML App", STR_ARG(sid));

	if (sid.p == NULL || (!by_trunk && str_eq(sid, winner(p))) ||
	    p->wish.yes)
		return true;
	if (!terminal_is_there()) {
		cli_error(p->run.cli,
		    "%s %.*s takes the calls, and nobody can be asked whether "
		    "to take it off the number; say --yes, or --dry-run to see "
		    "what would be changed; nothing was",
		    by_trunk ? "SIP trunk" : "TwiML App", STR_ARG(sid));
		return false;
	}
	if (terminal_agrees(question.p))
		return true;
	(void)printf("Nothing was changed.\n");
	return false;
}

static struct str
application_name(const struct pointing *p)
{
	return str_format(
	    p->run.cli->arena, "Mainline %.*s", STR_ARG(p->number.number));
}

/* All that is to be known before anything is changed. */
static bool
look(struct pointing *p)
{
	const struct numbers *const numbers = &p->run.numbers;
	struct numbers_error error;
	enum err e = numbers_find(numbers, p->wish.number, &p->number, &error);

	if (e == ERR_OK)
		e = numbers_judge(
		    numbers, &p->number, &p->application, &p->verdict, &error);
	if (e == ERR_OK && p->wish.by_application) {
		e = numbers_application(
		    numbers, application_name(p), &p->ours, &error);
		if (e == ERR_NOT_FOUND)
			e = ERR_OK;
	}
	if (e != ERR_OK) {
		(void)number_run_failed(&p->run, &error);
		return false;
	}
	p->should = number_settings(p->run.cli->arena,
	    str_of(numbers->conf->public_url), p->number.number,
	    p->wish.fallback_url);
	if (p->verdict.state == NUMBER_NO_VOICE)
		cli_error(p->run.cli,
		    "this number is for messages alone: nobody can call it");
	return p->verdict.state != NUMBER_NO_VOICE;
}

/* Our application first: the number is never pointed at half of one. */
static enum err
set_application(struct pointing *p, struct numbers_error *error)
{
	struct arena *const arena = p->run.cli->arena;
	const struct str form =
	    rest_form_with(arena, rest_voice_form(arena, &p->should),
		"FriendlyName", application_name(p));

	return numbers_application_set(
	    &p->run.numbers, p->ours.sid, form, &p->ours, error);
}

static struct str
number_form(const struct pointing *p)
{
	struct arena *const arena = p->run.cli->arena;
	struct str form = STR("");

	if (!p->wish.by_application)
		form = rest_voice_form(arena, &p->should);
	if (p->number.trunk_sid.p != NULL)
		form = rest_form_with(arena, form, "TrunkSid", STR(""));
	if (!str_eq(p->number.application_sid, winner(p)))
		form = rest_form_with(
		    arena, form, "VoiceApplicationSid", winner(p));
	if (p->number.takes_fax)
		form = rest_form_with(
		    arena, form, "VoiceReceiveMode", STR("voice"));
	return form;
}

static int
change(struct pointing *p)
{
	struct numbers_error error;
	struct str form;

	if (p->wish.by_application && set_application(p, &error) != ERR_OK)
		return number_run_failed(&p->run, &error);
	form = number_form(p);
	if (form.n > 0 &&
	    numbers_change(&p->run.numbers, p->number.sid, form, &p->number,
		&error) != ERR_OK)
		return number_run_failed(&p->run, &error);
	return number_report(&p->run, &p->number);
}

static int
point(struct pointing *p)
{
	if (!look(p))
		return CLI_FAILED;
	print_table(p);
	number_warn_of_flow(&p->run, p->number.number);
	if (is_done(p)) {
		(void)printf("There is nothing to change.\n");
		return CLI_OK;
	}
	if (p->wish.dry_run) {
		(void)printf("Nothing was changed (--dry-run).\n");
		return CLI_OK;
	}
	return may_clear(p) ? change(p) : CLI_FAILED;
}

int
number_point(struct cli *cli)
{
	struct pointing p = { 0 };
	int status = CLI_FAILED;

	if (!read_wish(cli, &p.wish))
		return CLI_USAGE;
	if (!number_run_begin(&p.run, cli))
		return CLI_FAILED;
	if (number_can_point(&p.run) &&
	    (p.wish.fallback_url.p == NULL ||
		number_is_fallback(&p.run, p.wish.fallback_url)))
		status = point(&p);
	number_run_end(&p.run);
	return status;
}
