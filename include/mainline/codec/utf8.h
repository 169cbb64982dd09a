/*
 * utf8: is it UTF-8, and what to do when it is not.  Pure (libunistring).
 * Floor: codec.
 */
#ifndef MAINLINE_CODEC_UTF8_H
#define MAINLINE_CODEC_UTF8_H

#include "base/arena.h"
#include "base/str.h"

#include <stdint.h>

/* Valid UTF-8 as RFC 3629 has it: no surrogates, no overlong forms. */
bool utf8_is_valid(struct str s);

/*
 * The same text, fit for PostgreSQL's `text` and for JSON: each byte that is
 * not part of valid UTF-8, and each NUL, becomes U+FFFD.  Borrows `s` when
 * there is nothing to replace, else allocates from `arena`.  Absent stays
 * absent.
 */
struct str utf8_clean(struct arena *arena, struct str s);

/*
 * The character at the beginning of `s`: its length in bytes, at least 1, and
 * the code point in `*out`; U+FFFD and 1 for a byte that begins none.  `s` has
 * at least one byte.
 */
size_t utf8_next(struct str s, uint32_t *out);

#define UTF8_REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

#endif
