/*
 * notify_ways: the ways to tell somebody: a letter, or a request to a program.
 * Private to the jobs floor.
 */
#ifndef MAINLINE_JOBS_NOTIFY_WAYS_H
#define MAINLINE_JOBS_NOTIFY_WAYS_H

#include "base/arena.h"
#include "base/str.h"
#include "flow/flow.h"
#include "io/conf.h"
#include "io/fetch.h"
#include "io/mail.h"

#include <stdbool.h>

/* What both need; all of it is borrowed. */
struct sender {
	struct arena *arena;
	const struct conf *conf;
	struct fetcher *fetcher;
};

enum sent_how {
	SENT_OK,
	SENT_LATER, /* perhaps another time */
	SENT_NEVER  /* not in this way */
};

struct sent {
	enum sent_how how;
	struct str what;   /* in words, also when it went well */
	int retry_after_s; /* SENT_LATER: at the earliest; -1: not told */
};

struct letter {
	struct str id; /* the same whenever it is sent; of letters and digits */
	struct str subject;
	struct str text;
	const struct mail_attachment *audio; /* NULL: none */
	struct str text_without; /* where there is `audio`: when sent without */
	bool is_overdue; /* it was put off often enough to try each alone */
};

/*
 * Sends one letter to all of `to->email`.  What the server refuses for good is
 * sent once more without the audio, and then to each alone, so that one wrong
 * address costs the others nothing: SENT_NEVER then names who was not told.
 * What it puts off goes to each alone when the letter is overdue: a mailbox
 * that is full may be so for long.
 */
struct sent notify_by_mail(const struct sender *sender, const struct notify *to,
    const struct letter *letter);

/*
 * Sends JSON to a URL, signed by the convention Standard Webhooks, under an id
 * that is the same whenever it is sent.  2xx is SENT_OK, 410 SENT_NEVER.
 * Source: https://www.standardwebhooks.com/
 */
struct sent notify_by_webhook(const struct sender *sender, struct str url,
    struct str id, struct str body);

#endif
