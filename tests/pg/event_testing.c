/* event_testing: events as a worker hands them to the journal. */
#include "event_testing.h"

#define BEGIN_US INT64_C(1795338000000000) /* 2026-11-22 09:00 */

static const char document[] =
    "{\"lines\":{\"*\":{\"entry\":\"welcome\"}},"
    "\"phones\":{\"reception\":{\"name\":\"Reception\","
    "\"number\":\"+15550100777\"}},"
    "\"steps\":{\"welcome\":{\"menu\":{\"say\":\"Hi.\","
    "\"keys\":{\"1\":\"office\",\"2\":\"message\"},"
    "\"tries\":2,\"otherwise\":\"message\"}},"
    "\"office\":{\"forward\":{\"to\":[\"reception\"],"
    "\"otherwise\":\"message\"}},"
    "\"message\":{\"voicemail\":{\"say\":\"Beep.\",\"min_s\":2}}}}";

static enum event_kind
kind_of(struct str uri)
{
	const struct str path = str_slice(uri, 0, str_find(uri, '?'));
	enum event_kind k = EVENT_VOICE;

	while (k < EVENT__MAX && !str_eq(path, str_of(event_kind_path(k))))
		k++;
	assert_true(k < EVENT__MAX);
	return k;
}

struct told
tell(struct arena *arena, const struct request *r)
{
	struct form *const form = ARENA_NEW(arena, struct form);
	const struct webhook webhook = {
		.kind = kind_of(str_of(r->uri)),
		.uri = str_of(r->uri),
		.body = str_of(r->body),
		.form = form,
		.received_us = BEGIN_US + r->at_s * INT64_C(1000000),
	};
	struct flow_errors errors;
	const struct flow *flow;
	struct told t;

	assert_err(form_parse(arena, webhook.body, 512, form), ERR_OK);
	assert_err(flow_parse(arena, STR(document), 7, &errors, &flow), ERR_OK);
	t.ev = webhook_parse(arena, &webhook);
	flow_step(arena, flow, NULL, &t.ev, &t.reply);
	return t;
}

enum err
add(const struct db *db, const struct told *t)
{
	return events_add(db->pg, db->round, &db->log,
	    event_row_new(db->round, &t->ev, &t->reply),
	    in_ms(JOURNAL_BUDGET_MS));
}

void
add_all(const struct db *db, const struct request *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct told t = tell(db->round, &list[i]);

		if (add(db, &t) != ERR_OK)
			fail_msg("%s: %.*s", list[i].uri, STR_ARG(db_said(db)));
	}
}

void
forget_all(const struct db *db)
{
	(void)db_sql(db, "DELETE FROM events");
	(void)db_sql(db, "DELETE FROM events_aside");
	(void)db_sql(db, "DELETE FROM calls");
	(void)db_sql(db, "DELETE FROM jobs");
}
