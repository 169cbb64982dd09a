/* json: what is read is written by our writer and read again as the same. */
#include "codec/json.h"
#include "codec/jsonw.h"
#include "codec/utf8.h"
#include "fuzz.h"

/* NOLINTNEXTLINE(misc-no-recursion): the reader bounds the depth */
static void
write_json(struct jsonw *w, const struct json *json)
{
	struct arena *const arena = w->out->arena;
	const char *const key =
	    json->key.p == NULL ? NULL : str_cstr(arena, json->key);

	switch (json->type) {
	case JSON_NULL:
		jsonw_null(w, key);
		break;
	case JSON_BOOL:
		jsonw_bool(w, key, json->boolean);
		break;
	case JSON_NUMBER: /* there is no writer of fractions */
		jsonw_int(w, key, 0);
		break;
	case JSON_STRING:
		jsonw_str(w, key, json->string);
		break;
	case JSON_ARRAY:
	case JSON_OBJECT:
		if (json->type == JSON_ARRAY)
			jsonw_array(w, key);
		else
			jsonw_object(w, key);
		for (const struct json *i = json->child; i != NULL; i = i->next)
			write_json(w, i);
		if (json->type == JSON_ARRAY)
			jsonw_array_end(w);
		else
			jsonw_object_end(w);
	}
}

/* NOLINTNEXTLINE(misc-no-recursion): the reader bounds the depth */
static void
require_same(const struct json *a, const struct json *b)
{
	REQUIRE(a->type == b->type);
	REQUIRE(str_eq(a->key, b->key));
	REQUIRE(str_eq(a->string, b->string));
	REQUIRE(a->boolean == b->boolean);
	REQUIRE(utf8_is_valid(a->string) && utf8_is_valid(a->key));
	REQUIRE(str_find(a->string, '\0') == a->string.n);
	a = a->child;
	b = b->child;
	while (a != NULL && b != NULL) {
		require_same(a, b);
		a = a->next;
		b = b->next;
	}
	REQUIRE(a == NULL && b == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *const arena = fuzz_arena();
	struct json_error error;
	const struct json *tree;
	const struct json *back;
	struct buf buf;
	struct jsonw w;

	if (json_parse(arena, fuzz_input(data, size), &error, &tree) !=
	    ERR_OK) {
		REQUIRE(error.what != NULL);
		return 0;
	}
	buf_init(&buf, arena, SIZE_MAX);
	jsonw_init(&w, &buf);
	write_json(&w, tree);
	REQUIRE(json_parse(arena, buf_str(&buf), &error, &back) == ERR_OK);
	require_same(tree, back);
	return 0;
}
