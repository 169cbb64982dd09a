/*
 * jsonw: the one writer of JSON, straight into a buffer.  Pure.
 * Floor: codec.  Source: RFC 8259
 *
 * A NULL key writes an element of an array (or the document itself), else a
 * member.  Strings may hold any bytes: what is not UTF-8 becomes U+FFFD.
 */
#ifndef MAINLINE_CODEC_JSONW_H
#define MAINLINE_CODEC_JSONW_H

#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct jsonw {
	struct buf *out; /* borrowed */
	bool comma;      /* something stands before, at this level */
};

void jsonw_init(struct jsonw *w, struct buf *out);

void jsonw_object(struct jsonw *w, const char *key);
void jsonw_object_end(struct jsonw *w);
void jsonw_array(struct jsonw *w, const char *key);
void jsonw_array_end(struct jsonw *w);

/* An absent string is null. */
void jsonw_str(struct jsonw *w, const char *key, struct str value);
void jsonw_int(struct jsonw *w, const char *key, int64_t value);
void jsonw_bool(struct jsonw *w, const char *key, bool value);
void jsonw_null(struct jsonw *w, const char *key);

/* RFC 3339 in UTC with milliseconds; a time below 0 is null. */
void jsonw_time(struct jsonw *w, const char *key, int64_t us);

/* A value that is JSON already; the caller vouches for it. */
void jsonw_raw(struct jsonw *w, const char *key, struct str json);

#endif
