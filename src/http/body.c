/* body: the members of a JSON body, strictly.  Floor: http. */
#include "body.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/json.h"
#include "codec/utf8.h"
#include "http/http.h"
#include "store/calls.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define DETAIL_MAX_BYTES 400
#define KEY_SHOWN_BYTES 40

enum err
body_refused(struct resp *resp, const struct req *req, const char *fmt, ...)
{
	char detail[DETAIL_MAX_BYTES];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(detail, sizeof(detail), fmt, args);
	va_end(args);
	return resp_problem(resp, req, ERR_INPUT, "bad_body", "%s", detail);
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

/* "heard, done, note" */
static struct str
list_of(const struct req *req, const char *const *keys)
{
	struct buf out;

	buf_init(&out, req->arena, DETAIL_MAX_BYTES);
	for (size_t i = 0; keys[i] != NULL; i++)
		buf_addf(&out, "%s%s", i == 0 ? "" : ", ", keys[i]);
	return buf_str(&out);
}

enum err
body_object(struct req *req, struct resp *resp, const char *const *keys,
    const struct json **out)
{
	const struct str known = list_of(req, keys);
	struct json_error error;
	const struct json *root;

	if (json_parse(req->arena, req->body, &error, &root) != ERR_OK) {
		if (error.line == 0)
			return body_refused(
			    resp, req, "The body %s.", error.what);
		return body_refused(resp, req, "Line %d, column %d: %s.",
		    error.line, error.column, error.what);
	}
	if (root->type != JSON_OBJECT)
		return body_refused(resp, req,
		    "The body is %s; send an object with some of: %.*s.",
		    json_type_name(root->type), STR_ARG(known));
	for (const struct json *i = root->child; i != NULL; i = i->next) {
		const struct str shown = str_slice(i->key, 0, KEY_SHOWN_BYTES);

		if (!is_listed(keys, i->key))
			return body_refused(resp, req,
			    "\"%.*s\" is not known here; there are: %.*s.",
			    STR_ARG(shown), STR_ARG(known));
	}
	*out = root;
	return ERR_OK;
}

enum err
body_bool(struct req *req, struct resp *resp, const struct json *root,
    const char *key, enum tristate *out)
{
	const struct json *const member = json_member(root, str_of(key));

	*out = TRISTATE_ANY;
	if (member == NULL)
		return ERR_OK;
	if (member->type != JSON_BOOL)
		return body_refused(resp, req,
		    "%s is %s; send true or false, or leave it out.", key,
		    json_type_name(member->type));
	*out = member->boolean ? TRISTATE_YES : TRISTATE_NO;
	return ERR_OK;
}

/* C0 and C1, but what stands in a text of several lines. */
static bool
is_control(uint32_t c)
{
	return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0);
}

static enum err
check_words(
    const struct req *req, struct resp *resp, const char *key, struct str text)
{
	size_t characters = 0;

	for (size_t at = 0; at < text.n; characters++) {
		uint32_t c;

		at += utf8_next(str_slice(text, at, text.n), &c);
		if (is_control(c))
			return body_refused(resp, req,
			    "%s holds the control character U+%04X; of those "
			    "only line feeds and tabs may stand in it.",
			    key, (unsigned int)c);
	}
	if (characters > BODY_TEXT_MAX)
		return body_refused(resp, req,
		    "%s has %zu characters; shorten it to at most %d.", key,
		    characters, BODY_TEXT_MAX);
	return ERR_OK;
}

enum err
body_words(struct req *req, struct resp *resp, const struct json *root,
    const char *key, struct body_text *out)
{
	const struct json *const member = json_member(root, str_of(key));

	*out = (struct body_text){ .given = member != NULL };
	if (member == NULL || member->type == JSON_NULL)
		return ERR_OK;
	if (member->type != JSON_STRING)
		return body_refused(resp, req,
		    "%s is %s; send a string, or null to take it away.", key,
		    json_type_name(member->type));
	if (str_trim(member->string).n > 0)
		out->text = member->string;
	return check_words(req, resp, key, member->string);
}
