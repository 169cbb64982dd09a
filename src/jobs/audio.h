/* audio: removing what is kept of a recording.  Private to the jobs floor. */
#ifndef MAINLINE_JOBS_AUDIO_H
#define MAINLINE_JOBS_AUDIO_H

#include "base/arena.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/str.h"
#include "kinds.h"

#include <stdbool.h>

/*
 * Removes the files of this host's recordings folder, and the bucket's objects
 * if there is one; what is gone already is no error.  The SID has been checked.
 * ERR_BUSY: not now; `*why` says why, in `arena`.  So it is, too, where the
 * audio lies `in_bucket` and none is configured any more.
 */
MUST_USE enum err audio_remove(const struct jobs *jobs, struct arena *arena,
    struct str recording_sid, bool in_bucket, const char **why);

#endif
