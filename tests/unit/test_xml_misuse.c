/* xml: calls that do not nest are told, and so is a cap that was met. */
#include "codec/xml.h"
#include "testing.h"

static void
open_only(struct xml *x)
{
	xml_open(x, "a");
}

static void
closed_twice(struct xml *x)
{
	xml_open(x, "a");
	xml_close(x);
	xml_close(x);
}

static void
attribute_outside(struct xml *x)
{
	xml_attr(x, "b", STR("c"));
	xml_open(x, "a");
	xml_close(x);
}

static void
attribute_after_text(struct xml *x)
{
	xml_open(x, "a");
	xml_text(x, STR("text"));
	xml_attr_int(x, "b", 1);
	xml_close(x);
}

static void
attribute_after_a_child(struct xml *x)
{
	xml_open(x, "a");
	xml_open(x, "b");
	xml_close(x);
	xml_attr_bool(x, "c", true);
	xml_close(x);
}

static void
text_outside(struct xml *x)
{
	xml_text(x, STR("text"));
	xml_open(x, "a");
	xml_close(x);
}

static void
too_deep(struct xml *x)
{
	for (size_t i = 0; i <= XML_MAX_DEPTH; i++)
		xml_open(x, "a");
	for (size_t i = 0; i <= XML_MAX_DEPTH; i++)
		xml_close(x);
}

static void
two_roots(struct xml *x)
{
	xml_open(x, "a");
	xml_close(x);
	xml_open(x, "a");
	xml_close(x);
}

static void
no_root(struct xml *x)
{
	(void)x;
}

static void
as_deep_as_it_goes(struct xml *x)
{
	for (size_t i = 0; i < XML_MAX_DEPTH; i++)
		xml_open(x, "a");
	for (size_t i = 0; i < XML_MAX_DEPTH; i++)
		xml_close(x);
}

static const struct row {
	const char *name;
	void (*write)(struct xml *x);
	enum err want;
} rows[] = {
	{ "an element that is left open", open_only, ERR_BUG },
	{ "an element that is closed twice", closed_twice, ERR_BUG },
	{ "an attribute outside any element", attribute_outside, ERR_BUG },
	{ "an attribute behind text", attribute_after_text, ERR_BUG },
	{ "an attribute behind a child", attribute_after_a_child, ERR_BUG },
	{ "text outside the root", text_outside, ERR_BUG },
	{ "one element too deep", too_deep, ERR_BUG },
	{ "two roots are no document", two_roots, ERR_BUG },
	{ "no root is no document", no_root, ERR_BUG },
	{ "as deep as it goes", as_deep_as_it_goes, ERR_OK },
};

static void
test_xml_finish(void **state)
{
	bool ok = true;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf buf;
		struct xml x;
		enum err e;

		buf_init(&buf, *state, 1000);
		xml_init(&x, &buf);
		rows[i].write(&x);
		e = xml_finish(&x);
		print_message("  %s: %s\n", rows[i].name, err_name(e));
		ok = ok && e == rows[i].want;
	}
	assert_true(ok);
}

/* With any cap: all of it or ERR_LIMIT. */
static void
test_xml_meets_its_cap(void **state)
{
	static const size_t whole =
	    sizeof("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
		   "<a b=\"&amp;\">&lt;</a>") -
	    1;

	for (size_t max = 0; max < 2 * whole; max++) {
		struct buf buf;
		struct xml x;

		buf_init(&buf, *state, max);
		xml_init(&x, &buf);
		xml_open(&x, "a");
		xml_attr(&x, "b", STR("&"));
		xml_text(&x, STR("<"));
		xml_close(&x);
		assert_err(xml_finish(&x), max < whole ? ERR_LIMIT : ERR_OK);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_xml_finish),
		TEST(test_xml_meets_its_cap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
