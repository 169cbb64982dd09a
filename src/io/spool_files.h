/*
 * spool_files: the files of a spool, and what all of them take up.
 * Floor: io.
 */
#ifndef MAINLINE_IO_SPOOL_FILES_H
#define MAINLINE_IO_SPOOL_FILES_H

#include "base/compiler.h"
#include "base/err.h"
#include "spool_state.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Takes in what lies in the folder.  At the start (`whole`) that is everything,
 * and segments are read through; later only own files that are not known yet,
 * SPOOL_SCAN_MAX at most.  Removes what belongs to nobody any more.  ERR_BUSY:
 * errno says why.
 */
MUST_USE enum err spool_files_list(struct spool *spool, bool whole);

/* Adds a closed segment as the newest, also while a batch is out. */
void spool_files_push(struct spool *spool, const struct spool_segment *segment);

/* The bytes of all files in the folder, as far as is known. */
int64_t spool_files_bytes(const struct spool *spool);

/* Is there room for so much more that is kept as .bad? */
bool spool_files_bad_fits(const struct spool *spool, int64_t bytes);

/* Gives the alarm, or takes it back, by how much of the quota is in use. */
void spool_files_watch(struct spool *spool);

#endif
