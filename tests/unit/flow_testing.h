/*
 * flow_testing: flows of tests/data/flows and events as Twilio would send them.
 */
#ifndef TESTS_UNIT_FLOW_TESTING_H
#define TESTS_UNIT_FLOW_TESTING_H

#include "flow/flow.h"
#include "flow/flow_step.h"
#include "testing.h"
#include "twilio/webhook.h"

#define CALL_SID "CA0123456789abcdef0123456789abcdef"
#define LEG_SID "CA11111111111111111111111111111111"
#define RECORDING_SID "RE0123456789abcdef0123456789abcdef"

/* tests/data/flows/<name>.json as that version; fails the test if it is none. */
const struct flow *flow_of_file(
    struct arena *arena, const char *name, int version);

/* The same of a document whose quotes are written as "'". */
const struct flow *flow_of_text(struct arena *arena, const char *document);

/* A document with "'" for quotes made JSON. */
struct str quoted(struct arena *arena, const char *document);

/* The event of a request to `uri`, by which its kind goes too. */
struct event event_of(struct arena *arena, struct str uri, struct str body);

/* The value of an attribute or the text of an element, up to `end`; absent. */
struct str between(struct str document, const char *begin, const char *end);

/* A URL out of TwiML as Twilio would ask it: "&amp;" is "&", no fragment. */
struct str url_of(struct arena *arena, struct str attribute);

#endif
