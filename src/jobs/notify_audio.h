/*
 * notify_audio: the audio of a message, to go with a letter.
 * Private to the jobs floor.
 */
#ifndef MAINLINE_JOBS_NOTIFY_AUDIO_H
#define MAINLINE_JOBS_NOTIFY_AUDIO_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "io/mail.h"
#include "kinds.h"

/* What is larger is linked: mail servers refuse it. */
#define NOTIFY_AUDIO_MAX_BYTES (INT64_C(10) * 1024 * 1024)

/*
 * Opens the MP3 of a recording that is kept in this host's folder; out->fd is
 * then the caller's to close.  ERR_BUSY: it may come soon.  ERR_NOT_FOUND:
 * there is none to attach.  ERR_DB: the database could not say.
 */
MUST_USE enum err notify_audio_open(const struct jobs *jobs,
    struct arena *arena, const struct job_key *key, struct str recording_sid,
    struct mail_attachment *out);

#endif
