/* diff: two texts, line by line. */
#ifndef TESTS_GOLDEN_DIFF_H
#define TESTS_GOLDEN_DIFF_H

#include "base/arena.h"
#include "base/str.h"

/* Prints `want` with "-" and `got` with "+" before the lines that differ. */
void diff_print(struct arena *arena, struct str want, struct str got);

#endif
