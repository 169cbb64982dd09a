/*
 * reader: takes typed values out of a JSON document and notes what is wrong
 * with the path and the mend.  Pure; private to the flow floor.
 */
#ifndef MAINLINE_FLOW_READER_H
#define MAINLINE_FLOW_READER_H

#include "base/arena.h"
#include "base/str.h"
#include "codec/json.h"
#include "flow/flow.h"

#include <stdbool.h>

struct reader {
	struct arena *arena;
	struct flow_errors *errors;
};

/* A JSON value and where it stands; `json` is NULL when it is missing. */
struct node {
	const struct json *json;
	struct str path;
};

struct range {
	int min, max, otherwise; /* `otherwise` when the member is missing */
};

/* Notes an error at a place; beyond FLOW_MAX_ERRORS they are dropped. */
void reader_error(struct reader *r, struct str path, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/* The member of an object, missing or not. */
struct node reader_member(
    struct reader *r, struct node object, const char *key);

/* The place of a child (a member or the `i`th element) of `parent`. */
struct node reader_child(
    struct reader *r, struct node parent, const struct json *child, int i);

/* Is it an object?  If not, notes so. */
bool reader_is_object(struct reader *r, struct node p, const char *example);

/* Notes every member of `object` whose key is not in the NULL-ended list. */
void reader_known_keys(
    struct reader *r, struct node object, const char *const *keys);

/*
 * A string of 1 to `max` bytes.  A missing one is `otherwise`, and when that is
 * absent an error.
 */
struct str reader_string(struct reader *r, struct node object, const char *key,
    size_t max, struct str otherwise);

int reader_int(
    struct reader *r, struct node object, const char *key, struct range range);

bool reader_bool(
    struct reader *r, struct node object, const char *key, bool otherwise);

/* How many children an array or object has. */
size_t reader_count(struct node p);

#endif
