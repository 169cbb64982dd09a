/*
 * webhooks: Twilio's requests.
 * Floor: http.
 *
 * All take the same way: type the event, decide without I/O, make it durable,
 * answer.  What differs is flow_step()'s business.
 */
#include "webhooks.h"

#include "base/err.h"
#include "flow/flow.h"
#include "flow/flow_set.h"
#include "flow/flow_step.h"
#include "http/http.h"
#include "store/journal.h"
#include "twilio/webhook.h"
#include "twilio/words.h"

/* An event that begins a call takes the version in force, others their own. */
static const struct flow *
flow_of(const struct ctx *ctx, const struct event *ev)
{
	const bool entry = ev->kind == EVENT_VOICE ||
	    (ev->kind == EVENT_FALLBACK && ev->failed == EVENT_VOICE);

	if (entry)
		return flow_set_entry(ctx->flows, ev->received_us);
	return flow_set_at(ctx->flows, ev->state.version);
}

enum err
webhook_answer(const struct ctx *ctx, struct req *req, struct resp *resp)
{
	const struct webhook webhook = {
		.kind = req->event,
		.uri = req->uri,
		.body = req->body,
		.form = &req->form,
		.received_us = req->received_us,
	};
	const struct event ev = webhook_parse(req->arena, &webhook);
	struct reply reply;
	const struct journal_entry entry = {
		.ev = &ev,
		.reply = &reply,
		.deadline_ms = req_deadline(req, JOURNAL_BUDGET_MS),
	};

	req->log->call_sid = ev.call_sid;
	flow_step(req->arena, flow_of(ctx, &ev), &ev, &reply);
	if (journal_add(ctx->journal, req->arena, req->log, &entry) != ERR_OK)
		return ERR_BUSY; /* whatever it was, it may pass */
	if (event_kind_is_voice(ev.kind))
		resp_twiml(resp, reply.twiml);
	else
		resp_empty(resp, 204);
	return ERR_OK;
}
