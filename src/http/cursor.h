/*
 * cursor: where the next page of a list begins, as its readers hand it back.
 * Private to the http floor.
 */
#ifndef MAINLINE_HTTP_CURSOR_H
#define MAINLINE_HTTP_CURSOR_H

#include "base/arena.h"
#include "base/compiler.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* Behind a row of that time; `rest` is whatever else is needed.  In `arena`. */
struct str cursor_print(struct arena *arena, int64_t us, struct str rest);

/*
 * Reads one.  Anybody can write a cursor: `*rest` is valid UTF-8, and all else
 * about it is to be checked.  False: it is none.
 */
MUST_USE bool cursor_parse(
    struct arena *arena, struct str cursor, int64_t *us, struct str *rest);

#endif
