/*
 * xml: the one writer of XML: an element stack, with the escape at the door.
 * Pure.
 * Floor: codec.  Source: https://www.w3.org/TR/xml/#charsets
 *
 * The form is that of Twilio's own libraries: one line, double quotes, empty
 * elements closed at once.  Text that XML 1.0 cannot hold (invalid UTF-8, NUL,
 * control characters, U+FFFE, U+FFFF) becomes U+FFFD, so the result is always
 * well formed.  Names are literals of ours and are not checked.
 */
#ifndef MAINLINE_CODEC_XML_H
#define MAINLINE_CODEC_XML_H

#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>

#define XML_MAX_DEPTH 8

struct xml {
	struct buf *out;                 /* borrowed */
	const char *open[XML_MAX_DEPTH]; /* names of the open elements */
	size_t depth;
	bool in_tag; /* "<Name a="b"" is written, ">" is not yet */
	bool has_root;
	enum err e; /* sticky: ERR_BUG when the calls do not nest */
};

/* Begins a document: writes the XML declaration. */
void xml_init(struct xml *x, struct buf *out);

/* `name` is a literal and must live as long as the element is open. */
void xml_open(struct xml *x, const char *name);

/* Only between xml_open() and the first content of that element. */
void xml_attr(struct xml *x, const char *name, struct str value);
void xml_attr_int(struct xml *x, const char *name, int value);
void xml_attr_bool(struct xml *x, const char *name, bool value);

void xml_text(struct xml *x, struct str text);

/* Closes the innermost element. */
void xml_close(struct xml *x);

/*
 * ERR_OK: a well-formed document is in the buffer.  ERR_LIMIT: the buffer's cap
 * was met.  ERR_BUG: elements were left open or closed twice, or there
 * is not one root.
 */
MUST_USE enum err xml_finish(const struct xml *x);

#endif
