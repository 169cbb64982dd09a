/* parse_notify: who is told of a line's calls.  Floor: flow. */
#include "parse_notify.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/json.h"
#include "codec/mail_header.h"
#include "codec/url.h"
#include "flow/flow.h"
#include "reader.h"

#include <stdbool.h>
#include <stddef.h>

static bool
is_named(const struct notify *notify, struct str address)
{
	for (size_t i = 0; i < notify->n_email; i++) {
		if (str_eq_nocase(notify->email[i], address))
			return true;
	}
	return false;
}

static void
parse_email(struct reader *r, struct node p, struct notify *notify)
{
	const struct node email = reader_member(r, p, "email");
	const size_t n = reader_count(email);
	int index = 0;

	if (email.json == NULL)
		return;
	if (email.json->type != JSON_ARRAY || n == 0 ||
	    n > FLOW_MAX_RECIPIENTS) {
		reader_error(r, email.path,
		    "must be a list of 1 to %d addresses, like "
		    "[\"office@example.com\"]",
		    FLOW_MAX_RECIPIENTS);
		return;
	}
	notify->email = ARENA_ARRAY(r->arena, n, struct str);
	for (const struct json *i = email.json->child; i != NULL; i = i->next) {
		const struct node at = reader_child(r, email, i, index++);

		if (i->type != JSON_STRING || !mail_address_is_good(i->string))
			reader_error(r, at.path,
			    "is not a mail address; write it like "
			    "office@example.com, without a name");
		else if (is_named(notify, i->string))
			reader_error(r, at.path,
			    "names %.*s a second time; remove it",
			    STR_ARG(i->string));
		notify->email[notify->n_email++] = i->string;
	}
}

/* What is sent there tells who called: nobody on the way may read it. */
static void
parse_webhook(struct reader *r, struct node p, struct notify *notify)
{
	const struct node webhook = reader_member(r, p, "webhook");
	struct url url;

	if (webhook.json == NULL)
		return;
	notify->webhook =
	    reader_string(r, p, "webhook", FLOW_URL_MAX_BYTES, STR_ABSENT);
	if (str_trim(notify->webhook).n == 0 ||
	    notify->webhook.n > FLOW_URL_MAX_BYTES)
		return; /* reader_string() has said so */
	if (url_parse(notify->webhook, &url) != ERR_OK ||
	    (!str_eq_nocase(url.scheme, STR("https")) &&
		!str_eq_nocase(url.scheme, STR("http"))))
		reader_error(r, webhook.path,
		    "is not a URL that can be asked; write it like "
		    "https://example.com/calls, without a user, a fragment "
		    "or blanks");
	else if (!url_is_private(&url))
		reader_error(r, webhook.path,
		    "would be sent so that others can read it; use https "
		    "(http is for localhost alone)");
}

struct notify
parse_notify(struct reader *r, struct node line)
{
	static const char *const keys[] = { "email", "webhook", "voicemail",
		"missed", NULL };
	const char *const example = "{ \"email\": [\"office@example.com\"] }";
	const struct node p = reader_member(r, line, "notify");
	struct notify notify = { .voicemail = true, .missed = true };

	if (p.json == NULL || !reader_is_object(r, p, example))
		return notify;
	reader_known_keys(r, p, keys);
	parse_email(r, p, &notify);
	parse_webhook(r, p, &notify);
	notify.voicemail = reader_bool(r, p, "voicemail", true);
	notify.missed = reader_bool(r, p, "missed", true);
	if (json_member(p.json, STR("email")) == NULL &&
	    json_member(p.json, STR("webhook")) == NULL)
		reader_error(r, p.path,
		    "tells nobody; add \"email\" or \"webhook\", like %s, or "
		    "remove it",
		    example);
	return notify;
}
