/*
 * str: a borrowed run of bytes with its length.
 * Floor: base.
 *
 * A str owns nothing; whoever made it says how long the bytes live.  They may
 * contain NUL and need not end with one.  `p == NULL` means "absent", which is
 * not the same as empty.
 */
#ifndef MAINLINE_BASE_STR_H
#define MAINLINE_BASE_STR_H

#include "base/arena.h"
#include "base/compiler.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct str {
	const char *p; /* borrowed; NULL: absent */
	size_t n;      /* bytes */
};

/* A literal, usable in expressions and, without the cast, in initializers. */
#define STR_INIT(literal) { (literal), sizeof(literal) - 1 }
#define STR(literal) ((struct str)STR_INIT(literal))
#define STR_ABSENT ((struct str){ NULL, 0 })

/*
 * For printf's "%.*s": up to the first NUL.  `s` is a variable: it is looked at
 * several times.
 */
#define STR_ARG(s) (int)(s).n, (s).p == NULL ? "" : (s).p

/* Borrows a NUL-terminated string; NULL becomes absent. */
struct str str_of(const char *z);

bool str_eq(struct str a, struct str b);
bool str_eq_nocase(struct str a, struct str b); /* ASCII letters only */
bool str_starts(struct str s, struct str prefix);

/* Absent or of no bytes. */
bool str_is_empty(struct str s);

/* Byte order, shorter first when one is the other's beginning; as memcmp(). */
int str_cmp(struct str a, struct str b);

/* The part from `from` on, up to `n` bytes; both are cut to what is there. */
struct str str_slice(struct str s, size_t from, size_t n);

/* The position of the first `c`, or s.n when there is none. */
size_t str_find(struct str s, char c);

/*
 * Cuts `*rest` at the first `sep`: returns what stands before it and leaves
 * what stands behind.  Without a `sep` all is returned and `*rest` becomes
 * absent.
 */
struct str str_split(struct str *rest, char sep);

/* Without ASCII blanks and tabs at either end. */
struct str str_trim(struct str s);

/*
 * A number of decimal digits alone, at most `max`: no sign, no blank, no
 * leading "+".  False leaves `*out` alone.
 */
MUST_USE bool str_to_int(struct str s, int max, int *out);

/* A NUL-terminated copy (a NUL inside ends what C functions see of it). */
char *str_cstr(struct arena *arena, struct str s);

/* A copy that lives as long as the arena; absent stays absent. */
struct str str_copy(struct arena *arena, struct str s);

/* A formatted string in the arena. */
struct str str_format(struct arena *arena, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

/* The same with its arguments in a list, which is of no more use then. */
struct str str_vformat(struct arena *arena, const char *fmt, va_list args)
    PRINTF_LIKE(2, 0);

#endif
