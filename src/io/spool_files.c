/*
 * spool_files: the files of a spool, and what all of them take up.
 * Floor: io.
 */
#include "spool_files.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "io/spool.h"
#include "spool_folder.h"
#include "spool_in.h"
#include "spool_state.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAP 64

static void
make_room(struct spool *spool)
{
	const size_t cap = spool->cap == 0 ? FIRST_CAP : 2 * spool->cap;
	struct spool_segment *more;

	if (spool->n_closed < spool->cap)
		return;
	more = realloc(spool->closed, cap * sizeof(*more));
	if (more == NULL)
		abort();
	spool->closed = more;
	spool->cap = cap;
}

void
spool_files_push(struct spool *spool, const struct spool_segment *segment)
{
	make_room(spool);
	memmove(spool->closed + 1, spool->closed,
	    spool->n_closed * sizeof(*spool->closed));
	spool->closed[0] = *segment;
	spool->n_closed++;
	spool->closed_bytes += segment->bytes;
}

/* In no order yet. */
static void
append(struct spool *spool, const struct spool_segment *segment)
{
	make_room(spool);
	spool->closed[spool->n_closed++] = *segment;
	spool->closed_bytes += segment->bytes;
}

static int
newest_first(const void *left, const void *right)
{
	const struct spool_segment *const a = left;
	const struct spool_segment *const b = right;

	if (a->name.when != b->name.when)
		return a->name.when < b->name.when ? 1 : -1;
	if (a->name.mark != b->name.mark)
		return a->name.mark < b->name.mark ? 1 : -1;
	return 0;
}

static void
sort(struct spool *spool)
{
	if (spool->n_closed > 0)
		qsort(spool->closed, spool->n_closed, sizeof(*spool->closed),
		    newest_first);
}

/* Among the first `n`, which are in order? */
static bool
is_known(const struct spool *spool, size_t n, const struct spool_name *name)
{
	const struct spool_segment wanted = { .name = *name };

	return n > 0 &&
	    bsearch(&wanted, spool->closed, n, sizeof(wanted), newest_first) !=
	    NULL;
}

int64_t
spool_files_bytes(const struct spool *spool)
{
	return spool->closed_bytes + spool->open.bytes + spool->bad_bytes;
}

bool
spool_files_bad_fits(const struct spool *spool, int64_t bytes)
{
	const int64_t most =
	    spool->options.quota_bytes / 100 * SPOOL_BAD_PERCENT;

	return spool->bad_bytes + bytes <= most;
}

void
spool_files_watch(struct spool *spool)
{
	const int64_t quota = spool->options.quota_bytes;
	const int64_t bytes = spool_files_bytes(spool);
	const int64_t percent = quota < 100 ? 100 : bytes / (quota / 100);

	if (!spool->alarmed && percent >= SPOOL_ALARM_PERCENT) {
		spool->alarmed = true;
		log_event(spool->options.log, LOG_SPOOL_FULL, ERR_OK,
		    "%" PRId64 " of %" PRId64 " bytes in use", bytes, quota);
	} else if (spool->alarmed && percent < SPOOL_ALARM_OVER_PERCENT) {
		spool->alarmed = false;
		log_event(spool->options.log, LOG_SPOOL, ERR_OK,
		    "%" PRId64 " of %" PRId64 " bytes in use: room again",
		    bytes, quota);
	}
}

static void
say_torn(const struct spool *spool, const struct spool_name *name)
{
	char text[SPOOL_NAME_BYTES];

	spool_name_text(name, text);
	log_event(spool->options.log, LOG_SPOOL, ERR_OK,
	    "%s ends in a write that was not finished; it is left out", text);
}

/* Reads a segment through, to know what it holds. */
static enum err
count(struct spool *spool, struct spool_segment *segment)
{
	struct spool_found found;
	enum err e;

	e = spool_in_open(&spool->in, spool->folder, &segment->name, 0);
	if (e == ERR_INPUT) /* spool_read() will say so, and keep it */
		segment->bad = 1;
	if (e != ERR_OK)
		return e;
	while (spool_in_next(&spool->in, &found)) {
		segment->records++;
		if (found.received_us < segment->oldest_us)
			segment->oldest_us = found.received_us;
	}
	segment->bad = spool->in.bad;
	spool_in_close(&spool->in);
	if (spool->in.is_torn)
		say_torn(spool, &segment->name);
	return ERR_OK;
}

/*
 * A segment that a former holder left.  Without a record and without damage it
 * was never told to anybody: the power went, or the disk was full, when it was
 * begun.
 */
static enum err
take_segment(struct spool *spool, struct spool_segment *segment)
{
	const enum err e = count(spool, segment);

	if (e == ERR_BUSY)
		return e;
	if (segment->name.when > spool->last_when)
		spool->last_when = segment->name.when;
	if (segment->records == 0 && segment->bad == 0) {
		(void)spool_folder_remove(spool->folder, &segment->name);
		return ERR_OK;
	}
	append(spool, segment);
	return ERR_OK;
}

/* Its name says all that is to be known before it is read. */
static void
take_own(struct spool *spool, struct spool_segment *segment)
{
	segment->records = 1;
	segment->oldest_us = (int64_t)segment->name.when;
	append(spool, segment);
}

/* A listing on its way. */
struct listing {
	bool whole;
	size_t n_known; /* the first closed ones, in order */
	size_t bad_files;
	int64_t bad_bytes;
};

static enum err
take(
    struct spool *spool, struct listing *listing, const struct spool_name *name)
{
	struct spool_segment segment = { .name = *name,
		.oldest_us = INT64_MAX };
	struct spool_status status;

	if (!spool_folder_status(spool->folder, name, &status))
		return errno == ENOENT ? ERR_OK : ERR_BUSY;
	segment.bytes = status.bytes;
	switch (name->kind) {
	case SPOOL_SEGMENT:
		return listing->whole ? take_segment(spool, &segment) : ERR_OK;
	case SPOOL_OWN:
		if (!is_known(spool, listing->n_known, name))
			take_own(spool, &segment);
		return ERR_OK;
	case SPOOL_BAD:
		listing->bad_files++;
		listing->bad_bytes += status.bytes;
		return ERR_OK;
	case SPOOL_TEMPORARY:
		if (clock_wall_us() - status.changed_us >
		    (int64_t)SPOOL_STALE_S * 1000000)
			(void)spool_folder_remove(spool->folder, name);
		return ERR_OK;
	case SPOOL_KIND__MAX:
		break;
	}
	return ERR_BUG;
}

/* False: there may be more than were taken in. */
static bool
has_room(const struct spool *spool, const struct listing *listing)
{
	return listing->whole ||
	    spool->n_closed - listing->n_known < SPOOL_SCAN_MAX;
}

enum err
spool_files_list(struct spool *spool, bool whole)
{
	struct listing listing = { .whole = whole, .n_known = spool->n_closed };
	DIR *const dir = spool_folder_list(spool->folder);
	enum err e = ERR_OK;
	struct spool_name name;
	int error;

	if (dir == NULL)
		return ERR_BUSY;
	sort(spool);
	while (e == ERR_OK && has_room(spool, &listing) &&
	    spool_folder_next(dir, &name))
		e = take(spool, &listing, &name);
	error = errno;
	(void)closedir(dir);
	errno = error;
	if (e == ERR_OK && has_room(spool, &listing)) {
		spool->bad_files = listing.bad_files;
		spool->bad_bytes = listing.bad_bytes;
	}
	sort(spool);
	return e;
}
