/*
 * form: application/x-www-form-urlencoded, the one decoder of bodies and query
 * strings.  Pure.
 * Floor: codec.  Source: https://url.spec.whatwg.org/#urlencoded-parsing
 */
#ifndef MAINLINE_CODEC_FORM_H
#define MAINLINE_CODEC_FORM_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct form_pair {
	struct str name; /* decoded; may be empty, may hold any byte */
	struct str value;
};

struct form {
	struct form_pair *pairs; /* in the order in which they were sent */
	size_t n;
};

/*
 * Decodes `body`: "+" is a space, %XX one byte; a "%" that two hexadecimal
 * digits do not follow stands for itself, as with Twilio's own decoder.  Bytes
 * are not checked to be UTF-8.  An empty piece between two "&" is no pair; "a"
 * is the pair ("a", "").
 *
 * ERR_OK    `*out` is set; its bytes live in `arena` or are borrowed from
 * `body`
 * ERR_LIMIT more than `max_pairs` pairs
 */
MUST_USE enum err form_parse(
    struct arena *arena, struct str body, size_t max_pairs, struct form *out);

/* The value of the first pair with that name, or absent. */
struct str form_get(const struct form *form, const char *name);

/* How many pairs have that name. */
size_t form_count(const struct form *form, const char *name);

/*
 * The pairs in byte order of their names, then of their values, each different
 * pair once; `form` itself keeps its order.  Lives in `arena`.
 */
struct form form_sorted(struct arena *arena, const struct form *form);

/* `s` with all but A-Z a-z 0-9 - . _ ~ written as %XX (RFC 3986, 2.3). */
struct str form_escape(struct arena *arena, struct str s);

#endif
