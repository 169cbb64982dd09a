/*
 * xml: any calls with any bytes; when the writer is content, libxml2 can read
 * what it wrote.
 */
#include "codec/xml.h"
#include "fuzz.h"

#include <libxml/parser.h>

#define MAX_BYTES ((size_t)128 * 1024)

/* The first byte of a piece says what is done with the rest of it. */
static void
one_call(struct xml *x, struct str piece)
{
	static const char *const names[] = { "Say", "Gather", "Number", "a" };
	const struct str rest = str_slice(piece, 1, piece.n);
	const unsigned int what = piece.n == 0 ? 0 : (unsigned char)piece.p[0];

	switch (what % 4) {
	case 0:
		xml_open(x, names[what / 4 % 4]);
		break;
	case 1: /* an element has an attribute once: that is the caller's part */
		if (x->in_tag && x->out->n > 0 &&
		    x->out->p[x->out->n - 1] != '"')
			xml_attr(x, names[what / 4 % 4], rest);
		break;
	case 2:
		xml_text(x, rest);
		break;
	default:
		xml_close(x);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *const arena = fuzz_arena();
	struct str rest = fuzz_input(data, size);
	struct buf buf;
	struct xml x;
	xmlDocPtr doc;

	buf_init(&buf, arena, MAX_BYTES);
	xml_init(&x, &buf);
	xml_open(&x, "Response");
	while (rest.p != NULL)
		one_call(&x, fuzz_piece(&rest));
	while (x.depth > 0)
		xml_close(&x);
	if (xml_finish(&x) != ERR_OK)
		return 0;
	doc = xmlReadMemory(buf_str(&buf).p, (int)buf_str(&buf).n, NULL, NULL,
	    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	REQUIRE(doc != NULL);
	xmlFreeDoc(doc);
	return 0;
}
