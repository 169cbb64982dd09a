/*
 * call_json: a call as JSON, for the API and for who is told of it.
 * Floor: store.  Shape: openapi/mainline.yaml
 */
#ifndef MAINLINE_STORE_CALL_JSON_H
#define MAINLINE_STORE_CALL_JSON_H

#include "base/arena.h"
#include "codec/jsonw.h"
#include "io/pg.h"
#include "store/calls.h"

#include <stddef.h>

/*
 * The members of a Call (openapi/mainline.yaml) into the open object.  `origin`
 * stands before what is a path of ours: "" for who asked us, and knows it.
 */
void call_json_members(struct jsonw *w, const struct pg_rows *rows, size_t row,
    const char *origin);

/* "steps" and "legs" of a LiveCall into the open object. */
void call_json_course(struct jsonw *w, const struct call_detail *detail);

/* "steps", "legs" and "events" of a CallDetail into the open object. */
void call_json_detail(
    struct arena *arena, struct jsonw *w, const struct call_detail *detail);

#endif
