/* conf_keys: the one table of configuration keys.  Private to the io floor. */
#ifndef MAINLINE_IO_CONF_KEYS_H
#define MAINLINE_IO_CONF_KEYS_H

#include "io/conf.h"

#include <stdbool.h>
#include <stddef.h>

enum conf_type { CONF_STRING, CONF_INT };

struct conf_key {
	const char *name;
	enum conf_type type;
	size_t offset;         /* in struct conf: of a const char * or an int */
	const char *otherwise; /* default as text; NULL: unset */
	bool secret;           /* may come from NAME_FILE, and is masked */
	int min, max;          /* CONF_INT */
	/* What is wrong with a value and how to mend it; NULL: nothing. */
	const char *(*check)(struct arena *arena, const char *value);
	const char *help;
};

extern const struct conf_key conf_keys[];
extern const size_t conf_n_keys;

/* The key of that name, or NULL. */
const struct conf_key *conf_key_find(struct str name);

/*
 * The key whose value is in the file that KEY_FILE, `name`, names; NULL: it is
 * no such name.  Secrets alone have one.
 */
const struct conf_key *conf_key_of_file(struct str name);

#endif
