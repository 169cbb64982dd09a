/*
 * buf: a growing run of bytes with a cap.
 * Floor: base.
 *
 * The error is sticky: after the first append that would pass the cap nothing
 * more is added, and buf_close() says so once, so that building code reads like
 * the document that it builds.
 */
#ifndef MAINLINE_BASE_BUF_H
#define MAINLINE_BASE_BUF_H

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"

#include <stddef.h>

struct buf {
	struct arena *arena; /* where the bytes lie; borrowed */
	char *p;
	size_t n;   /* bytes written */
	size_t cap; /* bytes allocated */
	size_t max; /* never more than this */
	enum err e; /* ERR_OK, or ERR_LIMIT from the first append too many */
};

/* An empty buffer of at most `max` bytes; nothing is allocated yet. */
void buf_init(struct buf *b, struct arena *arena, size_t max);

void buf_add(struct buf *b, struct str s);
void buf_addc(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* What was written so far; valid until the next append. */
struct str buf_str(const struct buf *b);

/* ERR_OK, or ERR_LIMIT if something was left out. */
MUST_USE enum err buf_close(const struct buf *b);

#endif
