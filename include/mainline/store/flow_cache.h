/*
 * flow_cache: a worker's flows, read again when the snapshot was replaced.
 * Floor: store.
 */
#ifndef MAINLINE_STORE_FLOW_CACHE_H
#define MAINLINE_STORE_FLOW_CACHE_H

#include "base/log.h"
#include "flow/flow_set.h"
#include "io/conf.h"

struct flow_cache;

/* Reads the snapshot, if there is one.  Freed with flow_cache_free(). */
struct flow_cache *flow_cache_new(
    const struct conf *conf, const struct log *log);
void flow_cache_free(struct flow_cache *cache);

/*
 * One stat(2); when the file has changed it is read again.  A snapshot that
 * cannot be used is logged, and what was known stays in use.  To be called
 * between requests: what flow_cache_set() gave before is then gone.
 */
void flow_cache_refresh(struct flow_cache *cache);

/* Valid until the next flow_cache_refresh(). */
const struct flow_set *flow_cache_set(const struct flow_cache *cache);

#endif
