/* reread: the configuration of a reload.  Floor: process. */
#include "reread.h"

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "io/conf.h"

#include <stddef.h>

/* Set up once, before there was any worker. */
static const struct lasting {
	const char *key;
	size_t offset; /* of a string in struct conf */
} lasting[] = {
	{ "MAINLINE_DATA", offsetof(struct conf, data) },
	{ "MAINLINE_RUN", offsetof(struct conf, run) },
	{ "MAINLINE_USER", offsetof(struct conf, user) },
	{ "MAINLINE_SOCKET_GROUP", offsetof(struct conf, socket_group) },
};

static const char **
member(struct conf *conf, size_t offset)
{
	return (const char **)(void *)((char *)conf + offset);
}

/*
 * A journal that listened elsewhere would be asked by nobody, and nginx sends
 * what stands where it was told at its own start.
 */
static void
keep(struct arena *arena, struct conf *conf, const struct conf *present,
    const struct log *log)
{
	struct conf before = *present;

	for (size_t i = 0; i < ARRAY_LEN(lasting); i++) {
		const char **const now = member(conf, lasting[i].offset);
		const struct str then =
		    str_of(*member(&before, lasting[i].offset));

		if (str_eq(str_of(*now), then))
			continue;
		log_event(log, LOG_CONFIG, ERR_OK,
		    "%s has changed; that takes effect at a restart",
		    lasting[i].key);
		*now = then.p == NULL ? NULL : str_cstr(arena, then);
	}
}

const struct conf *
reread_conf(struct arena *arena, char *const *env, const struct conf *present,
    const char *const *needed, const struct log *log)
{
	struct conf *const kept = ARENA_NEW(arena, struct conf);
	struct conf_errors errors;
	const struct conf *conf;

	if (conf_load(arena, env, &errors, &conf) != ERR_OK ||
	    conf_require(arena, conf, needed, &errors) != ERR_OK) {
		log_event(log, LOG_CONFIG, ERR_INPUT,
		    "%.*s; the old configuration stays in use",
		    STR_ARG(errors.list[0]));
		return NULL;
	}
	*kept = *conf;
	keep(arena, kept, present, log);
	return kept;
}
