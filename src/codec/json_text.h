/*
 * json_text: what cJSON lets pass and RFC 8259 does not.  Private to the codec
 * floor.
 */
#ifndef MAINLINE_CODEC_JSON_TEXT_H
#define MAINLINE_CODEC_JSON_TEXT_H

#include "base/str.h"

#include <stddef.h>

/*
 * Looks at the tokens alone: control characters, NULs (raw or escaped), and
 * numbers that are none, like 01 or 1.  Gives NULL, or what is wrong (a
 * literal) and its place in `*at`.
 */
const char *json_text_error(struct str text, size_t *at);

#endif
