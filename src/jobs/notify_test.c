/* notify_test: shows whether notices arrive.  Floor: jobs. */
#include "jobs/notify_test.h"

#include "base/arena.h"
#include "base/str.h"
#include "codec/base64.h"
#include "flow/flow.h"
#include "io/conf.h"
#include "io/entropy.h"
#include "io/fetch.h"
#include "notice_text.h"
#include "notify_call.h"
#include "notify_ways.h"

#include <stdbool.h>

#define ID_BYTES 12

/* Each test is a notice of its own. */
static struct str
fresh_id(struct arena *arena)
{
	unsigned char id[ID_BYTES];

	entropy_bytes(id, sizeof(id));
	return hex_encode(arena, (struct str){ (const char *)id, sizeof(id) });
}

static struct notice
notice_of(const struct notify_test *test)
{
	return (struct notice){
		.link = notify_call_link(test->arena, test->conf, STR("")),
		.line = test->number,
		.line_name = test->line->name,
	};
}

static bool
went_well(const struct sent *sent, struct str *said)
{
	*said = sent->what;
	return sent->how == SENT_OK;
}

bool
notify_test_mail(const struct notify_test *test, struct str *said)
{
	const struct sender sender = {
		.arena = test->arena,
		.conf = test->conf,
	};
	const struct notice notice = notice_of(test);
	const struct str id = fresh_id(test->arena);
	const struct letter letter = {
		.id = str_format(test->arena, "%.*s.test", STR_ARG(id)),
		.subject = notice_test_subject(test->arena, &notice),
		.text = notice_test_text(test->arena, &notice),
	};
	const struct sent sent =
	    notify_by_mail(&sender, &test->line->notify, &letter);

	return went_well(&sent, said);
}

bool
notify_test_webhook(const struct notify_test *test, struct str *said)
{
	const struct sender sender = {
		.arena = test->arena,
		.conf = test->conf,
		.fetcher = fetcher_new(test->conf->ca_file),
	};
	const struct notice notice = notice_of(test);
	const struct str id = fresh_id(test->arena);
	const struct sent sent =
	    notify_by_webhook(&sender, test->line->notify.webhook,
		str_format(test->arena, "msg_test_%.*s", STR_ARG(id)),
		notify_test_body(test->arena, &notice));

	fetcher_free(sender.fetcher);
	return went_well(&sent, said);
}
