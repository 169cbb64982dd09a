/*
 * event_testing: events as a worker hands them to the journal: typed by
 * webhook_parse(), decided by flow_step().
 */
#ifndef TESTS_PG_EVENT_TESTING_H
#define TESTS_PG_EVENT_TESTING_H

#include "flow/flow_step.h"
#include "pg_testing.h"
#include "store/events.h"
#include "store/journal.h"

#define LINE "+15550100001"
#define CALL "CA0123456789abcdef0123456789abcdef"
#define LEG "CA11111111111111111111111111111111"
#define RE "RE0123456789abcdef0123456789abcdef"

/* The state of a URL of ours at a step, and what the inbound leg always sends. */
#define AT(step, n) "?line=%2B15550100001&call=" CALL "&v=7&step=" step "&n=" n
#define OWN "CallSid=" CALL "&From=%2B15550100009&To=%2B15550100001"
#define ENDED "&Timestamp=Sun,+22+Nov+2026+09:01:03+%2B0000"

/* A request, and how many seconds after 2026-11-22 09:00 it is received. */
struct request {
	const char *uri, *body;
	int at_s;
};

struct told {
	struct event ev;
	struct reply reply;
};

/* With the flow "welcome" (1: office, 2: message) as version 7. */
struct told tell(struct arena *arena, const struct request *r);

enum err add(const struct db *db, const struct told *t);

/* All of them, in their order; each must do. */
void add_all(const struct db *db, const struct request *list, size_t n);

/* No event and no call is left. */
void forget_all(const struct db *db);

#endif
