/* doctor_flow: what callers hear, and who is told.  Floor: jobs. */
#include "doctor_flow.h"

#include "base/err.h"
#include "base/str.h"
#include "doctor_checks.h"
#include "doctor_codes.h"
#include "flow/flow.h"
#include "flow/flow_set.h"
#include "io/conf.h"
#include "jobs/notify_test.h"
#include "store/flows.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* `mainline jobs` writes a snapshot every five seconds. */
#define SNAPSHOT_WAIT_MS 6000

static bool
has_line(const struct flow *flow, struct str number)
{
	for (size_t i = 0; i < flow->n_lines; i++) {
		if (str_eq(flow->lines[i].number, number))
			return true;
	}
	return false;
}

void
judge_flow(struct doctor *d)
{
	const struct flow *const flow = d->flow;
	const struct str line = str_of(d->conf->line);

	if (d->published == 0 && d->conf->forward_to == NULL)
		doctor_say(d, FOUND_FLOW_MISSING,
		    "No flow is published and MAINLINE_FORWARD_TO is not set, "
		    "so no phone rings: callers can only leave a message.");
	if (d->published > 0 && line.n > 0 && !has_line(flow, line))
		doctor_say(d, FOUND_LINE_NOT_IN_FLOW,
		    "MAINLINE_LINE %.*s is not among the lines of version %d "
		    "of the flow, so its calls %s.",
		    STR_ARG(line), d->published,
		    flow_line(flow, line) == NULL
			? "can only leave a message"
			: "are answered as those of \"*\"");
}

/* The flow that new calls begin with, or soon will: the last one published. */
static void
read_flow(struct doctor *d)
{
	struct flow_errors errors = { .n = 0 };
	struct flow_version last;
	const enum err e = flows_get(d->jobs.pg, d->arena, 0, &last);

	if (e == ERR_NOT_FOUND) {
		d->flow = flow_builtin(d->arena, str_of(d->conf->line),
		    str_of(d->conf->forward_to));
		return;
	}
	if (e != ERR_OK) {
		doctor_skip(d, "The flows cannot be read.");
		return;
	}
	d->published = last.version;
	d->published_us = last.published_us;
	if (flow_parse(d->arena, last.document, last.version, &errors,
		&d->flow) != ERR_OK)
		doctor_say(d, FOUND_FLOW_BROKEN,
		    "Version %d of the flow is none for this program: %.*s: "
		    "%.*s.",
		    last.version, STR_ARG(errors.list[0].path),
		    STR_ARG(errors.list[0].text));
}

void
examine_flow(struct doctor *d)
{
	if (!d->has_database) {
		doctor_skip(d, "The database cannot be asked.");
		return;
	}
	read_flow(d);
	if (d->flow != NULL)
		judge_flow(d);
}

/* Once more a little later, where it may just not be written yet. */
static enum err
compare(struct doctor *d, const char *path, bool *is_same)
{
	enum err e =
	    flows_snapshot_compare(d->jobs.pg, d->arena, path, is_same);

	if (e == ERR_NOT_FOUND || (e == ERR_OK && !*is_same)) {
		(void)poll(NULL, 0, SNAPSHOT_WAIT_MS);
		e = flows_snapshot_compare(d->jobs.pg, d->arena, path, is_same);
	}
	return e;
}

void
examine_snapshot(struct doctor *d)
{
	const char *const path = flows_snapshot_path(d->arena, d->conf->data);
	struct flow_set *const set = flow_set_new(
	    d->arena, flow_builtin(d->arena, STR_ABSENT, STR_ABSENT));
	struct str why = STR("");
	bool is_same = false;
	enum err e;

	if (flows_snapshot_read(d->arena, path, set, &why) != ERR_OK) {
		doctor_say(d, FOUND_SNAPSHOT_BROKEN,
		    "The flow's snapshot %s cannot be used (%.*s), so workers "
		    "decide by an older one, or can only take messages.",
		    path, STR_ARG(why));
		return;
	}
	if (!d->has_schema) {
		doctor_skip(d,
		    "The database cannot be asked what the snapshot should "
		    "hold.");
		return;
	}
	e = compare(d, path, &is_same);
	if (e == ERR_NOT_FOUND)
		doctor_say(d, FOUND_SNAPSHOT_MISSING,
		    "There is no %s, from which workers know the flow; without "
		    "it they decide by MAINLINE_FORWARD_TO alone.",
		    path);
	else if (e != ERR_OK)
		doctor_skip(d, "It cannot be compared (%s).", strerror(errno));
	else if (!is_same)
		doctor_say(d, FOUND_SNAPSHOT_STALE,
		    "%s does not hold the flows and blocks that the database "
		    "holds, so callers hear an older flow.",
		    path);
}

void
judge_notices(struct doctor *d)
{
	const struct conf *const conf = d->conf;
	bool by_mail = false;
	bool by_webhook = false;

	for (size_t i = 0; i < d->flow->n_lines; i++) {
		by_mail |= d->flow->lines[i].notify.n_email > 0;
		by_webhook |= d->flow->lines[i].notify.webhook.p != NULL;
	}
	if (by_mail && (conf->smtp_url == NULL || conf->smtp_from == NULL))
		doctor_say(d, FOUND_MAIL_NOT_CONFIGURED,
		    "The flow names mail addresses, but %s is not set here, so "
		    "their notices wait.",
		    conf->smtp_url == NULL ? "MAINLINE_SMTP_URL"
					   : "MAINLINE_SMTP_FROM");
	if (by_webhook && conf->webhook_secret == NULL)
		doctor_say(d, FOUND_WEBHOOK_NOT_CONFIGURED,
		    "The flow names a webhook, but MAINLINE_WEBHOOK_SECRET is "
		    "not set here, so its notices wait.");
}

static void
send_test(struct doctor *d, const struct line *line)
{
	const struct notify_test test = {
		.arena = d->arena,
		.conf = d->conf,
		.number = line->number,
		.line = line,
	};
	struct str said;

	if (line->notify.n_email > 0 && d->conf->smtp_url != NULL &&
	    d->conf->smtp_from != NULL && !notify_test_mail(&test, &said))
		doctor_say(d, FOUND_NOTICE_FAILED,
		    "A test letter about %.*s did not go out: %.*s.",
		    STR_ARG(line->number), STR_ARG(said));
	if (line->notify.webhook.p != NULL && d->conf->webhook_secret != NULL &&
	    !notify_test_webhook(&test, &said))
		doctor_say(d, FOUND_NOTICE_FAILED,
		    "A test to the webhook of %.*s did not arrive: %.*s.",
		    STR_ARG(line->number), STR_ARG(said));
}

void
examine_notices(struct doctor *d)
{
	if (d->flow == NULL) {
		doctor_skip(d, "The flow is not known.");
		return;
	}
	judge_notices(d);
	for (size_t i = 0; d->notify && i < d->flow->n_lines; i++)
		send_test(d, &d->flow->lines[i]);
}
