/*
 * archive: brings a recording's audio from Twilio to us.  Floor: jobs.
 *
 * Asked for by its SID at the host that is configured, never at a URL that a
 * request carried.  Done anew as often as need be: the bytes are durable first,
 * then the row says so, then Twilio's copy may go.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "codec/audio.h"
#include "io/bucket.h"
#include "io/conf.h"
#include "io/fetch.h"
#include "io/incoming.h"
#include "kinds.h"
#include "store/jobs.h"
#include "store/recordings.h"
#include "twilio/rest.h"
#include "twilio/words.h"
#include "twilio_api.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#define HEAD_MS 30000
#define TOTAL_MS 540000 /* below JOBS_LEASE_S, so that nobody else begins */
#define MAX_BYTES (INT64_C(512) * 1024 * 1024) /* nine hours of WAV */
#define PIECE_BYTES ((size_t)16 * 1024)

/* One recording on its way. */
struct transfer {
	const struct jobs *jobs;
	struct arena *arena;
	const struct job *job;
	struct recording_key key;
	struct bucket bucket; /* if it is kept in one */
	struct recording_kept kept;
	int64_t deadline_ms; /* monotonic, for all of it */
	struct job_end end;  /* why it failed, where something has */
};

static bool
fail(struct transfer *t, const char *why)
{
	t->end = job_failed(t->arena, t->job, "%s", why);
	return false;
}

static bool
fail_here(struct transfer *t)
{
	t->end = job_failed(t->arena, t->job,
	    "the recordings folder cannot be written: %s", strerror(errno));
	return false;
}

/* A larger one does not shrink. */
static bool
is_too_large(struct transfer *t, int64_t bytes)
{
	if (bytes <= MAX_BYTES)
		return false;
	t->end = job_dead(
	    t->arena, "it has more than %lld bytes", (long long)MAX_BYTES);
	return true;
}

static bool
read_body(struct transfer *t, struct incoming *in)
{
	char piece[PIECE_BYTES];
	size_t got = 0;

	do {
		if (fetch_read(t->jobs->fetcher, piece, sizeof(piece), &got) !=
		    ERR_OK)
			return fail(t, "Twilio's answer broke off");
		if (is_too_large(t, in->bytes + (int64_t)got))
			return false;
		if (incoming_add(in, (struct str){ piece, got }) != ERR_OK)
			return fail_here(t);
	} while (got > 0);
	return true;
}

/* Whatever was sent under 200: a page and half a file are not the audio. */
static bool
is_audio(struct transfer *t, const struct incoming *in,
    enum recording_format format, int64_t told)
{
	const struct str head = { in->head, in->head_n };
	const enum audio wanted =
	    format == RECORDING_MP3 ? AUDIO_MP3 : AUDIO_WAV;

	if (audio_sniff(head) != wanted)
		return fail(t, "what Twilio sent is no audio");
	if (told < 0 && audio_wav_bytes(head) > in->bytes)
		return fail(t, "Twilio's answer broke off");
	return true;
}

static bool
receive(struct transfer *t, struct incoming *in,
    const struct fetch_response *got, enum recording_format format)
{
	if (got->status != 200) {
		t->end = twilio_api_refused(t->arena, t->job, got);
		return false;
	}
	return !is_too_large(t, got->length) && read_body(t, in) &&
	    is_audio(t, in, format, got->length);
}

static bool
ask_and_receive(
    struct transfer *t, struct incoming *in, enum recording_format format)
{
	const struct str url = rest_recording_media(t->arena,
	    str_of(t->jobs->conf->twilio_api_url),
	    str_of(twilio_api_account(t->jobs)), t->key.sid,
	    recording_suffix(format));
	struct fetch_request request = {
		.url = url.p,
		.head_deadline_ms = clock_mono_ms() + HEAD_MS,
		.deadline_ms = t->deadline_ms,
	};
	struct fetch_response got;
	const char *why;
	bool ok;

	if (twilio_api_ask(t->jobs, t->arena, &request, &got, &why) != ERR_OK)
		return fail(t, why);
	ok = receive(t, in, &got, format);
	fetch_close(t->jobs->fetcher);
	return ok;
}

/* It is there when the bucket says so, as long as it was sent. */
static bool
put_into_bucket(
    struct transfer *t, const struct incoming *in, enum recording_format format)
{
	const struct bucket_call call = {
		.fetcher = t->jobs->fetcher,
		.arena = t->arena,
		.key = recordings_name(t->arena, t->key.sid, format),
		.deadline_ms = t->deadline_ms,
	};
	struct bucket_file file = {
		.file = { .fd = in->fd, .length = in->bytes },
		.content_type = recording_type(format),
	};
	int64_t length = -1;
	const char *why;

	memcpy(file.sha256, t->kept.files[format].sha256, sizeof(file.sha256));
	if (bucket_put(&t->bucket, &call, &file, &why) != ERR_OK ||
	    bucket_head(&t->bucket, &call, &length, &why) != ERR_OK)
		return fail(t, why);
	return length == in->bytes ||
	    fail(t, "the bucket has another length of it");
}

static bool
keep(struct transfer *t, struct incoming *in, enum recording_format format)
{
	const struct str name = recordings_name(t->arena, t->key.sid, format);

	if (incoming_close(in, t->kept.files[format].sha256) != ERR_OK)
		return fail_here(t);
	t->kept.files[format].bytes = in->bytes;
	if (t->kept.place == RECORDING_BUCKET)
		return put_into_bucket(t, in, format);
	return incoming_keep(t->arena, in, name.p) == ERR_OK || fail_here(t);
}

static bool
bring(struct transfer *t, enum recording_format format)
{
	const struct conf *const conf = t->jobs->conf;
	const char *const group =
	    t->kept.place == RECORDING_FOLDER ? conf->socket_group : NULL;
	struct incoming in;
	bool ok;

	if (incoming_open(t->arena, recordings_folder(t->arena, conf->data),
		group, &in) != ERR_OK)
		return fail_here(t);
	ok = ask_and_receive(t, &in, format) && keep(t, &in, format);
	incoming_drop(&in);
	return ok;
}

/* The call was erased meanwhile: nothing of it stays. */
static bool
take_back(struct transfer *t, enum recording_format format)
{
	const struct bucket_call call = {
		.fetcher = t->jobs->fetcher,
		.arena = t->arena,
		.key = recordings_name(t->arena, t->key.sid, format),
		.deadline_ms = t->deadline_ms,
	};
	const char *const folder =
	    recordings_folder(t->arena, t->jobs->conf->data);
	const struct str path =
	    str_format(t->arena, "%s/%.*s", folder, STR_ARG(call.key));
	const char *why;

	if (t->kept.place == RECORDING_FOLDER)
		return unlink(path.p) == 0 || errno == ENOENT || fail_here(t);
	return bucket_delete(&t->bucket, &call, &why) == ERR_OK || fail(t, why);
}

static bool
bring_all(struct transfer *t)
{
	enum err e;

	t->kept.place =
	    bucket_open(t->arena, t->jobs->conf, &t->bucket) == ERR_OK
	    ? RECORDING_BUCKET
	    : RECORDING_FOLDER;
	if (!bring(t, RECORDING_MP3) || !bring(t, RECORDING_WAV))
		return false;
	e = recordings_keep(t->jobs->pg, t->arena, &t->key, &t->kept);
	if (e == ERR_GONE) {
		t->end = job_done();
		(void)(take_back(t, RECORDING_MP3) &&
		    take_back(t, RECORDING_WAV));
		return false;
	}
	return e == ERR_OK || fail(t, "the database cannot be written");
}

static struct job_end
delete_at_twilio(struct transfer *t)
{
	const struct str url =
	    rest_recording(t->arena, str_of(t->jobs->conf->twilio_api_url),
		str_of(twilio_api_account(t->jobs)), t->key.sid);
	struct fetch_request request = {
		.url = url.p,
		.method = FETCH_DELETE,
		.head_deadline_ms = clock_mono_ms() + HEAD_MS,
		.deadline_ms = clock_mono_ms() + HEAD_MS,
	};
	struct fetch_response got;
	const char *why;

	if (twilio_api_ask(t->jobs, t->arena, &request, &got, &why) != ERR_OK)
		return job_failed(t->arena, t->job, "%s", why);
	fetch_close(t->jobs->fetcher);
	if (got.status != 204 && got.status != 404) /* gone already */
		return twilio_api_refused(t->arena, t->job, &got);
	if (recordings_deleted(t->jobs->pg, t->arena, &t->key) != ERR_OK)
		return job_failed(
		    t->arena, t->job, "the database cannot be written");
	return job_done();
}

struct job_end
archive_run(const struct jobs *jobs, struct arena *arena, const struct job *job)
{
	struct transfer t = {
		.jobs = jobs,
		.arena = arena,
		.job = job,
		.key = { .line = job->key.line,
		    .sid = job->key.channel,
		    .call_sid = job->key.call_sid },
		.deadline_ms = clock_mono_ms() + TOTAL_MS,
	};
	bool deleted = false;
	enum err e;

	/* A webhook brought it; it becomes part of a path. */
	if (!sid_is(t.key.sid, "RE"))
		return job_dead(arena, "it is no recording's SID");
	if (twilio_api_account(jobs) == NULL)
		return job_failed(arena, job, "TWILIO_ACCOUNT_SID is not set");
	e = recordings_kept(jobs->pg, arena, &t.key, &deleted);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return job_failed(arena, job, "the database cannot be read");
	if (e == ERR_NOT_FOUND && !bring_all(&t))
		return t.end;
	return jobs->conf->delete_at_twilio && !deleted ? delete_at_twilio(&t)
							: job_done();
}
