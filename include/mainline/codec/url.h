/*
 * url: the URLs that we ask, and which of them may carry a secret.  Pure.
 * Floor: codec.  Source: https://www.rfc-editor.org/rfc/rfc3986
 *
 * Stricter than any library that reads URLs, so that none can see another host
 * in one than we do: no user, no fragment, no backslash, no byte but printable
 * ASCII; a host is letters, digits, ".", "-" and "_", or an IPv6 address in
 * brackets.
 */
#ifndef MAINLINE_CODEC_URL_H
#define MAINLINE_CODEC_URL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>

struct url {
	struct str scheme;    /* "https", in whatever case it was written */
	struct str origin;    /* "https://host:port", as written */
	struct str authority; /* "host:port", as written */
	struct str host;      /* with its brackets, if it has them */
	int port;             /* 0: not told */
	struct str path;      /* up to the end, the query included; or "" */
};

/*
 * Takes a URL apart.  ERR_INPUT: it is none that we would ask.  The parts
 * borrow from `text`.
 */
MUST_USE enum err url_parse(struct str text, struct url *out);

/*
 * A piece of a path with each %XX decoded and all else as it is, "+" too;
 * absent when a "%" is followed by anything else.  Borrows, or lives in
 * `arena`.
 */
struct str url_unescape(struct arena *arena, struct str s);

/*
 * Does this name stay on this machine, whatever a resolver says?  "localhost"
 * in any case, an address of 127.0.0.0/8 in four plain numbers, "[::1]".
 */
bool url_is_loopback(const struct url *url);

/*
 * The one place that decides what a secret may be sent over: https and smtps
 * to anybody, plain http and smtp to this machine alone.
 */
bool url_is_private(const struct url *url);

#endif
