/*
 * restoring: how mainline restore does it.
 * Private to the process floor.
 */
#ifndef MAINLINE_PROCESS_RESTORING_H
#define MAINLINE_PROCESS_RESTORING_H

#include "backup_set.h"
#include "cli.h"
#include "io/conf.h"
#include "io/pg.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct restoring {
	struct cli *cli;
	const struct conf *conf;
	struct pg *pg;
	const char *folder; /* the backup */

	struct backup_manifest manifest;
	struct backup_file *files; /* manifest.figure[FIGURE_FILES] of them */

	/* What it comes to. */
	int64_t audio_files;
	int64_t replayed; /* events of the spool */
	int64_t bad;      /* records of it that are damaged */
	int64_t erased;   /* calls that were erased since */
};

/*
 * Reads the backup through: is it whole, and what it was?  Says what is wrong.
 */
bool restoring_check(struct restoring *r);

/*
 * Fills the database, whose tables are removed before, and the folder of audio;
 * then brings the schema up to this program's and replays the spool.  Says what
 * is wrong, and what is to be done then.
 */
bool restoring_do(struct restoring *r);

/* The events of its spool, into the database.  Private to restoring. */
bool restoring_replay(struct restoring *r, const char *work);

#endif
