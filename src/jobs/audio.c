/* audio: removing what is kept of a recording.  Floor: jobs. */
#include "audio.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "io/bucket.h"
#include "io/conf.h"
#include "kinds.h"
#include "store/recordings.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define BUCKET_MS 30000

static enum err
remove_object(const struct jobs *jobs, struct arena *arena,
    const struct bucket *bucket, struct str name, const char **why)
{
	const struct bucket_call call = {
		.fetcher = jobs->fetcher,
		.arena = arena,
		.key = name,
		.deadline_ms = clock_mono_ms() + BUCKET_MS,
	};

	return bucket_delete(bucket, &call, why) == ERR_OK ? ERR_OK : ERR_BUSY;
}

enum err
audio_remove(const struct jobs *jobs, struct arena *arena,
    struct str recording_sid, bool in_bucket, const char **why)
{
	struct bucket bucket;
	const bool has_bucket =
	    bucket_open(arena, jobs->conf, &bucket) == ERR_OK;
	enum err e = recordings_remove(arena, jobs->conf->data, recording_sid);

	if (e != ERR_OK)
		*why = strerror(errno);
	for (enum recording_format f = RECORDING_MP3;
	    e == ERR_OK && has_bucket && f < RECORDING_FORMATS; f++)
		e = remove_object(jobs, arena, &bucket,
		    recordings_name(arena, recording_sid, f), why);
	if (e == ERR_OK && in_bucket && !has_bucket) {
		*why = "it lies in a bucket, and MAINLINE_S3_URL is not set";
		e = ERR_BUSY;
	}
	return e;
}
