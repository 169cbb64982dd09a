/*
 * xml: whatever is written, libxml2 reads it back: the same elements, the same
 * attributes, the same text, with U+FFFD for what XML 1.0 cannot hold.
 */
#include "codec/xml.h"
#include "testing.h"

#include <libxml/chvalid.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include <string.h>

#define XML_STRING (const xmlChar *)/* BAD_CAST without its fault */
#define MAX_BYTES ((size_t)256 * 1024)

static struct xml
begin(struct buf *buf, struct arena *arena, size_t max)
{
	struct xml x;

	buf_init(buf, arena, max);
	xml_init(&x, buf);
	return x;
}

static void
test_xml_form(void **state)
{
	struct buf buf;
	struct xml x = begin(&buf, *state, MAX_BYTES);

	xml_open(&x, "Response");
	xml_open(&x, "Gather");
	xml_attr(&x, "action", STR("/a?b=1&c=\"2\""));
	xml_attr_int(&x, "timeout", -5);
	xml_attr_bool(&x, "bargeIn", true);
	xml_attr_bool(&x, "debug", false);
	xml_open(&x, "Say");
	xml_text(&x, STR("a < b & \"c\" > 'd'\r\n\té"));
	xml_text(&x, STR("!"));
	xml_close(&x);
	xml_close(&x);
	xml_open(&x, "Hangup");
	xml_close(&x);
	xml_close(&x);
	assert_err(xml_finish(&x), ERR_OK);
	assert_text(buf_str(&buf),
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>"
	    "<Gather action=\"/a?b=1&amp;c=&quot;2&quot;\" timeout=\"-5\" "
	    "bargeIn=\"true\" debug=\"false\"><Say>a &lt; b &amp; \"c\" &gt; "
	    "'d'&#xD;\n\té!</Say></Gather><Hangup/></Response>");
}

static const struct row {
	const char *name;
	struct str in;
	const char *text; /* as text, and as an attribute */
	const char *attr;
} rows[] = {
	{ "white space in an attribute would become a space",
	    STR_INIT("\t\n\r"), "\t\n&#xD;", "&#x9;&#xA;&#xD;" },
	{ "NUL", STR_INIT("a\0b"),
	    "a\xef\xbf\xbd"
	    "b",
	    "a\xef\xbf\xbd"
	    "b" },
	{ "BEL", STR_INIT("\x07"), "\xef\xbf\xbd", "\xef\xbf\xbd" },
	{ "U+FFFE and U+FFFF", STR_INIT("\xef\xbf\xbe\xef\xbf\xbf"),
	    "\xef\xbf\xbd\xef\xbf\xbd", "\xef\xbf\xbd\xef\xbf\xbd" },
	{ "a surrogate, each byte", STR_INIT("\xed\xa0\x80"),
	    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd",
	    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
	{ "DEL and C1 may stand", STR_INIT("\x7f\xc2\x85"), "\x7f\xc2\x85",
	    "\x7f\xc2\x85" },
	{ "astral characters", STR_INIT("\xf0\x9f\x98\x80"), "\xf0\x9f\x98\x80",
	    "\xf0\x9f\x98\x80" },
	{ "the end of CDATA", STR_INIT("]]>"), "]]&gt;", "]]&gt;" },
	{ "nothing", STR_INIT(""), "", "" },
	{ "absent", { NULL, 0 }, "", "" },
};

static void
test_xml_escape(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf buf;
		struct xml x = begin(&buf, *state, MAX_BYTES);

		print_message("  %s\n", rows[i].name);
		xml_open(&x, "a");
		xml_attr(&x, "b", rows[i].in);
		xml_text(&x, rows[i].in);
		xml_close(&x);
		assert_err(xml_finish(&x), ERR_OK);
		assert_text(buf_str(&buf),
		    str_format(*state,
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
			"<a b=\"%s\">%s</a>",
			rows[i].attr, rows[i].text)
			.p);
	}
}

/*
 * The length of the character at `p`, at least 1; `*ok` is false when XML 1.0
 * cannot hold it, or when these bytes are none.
 */
static size_t
model_char(const unsigned char *p, size_t n, bool *ok)
{
	static const unsigned int least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const size_t len = *p < 0x80 ? 1 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;
	unsigned int c = len == 1 ? *p : *p & (0x7fU >> len);

	*ok = false;
	if (len > n || (*p >= 0x80 && *p < 0xc0) || *p > 0xf7)
		return 1;
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 1;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[len] || (c >= 0xd800 && c < 0xe000) || c > 0x10ffff)
		return 1;
	*ok = xmlIsCharQ(c);
	return len;
}

/* What a reader of XML gets to see of `s`. */
static struct str
model_text(struct arena *arena, struct str s)
{
	struct buf out;

	buf_init(&out, arena, 3 * s.n);
	for (size_t i = 0; i < s.n;) {
		bool ok;
		const size_t n =
		    model_char((const unsigned char *)s.p + i, s.n - i, &ok);

		buf_add(&out, ok ? str_slice(s, i, n) : STR("\xef\xbf\xbd"));
		i += n;
	}
	return buf_str(&out);
}

/* The document that is written and what is expected of it, side by side. */
struct twins {
	struct random *random;
	struct arena *arena;
	struct xml xml;
	xmlNodePtr at; /* the open element of the expected tree */
};

static const char *const names[] = { "a", "Say", "Number" };

static struct str
random_content(struct twins *t)
{
	return random_below(t->random, 2) == 0
	    ? random_bytes(t->random, t->arena, 12)
	    : random_text(t->random, t->arena, 12,
		  "<>&\"'\r\n\t x\xc3\xa9\xef\xbf\xbe\xbf");
}

static void
write_attribute(struct twins *t, const char *name)
{
	const struct str value = random_content(t);

	xml_attr(&t->xml, name, value);
	(void)xmlSetProp(t->at, XML_STRING name,
	    XML_STRING str_cstr(t->arena, model_text(t->arena, value)));
}

static void
write_open(struct twins *t)
{
	const char *const name = names[random_below(t->random, 3)];

	xml_open(&t->xml, name);
	t->at = xmlNewChild(t->at, NULL, XML_STRING name, NULL);
	if (random_below(t->random, 2) == 0)
		write_attribute(t, "url");
	if (random_below(t->random, 2) == 0)
		write_attribute(t, "method");
}

static void
write_text(struct twins *t)
{
	const struct str text = random_content(t);
	const struct str seen = model_text(t->arena, text);

	xml_text(&t->xml, text);
	if (seen.n > 0)
		xmlNodeAddContentLen(t->at, XML_STRING seen.p, (int)seen.n);
}

static void
write_document(struct twins *t, xmlNodePtr root)
{
	const int steps = (int)random_below(t->random, 30);

	for (int i = 0; i < steps; i++) {
		const size_t what = random_below(t->random, 3);

		if (what == 0 && t->xml.depth < XML_MAX_DEPTH) {
			write_open(t);
		} else if (what == 1 && t->at != root) {
			xml_close(&t->xml);
			t->at = t->at->parent;
		} else {
			write_text(t);
		}
	}
	while (t->xml.depth > 0)
		xml_close(&t->xml);
}

static void
assert_same_tree(xmlDocPtr got, xmlDocPtr want)
{
	xmlChar *a;
	xmlChar *b;
	int an;
	int bn;

	xmlDocDumpMemoryEnc(got, &a, &an, "UTF-8");
	xmlDocDumpMemoryEnc(want, &b, &bn, "UTF-8");
	assert_text(str_of((const char *)a), (const char *)b);
	xmlFree(a);
	xmlFree(b);
}

static void
test_xml_is_read_back_by_libxml2(void **state)
{
	struct random r = random_begin();

	for (int i = 0; i < 3000; i++) {
		const xmlDocPtr want = xmlNewDoc(XML_STRING "1.0");
		const xmlNodePtr root =
		    xmlNewDocNode(want, NULL, XML_STRING "Response", NULL);
		struct twins t = { &r, *state, { 0 }, root };
		struct buf buf;
		xmlDocPtr got;

		(void)xmlDocSetRootElement(want, root);
		t.xml = begin(&buf, *state, MAX_BYTES);
		xml_open(&t.xml, "Response");
		write_document(&t, root);
		assert_err(xml_finish(&t.xml), ERR_OK);
		got = xmlReadMemory(buf_str(&buf).p, (int)buf_str(&buf).n, NULL,
		    NULL, XML_PARSE_NONET);
		if (got == NULL)
			fail_msg("%.*s", STR_ARG(buf_str(&buf)));
		assert_same_tree(got, want);
		xmlFreeDoc(got);
		xmlFreeDoc(want);
		arena_reset(*state);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_xml_form),
		TEST(test_xml_escape),
		TEST(test_xml_is_read_back_by_libxml2),
	};
	int failed;

	xmlInitParser();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	xmlCleanupParser();
	return failed;
}
