/* flow_cache: a worker's flows.  Floor: store. */
#include "store/flow_cache.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "flow/flow.h"
#include "flow/flow_set.h"
#include "io/conf.h"
#include "io/files.h"
#include "store/flows.h"

#include <string.h>

#define BLOCK_BYTES ((size_t)32 * 1024)

struct flow_cache {
	const struct conf *conf;
	const struct log *log;
	struct arena *fixed; /* of this struct and the path */
	const char *path;
	struct arena *arena; /* of `set` */
	struct flow_set *set;
	struct files_stamp stamp; /* of the file that was read last */
};

static bool
same_stamp(struct files_stamp a, struct files_stamp b)
{
	return a.inode == b.inode && a.size == b.size &&
	    a.changed_ns == b.changed_ns;
}

/* Reads the file into a fresh arena, which replaces the old one. */
static void
load(struct flow_cache *cache)
{
	struct arena *const arena = arena_new(BLOCK_BYTES);
	const struct flow *const builtin = flow_builtin(
	    arena, str_of(cache->conf->line), str_of(cache->conf->forward_to));
	struct flow_set *const set = flow_set_new(arena, builtin);
	struct str why;

	cache->stamp = files_stamp(cache->path);
	if (flows_snapshot_read(arena, cache->path, set, &why) != ERR_OK) {
		log_event(cache->log, LOG_FLOW_BAD, ERR_INPUT, "%s: %.*s",
		    cache->path, STR_ARG(why));
		if (cache->set != NULL) {
			arena_free(arena);
			return;
		}
	}
	arena_free(cache->arena);
	cache->arena = arena;
	cache->set = set;
}

struct flow_cache *
flow_cache_new(const struct conf *conf, const struct log *log)
{
	struct arena *const fixed = arena_new(BLOCK_BYTES);
	struct flow_cache *const cache = ARENA_NEW(fixed, struct flow_cache);

	cache->conf = conf;
	cache->log = log;
	cache->fixed = fixed;
	cache->path = flows_snapshot_path(cache->fixed, conf->data);
	load(cache);
	return cache;
}

void
flow_cache_free(struct flow_cache *cache)
{
	if (cache == NULL)
		return;
	arena_free(cache->arena);
	arena_free(cache->fixed); /* the cache itself lies in it */
}

void
flow_cache_refresh(struct flow_cache *cache)
{
	const struct files_stamp stamp = files_stamp(cache->path);

	/* Without its file what is known stays in use. */
	if (stamp.inode != 0 && !same_stamp(stamp, cache->stamp))
		load(cache);
}

const struct flow_set *
flow_cache_set(const struct flow_cache *cache)
{
	return cache->set;
}
