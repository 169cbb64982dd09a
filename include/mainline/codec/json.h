/*
 * json: reads JSON into a tree in an arena: cJSON behind limits.  Pure.
 * Floor: codec.  Source: RFC 8259
 */
#ifndef MAINLINE_CODEC_JSON_H
#define MAINLINE_CODEC_JSON_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>

#define JSON_MAX_BYTES ((size_t)32 * 1024 * 1024)
#define JSON_MAX_DEPTH 32

enum json_type {
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

struct json {
	enum json_type type;
	struct str key;           /* as a member of an object; else absent */
	struct str string;        /* JSON_STRING: valid UTF-8 without NUL */
	double number;            /* JSON_NUMBER */
	bool boolean;             /* JSON_BOOL */
	const struct json *child; /* first element or member */
	const struct json *next;  /* next sibling */
};

struct json_error {
	int line;         /* from 1; 0: not at a place */
	int column;       /* bytes, from 1 */
	const char *what; /* "is not JSON here: ..."; in the arena */
};

/*
 * Reads one JSON value with nothing but white space around it.  Refused
 * (ERR_INPUT, `*error` is set): what is no JSON, invalid UTF-8, a NUL in a
 * string, an object with the same key twice, a depth over JSON_MAX_DEPTH.
 * ERR_LIMIT: more than JSON_MAX_BYTES.  The tree lives in `arena`.
 */
MUST_USE enum err json_parse(struct arena *arena, struct str text,
    struct json_error *error, const struct json **out);

/* The member of an object with that key, or NULL. */
const struct json *json_member(const struct json *object, struct str key);

/* "an object", "a string", ...: for messages. */
const char *json_type_name(enum json_type type);

#endif
