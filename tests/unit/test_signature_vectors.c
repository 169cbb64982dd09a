/*
 * signature: every case of tests/data/signature_vectors.json, made with Twilio's
 * own library, gets the verdict that a server must reach which signs the URL it
 * is configured with.
 */
#include "codec/json.h"
#include "testing.h"
#include "twilio/signature.h"

#include <string.h>

/*
 * The strings that hold a NUL are for people to read; what is sent says %00.
 * Our reader refuses a NUL, so it is made another character first.
 */
static struct str
without_nul(struct arena *arena, struct str text)
{
	char *const z = str_cstr(arena, text);

	for (char *at = z; (at = strstr(at, "\\u0000")) != NULL;)
		memcpy(at, "\\ufffd", 6);
	return (struct str){ z, text.n };
}

static const struct json *
read_vectors(struct arena *arena)
{
	const struct str text =
	    testing_file(arena, "data/signature_vectors.json");
	struct json_error error;
	const struct json *root;

	if (json_parse(arena, without_nul(arena, text), &error, &root) !=
	    ERR_OK)
		fail_msg("line %d: %s", error.line, error.what);
	return json_member(root, STR("vectors"))->child;
}

static struct str
text_of(const struct json *vector, const char *key)
{
	const struct json *const value = json_member(vector, str_of(key));

	return value == NULL ? STR_ABSENT : value->string;
}

static struct form
form_of_pairs(struct arena *arena, const struct json *pairs)
{
	struct form form = { ARENA_ARRAY(arena, 512, struct form_pair), 0 };

	for (const struct json *i = pairs->child; i != NULL; i = i->next) {
		assert_true(form.n < 512);
		form.pairs[form.n].name = i->child->string;
		form.pairs[form.n++].value = i->child->next->string;
	}
	return form;
}

/* The body as it was sent, decoded by us; of a GET the pairs as given. */
static struct form
form_of(struct arena *arena, const struct json *vector)
{
	const struct str body = text_of(vector, "body");
	struct form form;

	if (body.p == NULL)
		return form_of_pairs(arena, json_member(vector, STR("params")));
	assert_err(form_parse(arena, body, SIGNATURE_MAX_PAIRS, &form), ERR_OK);
	return form;
}

static bool
is_json(const struct json *vector)
{
	return str_eq(text_of(vector, "content_type"), STR("application/json"));
}

static enum err
verdict(struct arena *arena, const struct json *vector)
{
	const struct form form = form_of(arena, vector);
	const struct signed_request request = {
		.url = text_of(vector, "url"),
		.form = &form,
		.header = text_of(vector, "signature"),
	};
	const struct str token = text_of(vector, "token");

	if (is_json(vector))
		return signature_check_json(
		    arena, token, &request, text_of(vector, "body"));
	return signature_check(arena, token, &request);
}

static void
test_signature_vectors(void **state)
{
	size_t n = 0;
	bool ok = true;

	for (const struct json *i = read_vectors(*state); i != NULL;
	    i = i->next) {
		const struct json *const valid =
		    json_member(i, STR("valid_minimal"));
		const enum err e = verdict(*state, i);

		n++;
		if (e == (valid->boolean ? ERR_OK : ERR_FORBIDDEN))
			continue;
		print_error("%d %.*s: %s\n",
		    (int)json_member(i, STR("id"))->number,
		    STR_ARG(text_of(i, "name")), err_name(e));
		ok = false;
	}
	assert_true(ok);
	assert_true(n >= 60);
}

/* What we would send ourselves is what the library would. */
static void
test_signature_make_vectors(void **state)
{
	for (const struct json *i = read_vectors(*state); i != NULL;
	    i = i->next) {
		const struct form none = { NULL, 0 };
		const struct form form = is_json(i) ? none : form_of(*state, i);

		assert_str(signature_make(*state, text_of(i, "token"),
			       text_of(i, "url"), &form),
		    text_of(i, "expected_signature_url_as_received"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_signature_vectors),
		TEST(test_signature_make_vectors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
