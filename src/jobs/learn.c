/* learn: what Twilio says of one call.  Floor: jobs. */
#include "learn.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/phone.h"
#include "flow/flow.h"
#include "flow/flow_set.h"
#include "flow/flow_step.h"
#include "flow/reconcile.h"
#include "io/conf.h"
#include "io/pg.h"
#include "kinds.h"
#include "rest_ask.h"
#include "store/event_row.h"
#include "store/events.h"
#include "store/flows.h"
#include "store/missing.h"
#include "store/statements.h"
#include "twilio/rest_calls.h"
#include "twilio/webhook.h"
#include "twilio/words.h"

#include <stddef.h>
#include <stdint.h>

static const char unreadable[] = "Twilio's answer cannot be read";
static const char no_database[] = "the database cannot take it";

/* One call, while it is read. */
struct learner {
	const struct jobs *jobs;
	struct arena *arena;
	struct str account;
	struct reconcile asked;
	struct learnt *out;
};

/*
 * The version, or the last one when `version` is -1; the compiled-in flow where
 * there is none, or where it is not to be read (an older program's).
 */
static const struct flow *
flow_of(const struct jobs *jobs, struct arena *arena, int version)
{
	const struct conf *const conf = jobs->conf;
	struct flow_version found;
	struct flow_errors errors;
	const struct flow *flow;

	if (version != 0 &&
	    flows_get(jobs->pg, arena, version, &found) == ERR_OK &&
	    flow_parse(arena, found.document, found.version, &errors, &flow) ==
		ERR_OK)
		return flow;
	return flow_builtin(
	    arena, str_of(conf->line), str_of(conf->forward_to));
}

bool
learn_is_line(const struct learn_lines *lines, struct str number)
{
	for (size_t i = 0; i < lines->n; i++) {
		if (str_eq(lines->list[i], number))
			return true;
	}
	return false;
}

static void
add_line(struct learn_lines *lines, struct str number)
{
	if (!str_is_empty(number) && !str_eq(number, STR(FLOW_ANY_LINE)) &&
	    !learn_is_line(lines, number))
		lines->list[lines->n++] = number;
}

enum err
learn_lines(
    const struct jobs *jobs, struct arena *arena, struct learn_lines *out)
{
	const struct flow *const flow = flow_of(jobs, arena, -1);
	struct str *recent;
	size_t n;
	enum err e = missing_lines(jobs->pg, arena, &recent, &n);

	if (e != ERR_OK)
		return e;
	out->n = 0;
	out->list = ARENA_ARRAY(arena, n + flow->n_lines + 1, struct str);
	add_line(out, str_of(jobs->conf->line));
	for (size_t i = 0; i < flow->n_lines; i++)
		add_line(out, flow->lines[i].number);
	for (size_t i = 0; i < n; i++)
		add_line(out, recent[i]);
	return ERR_OK;
}

static enum err
ask(struct learner *l, struct str path)
{
	const enum err e = rest_ask(l->jobs, l->arena, path, &l->out->answer);

	l->asked.path = path;
	l->asked.answer = l->out->answer.json;
	l->asked.received_us = clock_wall_us();
	return e;
}

static enum err
fail(struct learner *l, enum err e, const char *why)
{
	l->out->answer.why = why;
	return e;
}

static enum err
add(struct learner *l, const struct event *ev, const struct reply *reply)
{
	const struct event_row *const row = event_row_new(l->arena, ev, reply);
	const enum err e = events_add(l->jobs->pg, l->arena, l->jobs->log, row,
	    clock_mono_ms() + STMT_COMMAND_MS);

	return e == ERR_OK ? e : fail(l, e, no_database);
}

/* What the flow of the call, if we know it, takes for a message. */
static int
min_s_of(const struct learner *l, const struct known_call *known)
{
	return reconcile_min_s(
	    flow_of(l->jobs, l->arena, known->version), known->step);
}

/* An answer about recordings, each an event. */
static enum err
learn_recordings(struct learner *l, const struct known_call *known)
{
	const struct str path =
	    rest_call_recordings_path(l->arena, l->account, l->asked.call_sid);
	struct rest_recordings got;
	struct event ev;
	struct reply reply;
	int min_s;
	enum err e = ask(l, path);

	if (e != ERR_OK)
		return e;
	if (rest_recordings_read(
		l->arena, l->out->answer.json, l->account, &got) != ERR_OK)
		return fail(l, ERR_UPSTREAM, unreadable);
	l->out->n_recordings = got.n;
	l->out->recordings_are_over = true;
	min_s = got.n > 0 ? min_s_of(l, known) : 0;
	for (size_t i = 0; i < got.n && e == ERR_OK; i++) {
		const struct rest_recording *const r = &got.list[i];

		if (!r->is_record_verb || r->status == RECORDING_UNKNOWN)
			continue;
		if (!rest_recording_is_over(r))
			l->out->recordings_are_over = false;
		reconcile_recording(&l->asked, r, min_s, &ev, &reply);
		e = add(l, &ev, &reply);
	}
	return e;
}

/* Is it an inbound call to a number of ours?  Then its line is known. */
static enum err
identify(struct learner *l, const struct rest_call *call,
    const struct known_call *known)
{
	const struct str to =
	    phone_canonical(l->arena, call->to.p == NULL ? STR("") : call->to);
	struct learn_lines lines;
	enum err e = ERR_OK;

	if (!call->is_inbound)
		return ERR_OK;
	if (known->line.p != NULL)
		l->asked.line = known->line;
	else if (l->asked.line.n == 0) {
		e = learn_lines(l->jobs, l->arena, &lines);
		if (e != ERR_OK)
			return fail(l, e, no_database);
		if (!learn_is_line(&lines, to))
			return ERR_OK;
		l->asked.line = to;
	}
	l->out->is_ours = true;
	return e;
}

/*
 * The recordings first: a call that is over and whose message is not known yet
 * would for a moment be one without.
 */
static enum err
learn(struct learner *l, struct rest_call *call)
{
	const struct reconcile of_call = l->asked;
	struct known_call known = { .version = -1 };
	struct event ev;
	struct reply reply;
	struct reconcile asked;
	enum err e = missing_known_call(
	    l->jobs->pg, l->arena, l->asked.call_sid, &known);

	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return fail(l, e, no_database);
	e = identify(l, call, &known);
	if (e != ERR_OK || !l->out->is_ours)
		return e;
	if ((e = learn_recordings(l, &known)) != ERR_OK)
		return e;
	asked = of_call;
	asked.line = l->asked.line;
	reconcile_call(l->arena, &asked, call, &ev, &reply);
	return add(l, &ev, &reply);
}

enum err
learn_call(const struct jobs *jobs, struct arena *arena, struct str line,
    struct str call_sid, struct learnt *out)
{
	struct learner l = {
		.jobs = jobs,
		.arena = arena,
		.account = str_of(jobs->conf->twilio_account_sid),
		.asked = { .line = line, .call_sid = call_sid },
		.out = out,
	};
	struct rest_call call;
	enum err e;

	*out = (struct learnt){ .answer.retry_after_s = -1 };
	e = ask(&l, rest_call_path(arena, l.account, call_sid));
	if (e != ERR_OK)
		return e;
	if (rest_call_read(arena, out->answer.json, &call) != ERR_OK ||
	    !str_eq(call.sid, call_sid))
		return fail(&l, ERR_UPSTREAM, unreadable);
	out->call_is_over = call_status_is_terminal(call.status);
	out->status = call_status_word(call.status);
	return learn(&l, &call);
}
