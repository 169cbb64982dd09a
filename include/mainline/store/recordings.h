/*
 * recordings: audio that is kept here.
 * Floor: store.
 */
#ifndef MAINLINE_STORE_RECORDINGS_H
#define MAINLINE_STORE_RECORDINGS_H

#include "base/arena.h"
#include "base/str.h"

/* What a recording may be kept as; a file, or an object of the bucket, each. */
#define RECORDINGS_SUFFIXES { ".mp3", ".wav" }

/*
 * Where a recording's file is: MAINLINE_DATA/recordings/RE….mp3.  `data` is
 * that folder, the SID has been checked.
 */
const char *recordings_path(struct arena *arena, const char *data,
    struct str recording_sid, const char *suffix);

/* The same in the bucket: its object's key. */
struct str recordings_key(
    struct arena *arena, struct str recording_sid, const char *suffix);

#endif
