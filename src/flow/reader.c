/* reader: typed values out of a JSON document.  Floor: flow. */
#include "reader.h"

#include "base/buf.h"
#include "base/str.h"
#include "codec/json.h"
#include "flow/flow.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#define ERROR_MAX_BYTES 512

void
reader_error(struct reader *r, struct str path, const char *fmt, ...)
{
	char text[ERROR_MAX_BYTES];
	struct flow_error *error;
	va_list args;

	if (r->errors->n == FLOW_MAX_ERRORS)
		return;
	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	error = &r->errors->list[r->errors->n++];
	error->path = path;
	error->text = str_copy(r->arena, str_of(text));
}

/* "steps" + "office" -> "steps.office" */
static struct str
join(struct reader *r, struct str path, struct str key)
{
	if (path.n == 0)
		return str_copy(r->arena, key);
	return str_format(r->arena, "%.*s.%.*s", STR_ARG(path), STR_ARG(key));
}

struct node
reader_member(struct reader *r, struct node object, const char *key)
{
	return (struct node){
		.json = json_member(object.json, str_of(key)),
		.path = join(r, object.path, str_of(key)),
	};
}

struct node
reader_child(
    struct reader *r, struct node parent, const struct json *child, int i)
{
	struct str path;

	if (child->key.p != NULL)
		path = join(r, parent.path, child->key);
	else
		path =
		    str_format(r->arena, "%.*s[%d]", STR_ARG(parent.path), i);
	return (struct node){ child, path };
}

bool
reader_is_object(struct reader *r, struct node p, const char *example)
{
	if (p.json != NULL && p.json->type == JSON_OBJECT)
		return true;
	if (p.json == NULL)
		reader_error(r, p.path, "is missing; add %s", example);
	else
		reader_error(r, p.path, "is %s; write %s",
		    json_type_name(p.json->type), example);
	return false;
}

static bool
is_listed(const char *const *keys, struct str key)
{
	for (; *keys != NULL; keys++) {
		if (str_eq(key, str_of(*keys)))
			return true;
	}
	return false;
}

static struct str
list_of(struct reader *r, const char *const *keys)
{
	struct buf out;

	buf_init(&out, r->arena, ERROR_MAX_BYTES);
	for (size_t i = 0; keys[i] != NULL; i++)
		buf_addf(&out, "%s%s", i == 0 ? "" : ", ", keys[i]);
	return buf_str(&out);
}

void
reader_known_keys(struct reader *r, struct node object, const char *const *keys)
{
	const struct str known = list_of(r, keys);

	if (object.json == NULL || object.json->type != JSON_OBJECT)
		return;
	for (const struct json *i = object.json->child; i != NULL;
	    i = i->next) {
		if (is_listed(keys, i->key))
			continue;
		reader_error(r, join(r, object.path, i->key),
		    "is not known here; remove it, or write one of: %.*s",
		    STR_ARG(known));
	}
}

struct str
reader_string(struct reader *r, struct node object, const char *key, size_t max,
    struct str otherwise)
{
	const struct node p = reader_member(r, object, key);

	if (p.json == NULL) {
		if (otherwise.p == NULL)
			reader_error(r, p.path, "is missing; add a string");
		return otherwise;
	}
	if (p.json->type != JSON_STRING)
		reader_error(r, p.path, "is %s; write a string",
		    json_type_name(p.json->type));
	else if (str_trim(p.json->string).n == 0)
		reader_error(r, p.path, "is empty; write some text%s",
		    otherwise.p == NULL ? "" : ", or remove it");
	else if (p.json->string.n > max)
		reader_error(r, p.path,
		    "has %zu bytes; shorten it to at most %zu",
		    p.json->string.n, max);
	return p.json->string;
}

int
reader_int(
    struct reader *r, struct node object, const char *key, struct range range)
{
	const struct node p = reader_member(r, object, key);
	double value;

	if (p.json == NULL)
		return range.otherwise;
	value = p.json->number;
	if (p.json->type != JSON_NUMBER || floor(value) < value ||
	    value < range.min || value > range.max) {
		reader_error(r, p.path,
		    "must be a whole number from %d to %d%s", range.min,
		    range.max,
		    p.json->type == JSON_STRING ? ", without quotes" : "");
		return range.otherwise;
	}
	return (int)value;
}

bool
reader_bool(
    struct reader *r, struct node object, const char *key, bool otherwise)
{
	const struct node p = reader_member(r, object, key);

	if (p.json == NULL)
		return otherwise;
	if (p.json->type != JSON_BOOL)
		reader_error(r, p.path, "is %s; write true or false",
		    json_type_name(p.json->type));
	return p.json->boolean;
}

size_t
reader_count(struct node p)
{
	size_t n = 0;

	if (p.json == NULL)
		return 0;
	for (const struct json *i = p.json->child; i != NULL; i = i->next)
		n++;
	return n;
}
