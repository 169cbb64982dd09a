/*
 * base64: RFC 4648, the standard alphabet and the one for URLs.  Pure.
 * Floor: codec.
 */
#ifndef MAINLINE_CODEC_BASE64_H
#define MAINLINE_CODEC_BASE64_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>

/* One of the 64 characters of section 5? */
bool is_base64url(char c);

/* With padding (section 4). */
struct str base64_encode(struct arena *arena, struct str bytes);

/*
 * The same back, and strict: padded, no other character, no bits left over.
 * ERR_INPUT otherwise.  `*out` lives in `arena`.
 */
MUST_USE enum err base64_decode(
    struct arena *arena, struct str text, struct str *out);

/* For URLs and file names, without padding (section 5). */
struct str base64url_encode(struct arena *arena, struct str bytes);

/*
 * Strict: no padding, no other character, no bits left over.  ERR_INPUT
 * otherwise.  `*out` lives in `arena`.
 */
MUST_USE enum err base64url_decode(
    struct arena *arena, struct str text, struct str *out);

/* The value of a hexadecimal digit of either case, or -1. */
int hex_digit(char c);

/* Lower-case hexadecimal. */
struct str hex_encode(struct arena *arena, struct str bytes);

/* An even number of hexadecimal digits of either case, else ERR_INPUT. */
MUST_USE enum err hex_decode(
    struct arena *arena, struct str text, struct str *out);

#endif
