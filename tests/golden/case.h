/*
 * case: a golden case, a text file:
 *
 *   A sentence that says what happens.
 *
 *   POST /twilio/menu?line=%2B15550100001&n=2
 *   flows: office as 7, clinic as 8
 *   blocks: +15550100009 +15550100010
 *
 *   Digits = 1
 *   CallerName = {x*5000}\xff
 *
 *   -> TwiML
 *   ...
 *
 * The body's pairs are written as they are meant and escaped by us; "{c*n}" is
 * n times the character c, "\xHH" a byte.  "flows" names files of
 * tests/data/flows, published an hour before the request, as versions; with
 * "flows: none" nothing is published.  "blocks", who is turned away, may be left
 * out.  What stands from "-> " on is expected.
 */
#ifndef TESTS_GOLDEN_CASE_H
#define TESTS_GOLDEN_CASE_H

#include "base/arena.h"
#include "base/str.h"
#include "flow/flow_step.h"
#include "twilio/webhook.h"

struct golden_case {
	const char *path;
	struct str head;     /* the text up to "-> " */
	struct str expected; /* from "-> " on; empty in a new case */
	struct str sentence;
	struct str uri;
	struct str body;
	struct str flows;
	struct str blocks;
};

/* What the program makes of it. */
struct answer {
	struct event ev;
	struct reply reply;
};

/* The paths of all cases, sorted; NULL-ended. */
const char **case_list(struct arena *arena);

/* Reads a case; ends the program, with a word, when it is none. */
struct golden_case case_read(struct arena *arena, const char *path);

/* Decides as the webhook handler does. */
struct answer case_answer(struct arena *arena, const struct golden_case *c);

#endif
