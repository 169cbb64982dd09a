/*
 * uuid: a name that nobody else has given, for what must be told apart for
 * ever.  Pure.
 * Floor: codec.  Source: RFC 9562, 5.8 (version 8), 4 (the URN)
 */
#ifndef MAINLINE_CODEC_UUID_H
#define MAINLINE_CODEC_UUID_H

#include "base/arena.h"
#include "base/str.h"

/*
 * "urn:uuid:" and the UUID of a text: the first bytes of its SHA-256.  The same
 * text has the same one everywhere.
 */
struct str uuid_urn(struct arena *arena, struct str text);

#endif
