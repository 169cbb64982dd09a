/* jsonw: what it writes is read back by our reader and by cJSON alike. */
#include "codec/json.h"
#include "codec/jsonw.h"
#include "codec/utf8.h"
#include "testing.h"

#include <cjson/cJSON.h>

#include <string.h>

#define MAX_BYTES ((size_t)64 * 1024)

static void
test_jsonw_form(void **state)
{
	struct buf buf;
	struct jsonw w;

	buf_init(&buf, *state, MAX_BYTES);
	jsonw_init(&w, &buf);
	jsonw_object(&w, NULL);
	jsonw_str(&w, "s", STR("a\"\\/\n\t\x01\x7f\xc3\xa9"));
	jsonw_str(&w, "absent", STR_ABSENT);
	jsonw_str(&w, "empty", STR(""));
	jsonw_int(&w, "least", INT64_MIN);
	jsonw_bool(&w, "t", true);
	jsonw_bool(&w, "f", false);
	jsonw_null(&w, "n");
	jsonw_time(&w, "at", INT64_C(1795338000123999));
	jsonw_time(&w, "never", -1);
	jsonw_raw(&w, "raw", STR("[1]"));
	jsonw_array(&w, "list");
	jsonw_int(&w, NULL, 1);
	jsonw_object(&w, NULL);
	jsonw_object_end(&w);
	jsonw_array(&w, NULL);
	jsonw_array_end(&w);
	jsonw_array_end(&w);
	jsonw_str(&w, "k\"", STR("v"));
	jsonw_object_end(&w);
	assert_err(buf_close(&buf), ERR_OK);
	assert_text(buf_str(&buf),
	    "{\"s\":\"a\\\"\\\\/\\n\\u0009\\u0001\\u007f\xc3\xa9\","
	    "\"absent\":null,\"empty\":\"\",\"least\":-9223372036854775808,"
	    "\"t\":true,\"f\":false,\"n\":null,"
	    "\"at\":\"2026-11-22T09:00:00.123Z\",\"never\":null,\"raw\":[1],"
	    "\"list\":[1,{},[]],\"k\\\"\":\"v\"}");
}

/* A list of what was written, to compare the readers' trees with. */
struct wanted {
	enum json_type type;
	struct str key; /* absent in an array */
	struct str string;
	int64_t number;
	bool end; /* of an array or object */
};

struct document {
	struct random *random;
	struct arena *arena;
	struct jsonw w;
	struct wanted list[400];
	size_t n;
};

static struct wanted *
want(struct document *d, enum json_type type, const char *key)
{
	struct wanted *const wanted = &d->list[d->n++];

	*wanted = (struct wanted){ .type = type, .key = str_of(key) };
	return wanted;
}

static void
write_scalar(struct document *d, const char *key)
{
	const struct str bytes = random_bytes(d->random, d->arena, 12);
	const int64_t number = (int64_t)random_next(d->random) >> 12;

	switch (random_below(d->random, 4)) {
	case 0:
		jsonw_str(&d->w, key, bytes);
		want(d, JSON_STRING, key)->string = utf8_clean(d->arena, bytes);
		break;
	case 1:
		jsonw_int(&d->w, key, number);
		want(d, JSON_NUMBER, key)->number = number;
		break;
	case 2:
		jsonw_bool(&d->w, key, number % 2 == 0);
		want(d, JSON_BOOL, key)->number = number % 2 == 0;
		break;
	default:
		jsonw_null(&d->w, key);
		(void)want(d, JSON_NULL, key);
	}
}

/* NOLINTNEXTLINE(misc-no-recursion): depth is bounded by `depth` */
static void
write_value(struct document *d, const char *key, int depth)
{
	const bool object = random_below(d->random, 2) == 0;

	if (depth == 0 || d->n > 300 || random_below(d->random, 3) == 0) {
		write_scalar(d, key);
		return;
	}
	if (object)
		jsonw_object(&d->w, key);
	else
		jsonw_array(&d->w, key);
	(void)want(d, object ? JSON_OBJECT : JSON_ARRAY, key);
	for (size_t i = random_below(d->random, 5); i > 0; i--) {
		/* The counter makes each key different. */
		const struct str name = str_format(d->arena, "%zu%.*s", i,
		    STR_ARG(
			random_text(d->random, d->arena, 3, "\"\\\n\xc3\xa9")));

		write_value(d,
		    object ? str_cstr(d->arena, utf8_clean(d->arena, name))
			   : NULL,
		    depth - 1);
	}
	if (object)
		jsonw_object_end(&d->w);
	else
		jsonw_array_end(&d->w);
	want(d, JSON_NULL, NULL)->end = true;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as what was written */
static void
check_ours(const struct document *d, size_t *at, const struct json *json)
{
	const struct wanted *const wanted = &d->list[(*at)++];

	assert_int_equal(json->type, wanted->type);
	assert_str(json->key, wanted->key);
	if (json->type == JSON_STRING)
		assert_str(json->string, wanted->string);
	if (json->type == JSON_NUMBER)
		assert_true(json->number == (double)wanted->number);
	if (json->type == JSON_BOOL)
		assert_int_equal(json->boolean, wanted->number);
	if (json->type != JSON_ARRAY && json->type != JSON_OBJECT)
		return;
	for (const struct json *i = json->child; i != NULL; i = i->next)
		check_ours(d, at, i);
	assert_true(d->list[(*at)++].end);
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as what was written */
static void
check_theirs(const struct document *d, size_t *at, const cJSON *json)
{
	const struct wanted *const wanted = &d->list[(*at)++];

	assert_int_equal(
	    cJSON_IsString(json) != 0, wanted->type == JSON_STRING);
	assert_int_equal(
	    cJSON_IsNumber(json) != 0, wanted->type == JSON_NUMBER);
	assert_int_equal(cJSON_IsBool(json) != 0, wanted->type == JSON_BOOL);
	assert_str(str_of(json->string), wanted->key);
	if (cJSON_IsString(json))
		assert_str(str_of(json->valuestring), wanted->string);
	if (!cJSON_IsArray(json) && !cJSON_IsObject(json))
		return;
	for (const cJSON *i = json->child; i != NULL; i = i->next)
		check_theirs(d, at, i);
	assert_true(d->list[(*at)++].end);
}

static void
test_jsonw_is_read_back(void **state)
{
	struct random r = random_begin();

	for (int i = 0; i < 1500; i++) {
		struct document *const d = ARENA_NEW(*state, struct document);
		struct json_error error;
		const struct json *ours;
		cJSON *theirs;
		struct buf buf;
		size_t at = 0;

		d->random = &r;
		d->arena = *state;
		buf_init(&buf, *state, MAX_BYTES);
		jsonw_init(&d->w, &buf);
		write_value(d, NULL, 6);
		assert_err(buf_close(&buf), ERR_OK);
		assert_err(
		    json_parse(*state, buf_str(&buf), &error, &ours), ERR_OK);
		check_ours(d, &at, ours);
		assert_int_equal(at, d->n);

		theirs =
		    cJSON_ParseWithLength(buf_str(&buf).p, buf_str(&buf).n);
		assert_non_null(theirs);
		at = 0;
		check_theirs(d, &at, theirs);
		cJSON_Delete(theirs);
		arena_reset(*state);
	}
}

static void
test_jsonw_of_every_byte(void **state)
{
	for (int c = 0; c < 256; c++) {
		const char byte = (char)c;
		struct json_error error;
		const struct json *back;
		struct buf buf;
		struct jsonw w;

		buf_init(&buf, *state, 100);
		jsonw_init(&w, &buf);
		jsonw_str(&w, NULL, bytes_of(&byte, 1));
		assert_err(
		    json_parse(*state, buf_str(&buf), &error, &back), ERR_OK);
		assert_str(
		    back->string, utf8_clean(*state, bytes_of(&byte, 1)));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_jsonw_form),
		TEST(test_jsonw_is_read_back),
		TEST(test_jsonw_of_every_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
