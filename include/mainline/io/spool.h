/*
 * spool: events on this machine's own disk while the database is away.
 * Floor: io.
 *
 * One process, the journal, holds the spool: it appends records to an open
 * segment, closes segments, and reads the closed ones back, oldest first.  Any
 * other process may add a file of one record by itself, spool_own_write(),
 * which the holder finds and treats as a closed segment.
 *
 * What is promised: a record whose write returned ERR_OK is given by
 * spool_read() until a spool_commit() behind it, whatever dies in between,
 * the machine's power included.  It may be given more than once, also after a
 * restart: there is no mark of progress on disk, so whoever replays must be
 * idempotent.  A record whose write failed may be given too.
 *
 * The folder, every number little end first:
 *
 *   lock              flock(2)ed by the holder; empty
 *   WHEN-MARK.seg     a segment; WHEN: microseconds since 1970 at which it was
 *                     begun, or more, so that a later one is greater
 *   WHEN-MARK.own     a file of one record; WHEN: when that was received
 *   WHEN-MARK.tmp     an own file that is being written; nobody reads it
 *   WHEN-MARK.bad     a segment or an own file in which damage was found, kept
 *                     after its good records were committed; or, written as an
 *                     own file is, a record that nobody could take
 *
 * WHEN and MARK are 16 hexadecimal digits each.  MARK is random, a new one for
 * each file, and begins each of its records.  So a reader that met damage finds
 * the next record, nobody outside can send bytes that look like one, and what
 * an older file left in the same blocks is not taken for this one's.  It is
 * kept in the name so that no byte of the file is needed to read the others.
 *
 *   file    "mainline spool 1" (16 bytes: magic and version), then records
 *   record  0  8  MARK
 *           8  4  CRC-32C of all that follows
 *          12  4  length of the payload, 1 to SPOOL_RECORD_MAX; 0: no record
 *                 but the end mark of a segment that was closed in good order
 *          16  8  microseconds since 1970 at which it was received; signed
 *          24     payload
 *
 * What stands behind the last good record of a segment without an end mark is
 * what a power cut left of a write that nobody was told had succeeded: no
 * error.  Any other bytes that are no record are damage: counted, skipped up to
 * the next MARK that begins a good record, and the file is kept as .bad.  Where
 * a power cut tore only the beginning of the last write, it looks the same.
 */
#ifndef MAINLINE_IO_SPOOL_H
#define MAINLINE_IO_SPOOL_H

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

#define SPOOL_RECORD_MAX ((size_t)512 * 1024)

/* A segment is closed before it would grow beyond this. */
#define SPOOL_SEGMENT_BYTES ((int64_t)4 * 1024 * 1024)

/* The alarm: in percent of the quota; and below what it may come again. */
#define SPOOL_ALARM_PERCENT 80
#define SPOOL_ALARM_OVER_PERCENT 70

/* What is kept as .bad takes no more than this part of the quota. */
#define SPOOL_BAD_PERCENT 25

/* A temporary file that is older belongs to nobody any more. */
#define SPOOL_STALE_S 600

/* How many own files one spool_scan() takes in at most. */
#define SPOOL_SCAN_MAX 1000

struct spool;

struct spool_options {
	const char *folder;    /* made if need be */
	int64_t quota_bytes;   /* for all files of the folder together */
	int64_t segment_bytes; /* 0: SPOOL_SEGMENT_BYTES */
	const struct log *log;
};

struct spool_record {
	struct str bytes;    /* 1 to SPOOL_RECORD_MAX */
	int64_t received_us; /* microseconds since 1970 */
};

/*
 * Takes the spool: all that lies in the folder counts as closed, and is read
 * through once for spool_depth().  What `options` point to is borrowed until
 * spool_close().  Takes about 100 KiB, and 200 bytes a file.
 *
 * ERR_CONFLICT another process holds it; the lock ends with its holder, also
 *              with a killed one, and with all that it forked since
 * ERR_BUSY     the folder cannot be made, read or locked
 * Unless ERR_OK, `*why` says so in words, in `arena`.
 */
MUST_USE enum err spool_open(struct arena *arena,
    const struct spool_options *options, struct spool **out, struct str *why);

/* Closes the open segment and gives the spool back; NULL is allowed. */
void spool_close(struct spool *spool);

/*
 * Appends all records to the open segment, in their order, and syncs once.
 * They all go into one segment.
 *
 * ERR_OK    all are durable; also for none
 * ERR_LIMIT the quota has no room for all of them; nothing was written
 * ERR_BUSY  the disk is full, or fails: none counts as durable.  The same again
 *           may work later; said in the log once, until it does
 * ERR_INPUT a record is empty or too long; nothing was written
 */
MUST_USE enum err spool_write(
    struct spool *spool, const struct spool_record *records, size_t n);

/*
 * A file of one record, durable, beside whoever holds the spool; for a process
 * that cannot reach the holder.  Needs the folder, and neither memory nor lock;
 * the caller holds it to the quota (spool_own_bytes()), against the holder's of
 * which it counts.
 *
 * ERR_OK    it is durable
 * ERR_BUSY  it is not, and nothing is left of it; errno says why
 * ERR_INPUT it is empty or too long
 */
MUST_USE enum err spool_own_write(
    const char *folder, const struct spool_record *record);

/* How long such a file is. */
int64_t spool_own_bytes(const struct spool_record *record);

/*
 * Keeps a record, durable, as a .bad file of its own: nobody will replay it,
 * until somebody has looked into it and renames the file to .own.  Said in the
 * log: `why`, and the file's name.
 *
 * ERR_OK    it is durable
 * ERR_LIMIT there is no room for it beside what is kept as .bad already
 * ERR_BUSY  the disk is full, or fails; nothing is left of it
 * ERR_INPUT it is empty or too long
 */
MUST_USE enum err spool_refuse(
    struct spool *spool, const struct spool_record *record, const char *why);

/* Closes the open segment, if there is one, so that it can be read. */
void spool_seal(struct spool *spool);

/*
 * Looks for own files that are new, and for .bad files that somebody removed;
 * no more than one fstat(2) when the folder has not changed.  Takes in
 * SPOOL_SCAN_MAX files a call at most, and none while a batch is out.
 * ERR_BUSY: the folder cannot be read now.
 */
MUST_USE enum err spool_scan(struct spool *spool);

struct spool_batch {
	const struct spool_record *records;
	size_t n; /* 0: all closed segments were read */
};

/*
 * The next records of the closed segments, oldest segment first, each with its
 * damage checked: at most `max_records`, and at most `max_bytes` of payload
 * together, but one at least if there is one.  They live in `arena`.  The batch
 * is out until spool_commit() or spool_rewind(); another spool_read() is a
 * rewind too.
 *
 * ERR_BUSY a segment cannot be opened now (descriptors, memory)
 */
MUST_USE enum err spool_read(struct spool *spool, struct arena *arena,
    size_t max_records, size_t max_bytes, struct spool_batch *out);

/*
 * The batch is durable elsewhere: it will not be given again, until a restart
 * reads its segment from the beginning.  A segment that was read to its end is
 * removed, or kept as .bad if damage was found in it.
 */
void spool_commit(struct spool *spool);

/* The batch could not be written: the next spool_read() gives it again. */
void spool_rewind(struct spool *spool);

struct spool_depth {
	uint64_t records; /* not committed yet, the open segment's included */
	int64_t bytes;    /* of all files; what the quota is held against */
	int64_t quota_bytes;
	int64_t oldest_us; /* none was received before; none: INT64_MAX */
	size_t files;      /* that hold them */
	uint64_t
	    bad_records;  /* damaged ones found since the spool was opened */
	size_t bad_files; /* kept as .bad, until somebody removes them */
};

/*
 * What the spool holds now; the contents of .bad files count in `bytes` alone.
 * Right from the start, own files that no spool_scan() has
 * seen yet excepted.  Looks at each file's entry in memory, not at the disk.
 */
void spool_depth(const struct spool *spool, struct spool_depth *out);

#endif
