/*
 * cookie: one cookie out of a Cookie header.  Pure.
 * Floor: codec.  Source: RFC 6265, 5.4
 */
#ifndef MAINLINE_CODEC_COOKIE_H
#define MAINLINE_CODEC_COOKIE_H

#include "base/str.h"

/* Borrowed from `header`; the first of that name, absent when there is none. */
struct str cookie_get(struct str header, struct str name);

#endif
