/*
 * spool_look: a look into a spool's folder, for who does not hold it.
 * Floor: io.
 */
#ifndef MAINLINE_IO_SPOOL_LOOK_H
#define MAINLINE_IO_SPOOL_LOOK_H

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

/*
 * When the oldest file that may still hold an event was begun, in microseconds
 * since 1970: a segment, or an own file.  INT64_MAX: there is none, or no
 * folder.  ERR_BUSY: it cannot be read (errno).
 */
MUST_USE enum err spool_look_oldest(const char *folder, int64_t *out);

/*
 * Removes what nobody will read any more and holds one of the texts: what was
 * kept as damaged, and what a dead process was writing.  `*removed` is how many
 * files it were.  ERR_BUSY: it cannot be read, or one not removed (errno).
 */
MUST_USE enum err spool_look_purge(struct arena *arena, const char *folder,
    const struct str *texts, size_t n, size_t *removed);

#endif
