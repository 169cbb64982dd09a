/*
 * backing_up: how mainline backup does it.
 * Private to the process floor.
 */
#ifndef MAINLINE_PROCESS_BACKING_UP_H
#define MAINLINE_PROCESS_BACKING_UP_H

#include "backup_set.h"
#include "cli.h"
#include "io/conf.h"
#include "io/pg.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct backing_up {
	struct cli *cli;
	const struct conf *conf;
	struct pg *pg;      /* holds the moment that is dumped */
	struct pg *now;     /* knows what has become of it since */
	const char *folder; /* is not there yet */
	int wait_s;         /* for audio that is on its way */

	/* What it comes to. */
	struct backup_manifest manifest;
	int64_t audio_files, spool_files;
	int64_t unarchived; /* recordings that were not here yet */
	struct backup_sums sums;
};

/*
 * Makes the folder and all that is to lie in it, durably; says what is wrong.
 * When it gives false nothing is left of it.
 */
bool backing_up_do(struct backing_up *b);

#endif
