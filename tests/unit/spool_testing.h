/* spool_testing: a spool in a folder of a test's own, and what it logs. */
#ifndef TESTS_UNIT_SPOOL_TESTING_H
#define TESTS_UNIT_SPOOL_TESTING_H

#include "base/log.h"
#include "folder_testing.h"
#include "io/spool.h"

#define BOX_QUOTA ((int64_t)64 * 1024 * 1024)
#define BOX_RECORDS 4096 /* the most that box_drain() gives */

/* Where the first record, and the payload of a record, begin. */
#define FILE_HEAD ((size_t)16)
#define RECORD_HEAD ((size_t)24)

struct box {
	struct arena *arena;
	const char *folder;
	const char *log_path;
	struct log log;
	struct spool_options options;
	struct spool *spool;
};

/* A new spool, open.  box_end() closes it. */
struct box *box_begin(const struct folder *f);
void box_end(struct box *box);

/* Opens it, or closes it in good order and opens it again. */
void box_open(struct box *box);
void box_reopen(struct box *box);

struct spool_record record_of(const char *text, int64_t received_us);
void box_write(struct box *box, const char *text, int64_t received_us);

/* All that is closed, read in batches of `max` records, each committed. */
struct spool_batch box_drain(struct box *box, size_t max);

/* One batch, not committed. */
struct spool_batch box_read(struct box *box, size_t max);

struct spool_depth box_depth(const struct box *box);

/* How often the log has this event, as in "spool_full". */
size_t box_logged(const struct box *box, const char *event);

/* How many files have this ending, and the path of one of them, or NULL. */
size_t box_files(const struct box *box, const char *ending);
const char *box_file(const struct box *box, const char *ending);

/* A whole file out, and in. */
struct str bytes_in(struct arena *arena, const char *path);
void bytes_to(const char *path, struct str bytes);

bool has_text(const struct spool_batch *batch, const char *text);

#endif
