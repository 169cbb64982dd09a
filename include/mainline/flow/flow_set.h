/*
 * flow_set: the published versions that a worker knows, which one is in force,
 * and who is turned away.  Pure.
 * Floor: flow.
 */
#ifndef MAINLINE_FLOW_FLOW_SET_H
#define MAINLINE_FLOW_FLOW_SET_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "flow/block_list.h"
#include "flow/flow.h"

#include <stdint.h>

/*
 * A version is in force for new calls this long after it was published, so that
 * every host's snapshot holds it before any call can name it.
 */
#define FLOW_SET_DELAY_US INT64_C(30000000)
#define FLOW_SET_MAX_BYTES ((size_t)32 * 1024 * 1024)

struct flow_version {
	int version;
	int64_t published_us;
	struct str document; /* JSON */
};

struct flow_set {
	const struct flow *builtin; /* version 0, always there */
	const struct flow **flows;  /* in ascending order of versions */
	int64_t *published_us;
	size_t n;
	struct block_list blocks;
};

/* A set with the compiled-in flow alone. */
struct flow_set *flow_set_new(struct arena *arena, const struct flow *builtin);

/*
 * The snapshot of these versions (ascending) and blocks, which are written as
 * block_list_parse() reads them: what flow_set_parse() reads.
 * {"versions":[{"version":7,"published_at":"…","document":"…"}],
 *  "blocks":"+15550100009 +15550100010"}
 * The blocks are one string: a tree of so many would cost each worker a
 * megabyte.
 */
MUST_USE enum err flow_set_render(struct arena *arena,
    const struct flow_version *versions, size_t n, struct str blocks,
    struct str *out);

/*
 * Reads a snapshot into `set`, in place of what it held.  ERR_INPUT: it is
 * none, or a document in it is no flow, or a block no number; `*why` says so
 * and `set` is left alone.  Without blocks, as older programs wrote it, nobody
 * is turned away.  All lives in `arena`.
 */
MUST_USE enum err flow_set_parse(struct arena *arena, struct str json,
    struct flow_set *set, struct str *why);

/*
 * The flow of a call that begins now: the latest version that has been
 * published for FLOW_SET_DELAY_US; when there is none yet the first of all;
 * when nothing was published the compiled-in one.
 */
const struct flow *flow_set_entry(const struct flow_set *set, int64_t now_us);

/* That version, or the compiled-in flow when it is not known.  Never NULL. */
const struct flow *flow_set_at(const struct flow_set *set, int version);

#endif
