/*
 * notices: what must be known to tell somebody of a call.
 * Floor: store.
 */
#ifndef MAINLINE_STORE_NOTICES_H
#define MAINLINE_STORE_NOTICES_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/pg.h"

#include <stdbool.h>
#include <stdint.h>

/* The call, in the columns of enum call_column.  ERR_NOT_FOUND; as pg_run(). */
MUST_USE enum err notices_call(struct pg *pg, struct arena *arena,
    struct str line, struct str call_sid, struct pg_rows *out);

/* How long a notice waits for the audio, once that was asked for. */
#define NOTICES_AUDIO_WAIT_S 180

/* Whose it is; borrowed. */
struct notice_recording {
	struct str line, call_sid, sid;
};

struct notice_audio {
	bool coming;   /* it was asked for just now, and may come soon */
	bool here;     /* an MP3 lies in the folder of recordings */
	int64_t bytes; /* of it */
};

/* What there is to attach of a recording.  Errors as pg_run(). */
MUST_USE enum err notices_audio(struct pg *pg, struct arena *arena,
    const struct notice_recording *recording, struct notice_audio *out);

#endif
