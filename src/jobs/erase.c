/*
 * erase: the rest of an erasure.  Floor: jobs.
 *
 * A job for the call itself, one for each of its legs and one for each of its
 * recordings, since Twilio keeps each of them with the caller's number.  The
 * job's row names the call: it is removed with the job, not kept as done.
 */
#include "audio.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "io/conf.h"
#include "io/fetch.h"
#include "kinds.h"
#include "store/erasure.h"
#include "store/jobs.h"
#include "twilio/rest.h"
#include "twilio/words.h"
#include "twilio_api.h"

#include <stdbool.h>
#include <stddef.h>

#define ASK_MS 30000
#define ROWS_MS 10000

static const char database_failed[] = "the database cannot be written";

/* At Twilio; what is gone already is as good. */
static struct job_end
delete_at_twilio(const struct jobs *jobs, struct arena *arena,
    const struct job *job, struct str sid)
{
	const struct str api = str_of(jobs->conf->twilio_api_url);
	const struct str account = str_of(twilio_api_account(jobs));
	const struct str url = sid_is(sid, "RE")
	    ? rest_recording(arena, api, account, sid)
	    : rest_call(arena, api, account, sid);
	struct fetch_request request = {
		.url = str_cstr(arena, url),
		.method = FETCH_DELETE,
		.head_deadline_ms = clock_mono_ms() + ASK_MS,
		.deadline_ms = clock_mono_ms() + ASK_MS,
	};
	struct fetch_response got;
	const char *why;

	if (twilio_api_ask(jobs, arena, &request, &got, &why) != ERR_OK)
		return job_failed(arena, job, "%s", why);
	fetch_close(jobs->fetcher);
	if (got.status != 204 && got.status != 404 && got.status != 410)
		return twilio_api_refused(arena, job, &got);
	return job_done();
}

/* What a statement that had begun before has written meanwhile. */
static struct job_end
look_again(const struct jobs *jobs, struct arena *arena, const struct job *job,
    const struct erasure_call *call)
{
	struct erasure_counts counts = { 0 };

	if (erasure_erase(jobs->pg, arena, call, clock_mono_ms() + ROWS_MS,
		&counts) != ERR_OK)
		return job_failed(arena, job, database_failed);
	return job_done();
}

static struct job_end
remove_recording(const struct jobs *jobs, struct arena *arena,
    const struct job *job, struct str sid)
{
	const bool in_bucket = sid.n < job->key.channel.n;
	const char *why;

	if (audio_remove(jobs, arena, sid, in_bucket, &why) != ERR_OK)
		return job_failed(
		    arena, job, "the audio cannot be removed: %s", why);
	if (erasure_recording(jobs->pg, arena, job->key.line, sid) != ERR_OK)
		return job_failed(arena, job, database_failed);
	return job_done();
}

struct job_end
erase_run(const struct jobs *jobs, struct arena *arena, const struct job *job)
{
	const struct erasure_call call = { .line = job->key.line,
		.sid = job->key.call_sid };
	struct str channel = job->key.channel; /* SID@bucket, for one there */
	const struct str named = str_split(&channel, '@');
	const struct str sid = named.n == 0 ? call.sid : named;
	struct job_end end = job_done();

	if (job->key.channel.n == 0)
		end = look_again(jobs, arena, job, &call);
	else if (sid_is(sid, "RE"))
		end = remove_recording(jobs, arena, job, sid);
	/* A webhook brought it; it becomes part of a path. */
	if (end.state == JOB_DONE && (sid_is(sid, "CA") || sid_is(sid, "RE")))
		end = delete_at_twilio(jobs, arena, job, sid);
	if (end.state == JOB_DONE &&
	    erasure_forget_job(jobs->pg, arena, &call, job->key.channel) !=
		ERR_OK)
		end = job_failed(arena, job, database_failed);
	return end;
}
