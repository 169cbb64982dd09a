/* notify_mail: tells people by a letter.  Floor: jobs. */
#include "base/clock.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/url.h"
#include "flow/flow.h"
#include "io/conf.h"
#include "io/mail.h"
#include "notify_ways.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of one attempt, and of all of them: less than a job's lease. */
#define ONE_MS INT64_C(60000)
#define ALL_MS INT64_C(300000)

struct posting {
	const struct sender *sender;
	const struct letter *letter;
	int64_t deadline_ms;
	const char *why; /* of the last attempt */
};

/* Unique in the world, as a message id must be. */
static struct str
message_id(const struct sender *sender, struct str id)
{
	struct url url = { .host = STR("localhost") };

	if (sender->conf->public_url != NULL &&
	    url_parse(str_of(sender->conf->public_url), &url) != ERR_OK)
		url.host = STR("localhost"); /* never: conf has checked it */
	return str_format(
	    sender->arena, "%.*s@%.*s", STR_ARG(id), STR_ARG(url.host));
}

static enum err
post(struct posting *p, const struct str *to, size_t n, bool with_audio)
{
	static const struct mail_header headers[] = {
		/* No out-of-office answers, please: RFC 3834, 5. */
		{ "Auto-Submitted", STR_INIT("auto-generated") },
	};
	const struct letter *const letter = p->letter;
	const int64_t one_ms = clock_mono_ms() + ONE_MS;
	const struct mail mail = {
		.to = to,
		.n_to = n,
		.subject = letter->subject,
		.text = letter->audio == NULL || with_audio
		    ? letter->text
		    : letter->text_without,
		.message_id = message_id(p->sender, letter->id),
		.date_us = clock_wall_us(),
		.attachment = with_audio ? letter->audio : NULL,
		.headers = headers,
		.n_headers = ARRAY_LEN(headers),
	};

	return mail_send(p->sender->arena, p->sender->conf, &mail,
	    one_ms < p->deadline_ms ? one_ms : p->deadline_ms, &p->why);
}

static struct sent
sent(enum sent_how how, struct str what)
{
	return (struct sent){ how, what, -1 };
}

/* Adds one who was not told. */
static struct str
add_failed(const struct posting *p, struct str failed, struct str address)
{
	return str_format(p->sender->arena, "%.*s%s%.*s: %s", STR_ARG(failed),
	    failed.p == NULL ? "" : "; ", STR_ARG(address), p->why);
}

/* To each by itself; whoever was told is not told again for the others. */
static struct sent
post_each(struct posting *p, const struct notify *to, bool with_audio)
{
	struct str failed = STR_ABSENT;
	bool told = false;
	bool later = false;

	for (size_t i = 0; i < to->n_email; i++) {
		const enum err e = post(p, &to->email[i], 1, with_audio);

		told = told || e == ERR_OK;
		later = later || e == ERR_BUSY;
		if (e != ERR_OK)
			failed = add_failed(p, failed, to->email[i]);
	}
	if (failed.p == NULL)
		return sent(SENT_OK, STR("the mail server has taken it"));
	return sent(later && !told ? SENT_LATER : SENT_NEVER, failed);
}

struct sent
notify_by_mail(const struct sender *sender, const struct notify *to,
    const struct letter *letter)
{
	struct posting p = {
		.sender = sender,
		.letter = letter,
		.deadline_ms = clock_mono_ms() + ALL_MS,
	};
	enum err e;

	if (sender->conf->smtp_url == NULL)
		return sent(SENT_LATER,
		    STR("the flow names who is mailed, but MAINLINE_SMTP_URL "
			"is not set"));
	e = post(&p, to->email, to->n_email, letter->audio != NULL);
	if (e == ERR_INPUT && letter->audio != NULL)
		e = post(&p, to->email, to->n_email, false);
	if (e == ERR_INPUT && to->n_email > 1)
		return post_each(&p, to, false);
	if (e == ERR_BUSY && to->n_email > 1 && letter->is_overdue)
		return post_each(&p, to, letter->audio != NULL);
	if (e == ERR_OK)
		return sent(SENT_OK, STR("the mail server has taken it"));
	return sent(e == ERR_INPUT ? SENT_NEVER : SENT_LATER, str_of(p.why));
}
