/* spool_read: closed files read back in batches, and removed.  Floor: io. */
#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "io/spool.h"
#include "spool_files.h"
#include "spool_folder.h"
#include "spool_in.h"
#include "spool_state.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FEW_FILES 1024 /* a longer list is given back when it is empty */

/* A batch under construction. */
struct gathered {
	struct arena *arena;
	struct spool_record *records;
	size_t n, max;
	size_t bytes, max_bytes;
};

static bool
has_room(const struct gathered *got, size_t length)
{
	return got->n < got->max &&
	    (got->n == 0 || got->bytes + length <= got->max_bytes);
}

/* False: the disk cannot read it any more, which spool_in has counted. */
static bool
add(struct gathered *got, struct spool_in *in, const struct spool_found *found)
{
	char *const bytes = arena_alloc(got->arena, found->length);

	if (!spool_in_payload(in, found, bytes))
		return false;
	got->records[got->n++] = (struct spool_record){
		.bytes = { bytes, found->length },
		.received_us = found->received_us,
	};
	got->bytes += found->length;
	return true;
}

/*
 * Damage before a record that finds no room any more is met again by the next
 * batch, which begins behind the last one that was taken.
 */
static void
gather(struct gathered *got, struct spool_in *in, struct spool_segment *segment)
{
	const uint32_t bad_before = segment->committed.bad;
	struct spool_found found;

	while (got->n < got->max) {
		segment->read_to_end = !spool_in_next(in, &found);
		if (!segment->read_to_end && !has_room(got, found.length))
			return;
		if (!segment->read_to_end && add(got, in, &found))
			segment->read.records++;
		segment->read.at = in->at;
		segment->read.bad = bad_before + in->bad;
		if (segment->read_to_end)
			return;
	}
	segment->read_to_end = in->at >= in->size;
}

/*
 * A file that somebody removed holds nothing any more; one that cannot be read
 * at all is damage, and must not keep the others from being read.
 */
static enum err
read_segment(
    struct spool *spool, struct spool_segment *segment, struct gathered *got)
{
	const enum err e = spool_in_open(
	    &spool->in, spool->folder, &segment->name, segment->committed.at);

	segment->read = segment->committed;
	segment->read_to_end = e == ERR_INPUT || e == ERR_NOT_FOUND;
	if (e == ERR_INPUT)
		segment->read.bad++;
	if (segment->read_to_end)
		return ERR_OK;
	if (e != ERR_OK)
		return e;
	gather(got, &spool->in, segment);
	spool_in_close(&spool->in);
	return ERR_OK;
}

enum err
spool_read(struct spool *spool, struct arena *arena, size_t max_records,
    size_t max_bytes, struct spool_batch *out)
{
	struct gathered got = {
		.arena = arena,
		.records = ARENA_ARRAY(arena, max_records, struct spool_record),
		.max = max_records,
		.max_bytes = max_bytes,
	};
	enum err e = ERR_OK;
	bool more = true;

	spool_rewind(spool);
	while (e == ERR_OK && more && spool->n_out < spool->n_closed) {
		struct spool_segment *const segment =
		    &spool->closed[spool->n_closed - spool->n_out - 1];

		e = read_segment(spool, segment, &got);
		if (e == ERR_OK)
			spool->n_out++;
		more = segment->read_to_end && got.n < got.max;
	}
	if (got.n == 0)
		spool_commit(spool); /* what held nothing is not read again */
	if (got.n == 0 && e != ERR_OK)
		return e;
	*out = (struct spool_batch){ got.records, got.n };
	return ERR_OK;
}

void
spool_rewind(struct spool *spool)
{
	spool->n_out = 0;
}

static bool
remove_file(struct spool *spool, const struct spool_segment *segment)
{
	return spool_folder_remove(spool->folder, &segment->name) == 0 ||
	    errno == ENOENT;
}

/*
 * What was acknowledged is not thrown away unseen: the damaged file stays, for
 * somebody to look into, unless such files would take the place of new events.
 */
static bool
keep_bad(struct spool *spool, const struct spool_segment *segment)
{
	const bool keeps = spool_files_bad_fits(spool, segment->bytes);
	struct spool_name bad = segment->name;
	char text[SPOOL_NAME_BYTES];

	bad.kind = SPOOL_BAD;
	if (keeps &&
	    spool_folder_rename(spool->folder, &segment->name, &bad) != 0 &&
	    errno != ENOENT)
		return false;
	if (!keeps && !remove_file(spool, segment))
		return false;
	if (keeps) {
		spool->bad_files++;
		spool->bad_bytes += segment->bytes;
	}
	spool_name_text(&bad, text);
	log_event(spool->options.log, LOG_SPOOL_BAD, ERR_OK,
	    "%" PRIu32 " damaged in %s, %s", segment->read.bad, text,
	    keeps ? "which is kept" : "which found no room and is removed");
	return true;
}

/*
 * Says once that a file cannot be removed; it stays on the list, read to its
 * end, and the next spool_read() comes by it again.
 */
static void
say_stuck(struct spool *spool, struct spool_segment *segment)
{
	char text[SPOOL_NAME_BYTES];

	if (segment->stuck)
		return;
	segment->stuck = true;
	spool_name_text(&segment->name, text);
	log_event(spool->options.log, LOG_SPOOL_FAILED, ERR_BUSY,
	    "cannot remove %s: %s", text, strerror(errno));
}

/* Takes over what the batch has read; true: the file is done and gone. */
static bool
commit(struct spool *spool, struct spool_segment *segment)
{
	if (segment->read.bad > segment->bad)
		segment->bad = segment->read.bad;
	if (segment->read_to_end) {
		if (segment->read.bad == 0 ? remove_file(spool, segment)
					   : keep_bad(spool, segment)) {
			spool->bad_records += segment->bad;
			return true;
		}
		say_stuck(spool, segment);
		segment->records = segment->read.records;
	}
	segment->committed = segment->read;
	return false;
}

void
spool_commit(struct spool *spool)
{
	size_t kept = spool->n_closed - spool->n_out;

	for (size_t i = kept; i < spool->n_closed; i++) {
		if (commit(spool, &spool->closed[i]))
			spool->closed_bytes -= spool->closed[i].bytes;
		else
			spool->closed[kept++] = spool->closed[i];
	}
	spool->n_closed = kept;
	spool->n_out = 0;
	if (kept == 0 && spool->cap > FEW_FILES) {
		free(spool->closed);
		spool->closed = NULL;
		spool->cap = 0;
	}
	spool_files_watch(spool);
}
