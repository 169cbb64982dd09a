/*
 * notify_webhook: tells a program by a signed request.  Floor: jobs.
 * Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/webhook_sign.h"
#include "io/conf.h"
#include "io/fetch.h"
#include "notify_ways.h"

#include <stddef.h>
#include <stdint.h>

#define DEADLINE_MS INT64_C(15000)
#define SECOND_US INT64_C(1000000)

static struct sent
sent(enum sent_how how, struct str what)
{
	return (struct sent){ how, what, -1 };
}

/* What an answer means: 410 wants no more, the rest may mend. */
static struct sent
judge(struct arena *arena, const struct fetch_response *response)
{
	const int status = response->status;
	struct sent out = sent(
	    SENT_LATER, str_format(arena, "the webhook answered %d", status));

	if (status >= 200 && status <= 299) {
		out.how = SENT_OK;
	} else if (status == 410) {
		out = sent(SENT_NEVER,
		    STR("the webhook answered 410, which asks for no more; "
			"take it out of the flow"));
	} else if (status >= 300 && status <= 399) {
		out.what = str_format(arena,
		    "the webhook answered %d, a redirect, which is not "
		    "followed; write the new address into the flow",
		    status);
	} else {
		out.retry_after_s = response->retry_after_s;
	}
	return out;
}

static struct sent
ask(const struct sender *sender, const struct fetch_request *request)
{
	struct fetch_response response;
	const char *why;
	const enum err e = fetch_open(
	    sender->fetcher, sender->arena, request, &response, &why);

	if (e != ERR_OK)
		return sent(e == ERR_INPUT ? SENT_NEVER : SENT_LATER,
		    str_format(
			sender->arena, "the webhook cannot be asked: %s", why));
	fetch_close(sender->fetcher); /* nobody reads what it says */
	return judge(sender->arena, &response);
}

struct sent
notify_by_webhook(
    const struct sender *sender, struct str url, struct str id, struct str body)
{
	struct arena *const arena = sender->arena;
	const struct webhook_message message = {
		.id = id,
		.timestamp_s = clock_wall_us() / SECOND_US,
		.body = body,
	};
	struct str key;

	if (sender->conf->webhook_secret == NULL ||
	    webhook_secret_parse(
		arena, str_of(sender->conf->webhook_secret), &key) != ERR_OK)
		return sent(SENT_LATER,
		    STR("the flow names a webhook, but MAINLINE_WEBHOOK_SECRET "
			"is not set"));

	const struct fetch_header headers[] = {
		{ "webhook-id", id },
		{ "webhook-timestamp",
		    str_format(arena, "%lld", (long long)message.timestamp_s) },
		{ "webhook-signature", webhook_sign(arena, key, &message) },
	};
	const struct fetch_request request = {
		.url = str_cstr(arena, url),
		.method = FETCH_POST,
		.headers = headers,
		.n_headers = ARRAY_LEN(headers),
		.body = body,
		.content_type = STR("application/json"),
		.head_deadline_ms = clock_mono_ms() + DEADLINE_MS,
		.deadline_ms = clock_mono_ms() + DEADLINE_MS,
	};

	return ask(sender, &request);
}
