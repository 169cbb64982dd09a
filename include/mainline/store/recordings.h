/*
 * recordings: the audio that is ours, and who has listened to it.
 * Floor: store.
 *
 * A row says that the bytes are durable where `place` names; it is written
 * after them.  Where they lie is one name, in the folder and in the bucket
 * alike: recordings_name().
 */
#ifndef MAINLINE_STORE_RECORDINGS_H
#define MAINLINE_STORE_RECORDINGS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/digest.h"
#include "io/pg.h"

#include <stdbool.h>
#include <stdint.h>

enum recording_format { RECORDING_MP3, RECORDING_WAV, RECORDING_FORMATS };
enum recording_place { RECORDING_NOWHERE, RECORDING_FOLDER, RECORDING_BUCKET };

/* ".mp3", as Twilio has it as well, and its media type. */
struct str recording_suffix(enum recording_format format);
struct str recording_type(enum recording_format format);

/* "RE0123.mp3": of its file, and of its key in the bucket. */
struct str recordings_name(
    struct arena *arena, struct str sid, enum recording_format format);

/* MAINLINE_DATA/recordings */
const char *recordings_folder(struct arena *arena, const char *data);

struct recording_file {
	struct str sha256; /* in hexadecimal digits; absent: there is none */
	int64_t bytes;
};

/*
 * Removes its files from the folder; what is not there is no error.  ERR_BUSY:
 * errno says why.  The SID has been checked.
 */
MUST_USE enum err recordings_remove(
    struct arena *arena, const char *data, struct str sid);

/* What is known of one.  Strings live in the arena that was given. */
struct recording {
	struct str line;
	struct str status; /* in Twilio's words; absent: not known */
	bool given_up;     /* Twilio never handed it out */
	bool removed;      /* its time to be kept is over */
	enum recording_place place;
	struct recording_file files[RECORDING_FORMATS];
	struct str from;    /* the caller; absent: not known */
	int64_t started_us; /* when the call began; -1: not known */
};

/* ERR_NOT_FOUND: it is no call's.  Else as pg_run(). */
MUST_USE enum err recordings_find(struct pg *pg, struct arena *arena,
    struct str sid, int64_t deadline_ms, struct recording *out);

/* Whose it is; borrowed. */
struct recording_key {
	struct str line, sid, call_sid;
};

/*
 * Is it kept already, or was it?  `*deleted`: and Twilio's copy is gone.
 * ERR_NOT_FOUND: never.  Else as pg_run().
 */
MUST_USE enum err recordings_kept(struct pg *pg, struct arena *arena,
    const struct recording_key *key, bool *deleted);

struct recording_kept {
	enum recording_place place;
	struct {
		unsigned char sha256[DIGEST_SHA256_BYTES];
		int64_t bytes;
	} files[RECORDING_FORMATS];
};

/*
 * It is durable there.  ERR_GONE: its call was erased, or its time is over: the
 * bytes must go.  Else as pg_run().
 */
MUST_USE enum err recordings_keep(struct pg *pg, struct arena *arena,
    const struct recording_key *key, const struct recording_kept *kept);

/* Twilio's copy is gone. */
MUST_USE enum err recordings_deleted(
    struct pg *pg, struct arena *arena, const struct recording_key *key);

struct listen {
	struct str line, sid, who;
};

/* Somebody begins to listen.  Not idempotent; nothing depends on it. */
MUST_USE enum err recordings_listen(struct pg *pg, struct arena *arena,
    const struct listen *listen, int64_t deadline_ms);

#endif
