/*
 * notify_call: a call of the record, as it is told.  Private to the jobs floor.
 */
#ifndef MAINLINE_JOBS_NOTIFY_CALL_H
#define MAINLINE_JOBS_NOTIFY_CALL_H

#include "base/arena.h"
#include "base/str.h"
#include "io/conf.h"
#include "io/pg.h"
#include "notice_text.h"

/* `call` has one row, in the columns of enum call_column. */
struct notice notify_call_notice(
    struct arena *arena, const struct conf *conf, const struct pg_rows *call);

/*
 * {"type":"call.missed","timestamp":"…","data":{…}}, the call as the API
 * shows it, but its audio_url begins with MAINLINE_PUBLIC_URL, if that is set.
 * Shape: the webhook "call" of openapi/mainline.yaml
 */
struct str notify_call_body(
    struct arena *arena, const struct conf *conf, const struct pg_rows *call);

/* The same of a test: of a line, and of no call. */
struct str notify_test_body(struct arena *arena, const struct notice *notice);

/* Of the page, where the call is; absent where we do not know our own name. */
struct str notify_call_link(
    struct arena *arena, const struct conf *conf, struct str sid);

#endif
