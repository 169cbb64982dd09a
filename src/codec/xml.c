/* xml: the one writer of XML.  Floor: codec. */
#include "codec/xml.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/utf8.h"

#include <stddef.h>
#include <stdint.h>

enum context { CONTEXT_TEXT, CONTEXT_ATTR };

/* XML 1.0 section 2.2, Char. */
static bool
is_xml_char(uint32_t c)
{
	return c == 0x9 || c == 0xa || c == 0xd || (c >= 0x20 && c < 0xfffe) ||
	    c >= 0x10000;
}

/*
 * The reference that stands for `c`, or NULL when it stands for itself.  A bare
 * CR would be read back as LF, and white space in an attribute as a space.
 */
static const char *
reference(uint32_t c, enum context context)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '\r':
		return "&#xD;";
	case '"':
		return context == CONTEXT_ATTR ? "&quot;" : NULL;
	case '\t':
		return context == CONTEXT_ATTR ? "&#x9;" : NULL;
	case '\n':
		return context == CONTEXT_ATTR ? "&#xA;" : NULL;
	default:
		return NULL;
	}
}

static void
xml_escape(struct buf *out, struct str s, enum context context)
{
	for (size_t i = 0; i < s.n;) {
		const struct str rest = str_slice(s, i, s.n);
		uint32_t c;
		const size_t n = utf8_next(rest, &c);
		const char *const ref = reference(c, context);

		if (ref != NULL)
			buf_add(out, str_of(ref));
		else if (c == 0xfffd || !is_xml_char(c))
			buf_add(out, STR(UTF8_REPLACEMENT));
		else
			buf_add(out, str_slice(rest, 0, n));
		i += n;
	}
}

void
xml_init(struct xml *x, struct buf *out)
{
	*x = (struct xml){ .out = out };
	buf_add(out, STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"));
}

/* The open tag ends here: content follows. */
static void
xml_end_tag(struct xml *x)
{
	if (x->in_tag)
		buf_addc(x->out, '>');
	x->in_tag = false;
}

void
xml_open(struct xml *x, const char *name)
{
	if (x->depth == XML_MAX_DEPTH || (x->depth == 0 && x->has_root)) {
		x->e = ERR_BUG;
		return;
	}
	x->has_root = true;
	xml_end_tag(x);
	buf_addc(x->out, '<');
	buf_add(x->out, str_of(name));
	x->open[x->depth++] = name;
	x->in_tag = true;
}

void
xml_attr(struct xml *x, const char *name, struct str value)
{
	if (!x->in_tag) {
		x->e = ERR_BUG;
		return;
	}
	buf_addc(x->out, ' ');
	buf_add(x->out, str_of(name));
	buf_add(x->out, STR("=\""));
	xml_escape(x->out, value, CONTEXT_ATTR);
	buf_addc(x->out, '"');
}

void
xml_attr_int(struct xml *x, const char *name, int value)
{
	xml_attr(x, name, str_format(x->out->arena, "%d", value));
}

void
xml_attr_bool(struct xml *x, const char *name, bool value)
{
	xml_attr(x, name, value ? STR("true") : STR("false"));
}

void
xml_text(struct xml *x, struct str text)
{
	if (x->depth == 0) {
		x->e = ERR_BUG;
		return;
	}
	xml_end_tag(x);
	xml_escape(x->out, text, CONTEXT_TEXT);
}

void
xml_close(struct xml *x)
{
	if (x->depth == 0) {
		x->e = ERR_BUG;
		return;
	}
	x->depth--;
	if (x->in_tag) {
		buf_add(x->out, STR("/>"));
	} else {
		buf_add(x->out, STR("</"));
		buf_add(x->out, str_of(x->open[x->depth]));
		buf_addc(x->out, '>');
	}
	x->in_tag = false;
}

enum err
xml_finish(const struct xml *x)
{
	if (x->e != ERR_OK || x->depth != 0 || !x->has_root)
		return ERR_BUG;
	return buf_close(x->out);
}
