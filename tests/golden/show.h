/* show: an answer as text for people: TwiML, one element a line, and facts. */
#ifndef TESTS_GOLDEN_SHOW_H
#define TESTS_GOLDEN_SHOW_H

#include "case.h"

/* All that a case expects, from "-> " on. */
struct str show_answer(struct arena *arena, const struct answer *a);

#endif
