/*
 * webhooks: Twilio's requests.
 * Floor: http.
 *
 * All take the same way: type the event, decide without I/O, make it durable,
 * answer.  What differs is flow_step()'s business.  An event that could be
 * written nowhere still gets its TwiML; of a callback Twilio is told that it
 * failed.
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
	enum err e;
	const struct journal_entry entry = {
		.ev = &ev,
		.reply = &reply,
		.received_ms = req->started_ms,
	};

	req->log->call_sid = ev.call_sid;
	flow_step(
	    req->arena, flow_of(ctx, &ev), &ctx->flows->blocks, &ev, &reply);
	e = journal_add(ctx->journal, req->arena, req->log, &entry);
	if (event_kind_is_voice(ev.kind)) {
		/* The caller first: what could not be recorded is counted. */
		resp_twiml(resp, reply.twiml);
		return ERR_OK;
	}
	if (e == ERR_OK)
		resp_empty(resp, 204);
	return e;
}
