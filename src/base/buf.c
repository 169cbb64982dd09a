/* buf: a growing run of bytes with a cap.  Floor: base. */
#include "base/buf.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define BUF_FIRST_BYTES 512

void
buf_init(struct buf *b, struct arena *arena, size_t max)
{
	*b = (struct buf){ .arena = arena, .max = max };
}

/* Room for `more` bytes and a NUL behind them, or the sticky error. */
static bool
buf_reserve(struct buf *b, size_t more)
{
	size_t cap = b->cap == 0 ? BUF_FIRST_BYTES : b->cap;
	char *p;

	if (b->e != ERR_OK)
		return false;
	if (more > b->max - b->n) {
		b->e = ERR_LIMIT;
		return false;
	}
	if (b->p != NULL && b->cap - b->n > more)
		return true;
	while (cap - b->n <= more)
		cap *= 2;
	p = arena_alloc(b->arena, cap);
	if (b->p != NULL)
		memcpy(p, b->p, b->n);
	b->p = p;
	b->cap = cap;
	return true;
}

void
buf_add(struct buf *b, struct str s)
{
	if (!buf_reserve(b, s.n) || s.n == 0)
		return;
	memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
}

void
buf_addc(struct buf *b, char c)
{
	buf_add(b, (struct str){ &c, 1 });
}

void
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list args;
	va_list again;
	int n;

	va_start(args, fmt);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (n > 0 && buf_reserve(b, (size_t)n)) {
		(void)vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
		b->n += (size_t)n;
	}
	va_end(again);
}

struct str
buf_str(const struct buf *b)
{
	return (struct str){ b->p == NULL ? "" : b->p, b->n };
}

enum err
buf_close(const struct buf *b)
{
	return b->e;
}
