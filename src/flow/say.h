/* say: texts with placeholders.  Private to the flow floor. */
#ifndef MAINLINE_FLOW_SAY_H
#define MAINLINE_FLOW_SAY_H

#include "base/arena.h"
#include "base/str.h"

/* What stands for {line} and {caller}. */
struct say_values {
	struct str line;   /* the line's name */
	struct str caller; /* the caller's number, or absent */
};

/*
 * The text with its placeholders filled in; the caller's number is spelt digit
 * by digit, and one that is none is "an unknown caller".
 */
struct str say_fill(
    struct arena *arena, struct str text, const struct say_values *values);

/* The first {word} that is no placeholder, or absent. */
struct str say_unknown_placeholder(struct str text);

#endif
