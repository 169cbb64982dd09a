/* json: cJSON behind limits.  Floor: codec. */
#include "codec/json.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/utf8.h"
#include "json_text.h"

#include <cjson/cJSON.h>
#include <string.h>

static enum json_type
type_of(const cJSON *c)
{
	if (cJSON_IsObject(c))
		return JSON_OBJECT;
	if (cJSON_IsArray(c))
		return JSON_ARRAY;
	if (cJSON_IsString(c))
		return JSON_STRING;
	if (cJSON_IsNumber(c))
		return JSON_NUMBER;
	return cJSON_IsBool(c) ? JSON_BOOL : JSON_NULL;
}

static bool
has_key(const struct json *members, struct str key)
{
	for (; members != NULL; members = members->next) {
		if (str_eq(members->key, key))
			return true;
	}
	return false;
}

/*
 * Copies `c` and what is below it; NULL, and why, if it is refused.  The depth
 * of the recursion is bounded by JSON_MAX_DEPTH.
 */
/* NOLINTBEGIN(misc-no-recursion) */
static struct json *
copy(struct arena *arena, const cJSON *c, int depth, const char **why)
{
	struct json *const out = ARENA_NEW(arena, struct json);
	const struct json **tail = &out->child;

	if (depth > JSON_MAX_DEPTH) {
		*why = "is nested too deeply";
		return NULL;
	}
	out->type = type_of(c);
	out->boolean = cJSON_IsTrue(c);
	out->number = c->valuedouble;
	out->string = str_copy(arena, str_of(c->valuestring));
	for (const cJSON *i = c->child; i != NULL; i = i->next) {
		struct json *const member = copy(arena, i, depth + 1, why);

		if (member == NULL)
			return NULL;
		member->key = str_copy(arena, str_of(i->string));
		if (out->type == JSON_OBJECT &&
		    has_key(out->child, member->key)) {
			*why = str_cstr(arena,
			    str_format(arena, "has the key \"%.*s\" twice",
				STR_ARG(member->key)));
			return NULL;
		}
		*tail = member;
		tail = &member->next;
	}
	return out;
}

/* NOLINTEND(misc-no-recursion) */

static void
error_at(struct json_error *error, struct str text, size_t at, const char *what)
{
	*error = (struct json_error){ .line = 1, .column = 1, .what = what };
	for (size_t i = 0; i < at && i < text.n; i++) {
		error->column++;
		if (text.p[i] == '\n') {
			error->line++;
			error->column = 1;
		}
	}
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* What stands before `at`, white space left out; 0: nothing. */
static char
char_before(struct str text, size_t at)
{
	while (at > 0 && is_blank(text.p[at - 1]))
		at--;
	return at == 0 ? '\0' : text.p[at - 1];
}

static char
char_from(struct str text, size_t at)
{
	while (at < text.n && is_blank(text.p[at]))
		at++;
	return at == text.n ? '\0' : text.p[at];
}

/* Of the brackets that are open at `at`, is the last one a brace? */
static bool
is_in_object(struct str text, size_t at)
{
	bool is_brace[JSON_MAX_DEPTH + 1] = { false };
	bool in_string = false;
	size_t depth = 0;

	for (size_t i = 0; i < at && depth < JSON_MAX_DEPTH; i++) {
		const char c = text.p[i];

		if (in_string && c == '\\')
			i++;
		else if (c == '"')
			in_string = !in_string;
		else if (!in_string && (c == '{' || c == '['))
			is_brace[++depth] = c == '{';
		else if (!in_string && (c == '}' || c == ']') && depth > 0)
			depth--;
	}
	return is_brace[depth];
}

/* Behind "{" and "," of an object cJSON stops one byte past the fault. */
static bool
is_past_name(struct str text, size_t at)
{
	const char before = at == 0 ? '\0' : char_before(text, at - 1);

	return (before == '{' || before == ',') && text.p[at - 1] != '"' &&
	    !is_blank(text.p[at - 1]) && is_in_object(text, at - 1);
}

/* What is most likely wrong where cJSON stopped, which does not say. */
static const char *
why_here(struct str text, size_t at, bool is_name)
{
	const char before = char_before(text, at);
	const char next = char_from(text, at);

	if (next == '\0' && before == '\0')
		return "is not JSON here: there is nothing";
	if (next == '\0')
		return "is not JSON here: it ends too early; a quote, a "
		       "bracket or a brace is not closed";
	if ((next == '}' || next == ']') && before == ',')
		return "is not JSON here: take away the comma before it";
	if (next == '\'')
		return "is not JSON here: write double quotes";
	if (is_name)
		return "is not JSON here: a name in double quotes is missing";
	return "is not JSON here: a comma, a quote or a brace is missing or "
	       "too much, at this place or before it";
}

static void
error_of_cjson(struct json_error *error, struct str text, size_t at)
{
	const bool is_name = is_past_name(text, at);

	at -= is_name;
	error_at(error, text, at, why_here(text, at, is_name));
}

enum err
json_parse(struct arena *arena, struct str text, struct json_error *error,
    const struct json **out)
{
	const char *const z = str_cstr(arena, text);
	const char *end = z;
	const char *why = NULL;
	struct json *tree = NULL;
	size_t at = 0;
	cJSON *c;

	*error = (struct json_error){ .what = "is too large" };
	if (text.n > JSON_MAX_BYTES)
		return ERR_LIMIT;
	error->what = "is not UTF-8";
	if (!utf8_is_valid(text))
		return ERR_INPUT;
	why = json_text_error(text, &at);
	if (why != NULL) {
		error_at(error, text, at, why);
		return ERR_INPUT;
	}
	c = cJSON_ParseWithLengthOpts(z, text.n + 1, &end, true);
	if (c == NULL) {
		error_of_cjson(error, text, (size_t)(end - z));
		return ERR_INPUT;
	}
	tree = copy(arena, c, 0, &why);
	cJSON_Delete(c);
	if (tree == NULL) {
		error->what = why;
		return ERR_INPUT;
	}
	*out = tree;
	return ERR_OK;
}

const struct json *
json_member(const struct json *object, struct str key)
{
	if (object == NULL || object->type != JSON_OBJECT)
		return NULL;
	for (const struct json *i = object->child; i != NULL; i = i->next) {
		if (str_eq(i->key, key))
			return i;
	}
	return NULL;
}

const char *
json_type_name(enum json_type type)
{
	static const char *const names[] = {
		[JSON_NULL] = "null",
		[JSON_BOOL] = "true or false",
		[JSON_NUMBER] = "a number",
		[JSON_STRING] = "a string",
		[JSON_ARRAY] = "an array",
		[JSON_OBJECT] = "an object",
	};

	return names[type];
}
