/*
 * form: any body is a form or too long; the pairs that were read are written and
 * read again as the same.
 */
#include "codec/form.h"
#include "fuzz.h"

#include "base/buf.h"

#define MAX_PAIRS 64

static struct str
write_form(struct arena *arena, const struct form *form)
{
	struct buf out;

	buf_init(&out, arena, SIZE_MAX);
	for (size_t i = 0; i < form->n; i++) {
		if (i > 0)
			buf_addc(&out, '&');
		buf_add(&out, form_escape(arena, form->pairs[i].name));
		buf_addc(&out, '=');
		buf_add(&out, form_escape(arena, form->pairs[i].value));
	}
	return buf_str(&out);
}

static void
require_same(const struct form *a, const struct form *b)
{
	REQUIRE(a->n == b->n);
	for (size_t i = 0; i < a->n; i++) {
		REQUIRE(str_eq(a->pairs[i].name, b->pairs[i].name));
		REQUIRE(str_eq(a->pairs[i].value, b->pairs[i].value));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *const arena = fuzz_arena();
	struct form form;
	struct form back;
	struct form sorted;

	if (form_parse(arena, fuzz_input(data, size), MAX_PAIRS, &form) !=
	    ERR_OK)
		return 0;
	REQUIRE(form.n <= MAX_PAIRS);
	REQUIRE(form_parse(arena, write_form(arena, &form), MAX_PAIRS, &back) ==
	    ERR_OK);
	require_same(&form, &back);
	sorted = form_sorted(arena, &form);
	back = form_sorted(arena, &sorted);
	require_same(&sorted, &back);
	return 0;
}
