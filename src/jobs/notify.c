/*
 * notify: somebody is told of a message or a missed call.  Floor: jobs.
 *
 * A job for each call and channel.  It may be done twice, when a process dies
 * between the sending and the note of it: the second is known by its id.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "flow/flow.h"
#include "flow/flow_set.h"
#include "io/mail.h"
#include "io/pg.h"
#include "kinds.h"
#include "notice_text.h"
#include "notify_audio.h"
#include "notify_call.h"
#include "notify_ways.h"
#include "store/calls.h"
#include "store/flows.h"
#include "store/jobs.h"
#include "store/notices.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#define AUDIO_LOOK_S 3  /* between two looks for audio that is coming */
#define TOGETHER_MOST 8 /* attempts by one letter to all: some minutes */
#define LATE_US (INT64_C(86400) * 1000000)

static const char nobody[] = "nobody to tell: the flow names none";

/* A job with what it is about. */
struct telling {
	const struct jobs *jobs;
	struct arena *arena;
	const struct job *job;
	struct pg_rows call;
	const struct line *line; /* who is told; NULL: nobody */
};

/*
 * Nobody is told of what has long been over: a sweep may find calls of days
 * ago, and the first start of this work many rows that nobody has looked at.
 */
static bool
is_late(const struct telling *t)
{
	const int64_t started_us =
	    pg_int(&t->call, 0, CALL_COLUMN_STARTED_US, 0);
	const int64_t over_us =
	    pg_int(&t->call, 0, CALL_COLUMN_ENDED_US, started_us);

	return t->job->created_us - over_us > LATE_US ||
	    clock_wall_us() - t->job->due_us > LATE_US;
}

static bool
is_wanted(const struct notify *notify, struct str outcome)
{
	return (notify->voicemail && str_eq(outcome, STR("voicemail"))) ||
	    (notify->missed && str_eq(outcome, STR("missed")));
}

/*
 * The line in the last published version: who is to be told is a matter of
 * today, not of when the call began.  The compiled-in flow names nobody.
 */
static enum err
find_line(struct telling *t, struct str *why)
{
	struct flow_version version;
	struct flow_errors errors;
	const struct flow *flow;
	enum err e = flows_get(t->jobs->pg, t->arena, 0, &version);

	*why = STR("the flow cannot be read");
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	if (e != ERR_OK)
		return e;
	*why = STR("the published flow is none for this program");
	e = flow_parse(
	    t->arena, version.document, version.version, &errors, &flow);
	if (e == ERR_OK)
		t->line = flow_line(flow, t->job->key.line);
	return e;
}

static struct job_end
end_of(const struct telling *t, const struct sent *sent)
{
	switch (sent->how) {
	case SENT_OK:
		break;
	case SENT_NEVER:
		return job_dead(t->arena, "%.*s", STR_ARG(sent->what));
	case SENT_LATER:
		return job_failed_for(
		    job_failed(t->arena, t->job, "%.*s", STR_ARG(sent->what)),
		    sent->retry_after_s);
	}
	return job_done();
}

static struct sender
sender_of(const struct telling *t)
{
	return (struct sender){
		.arena = t->arena,
		.conf = t->jobs->conf,
		.fetcher = t->jobs->fetcher,
	};
}

static struct job_end
send_letter(const struct telling *t, struct notice *notice,
    const struct mail_attachment *audio)
{
	const struct sender sender = sender_of(t);
	const struct str sid = t->job->key.call_sid;
	struct letter letter = {
		.id = str_format(t->arena, "%.*s.email", STR_ARG(sid)),
		.subject = notice_subject(t->arena, notice),
		.audio = audio,
		.text_without = notice_text(t->arena, notice),
		.is_overdue = t->job->attempts > TOGETHER_MOST,
	};
	struct sent sent;

	if (audio != NULL)
		notice->sound = NOTICE_SOUND_ATTACHED;
	letter.text = notice_text(t->arena, notice);
	sent = notify_by_mail(&sender, &t->line->notify, &letter);
	return end_of(t, &sent);
}

/* Audio that is still on its way is waited for, but not for long. */
static struct job_end
tell_by_mail(const struct telling *t)
{
	const struct str recording =
	    pg_str(&t->call, 0, CALL_COLUMN_RECORDING_SID);
	struct notice notice =
	    notify_call_notice(t->arena, t->jobs->conf, &t->call);
	struct mail_attachment audio;
	struct job_end end;
	enum err e = ERR_NOT_FOUND;

	notice.line_name = t->line->name;
	if (t->line->notify.n_email == 0)
		return job_idle(nobody);
	if (notice.sound != NOTICE_SOUND_NONE)
		e = notify_audio_open(
		    t->jobs, t->arena, &t->job->key, recording, &audio);
	if (e == ERR_BUSY)
		return job_again(AUDIO_LOOK_S);
	if (e == ERR_DB)
		return job_failed(
		    t->arena, t->job, "the recording cannot be read");
	end = send_letter(t, &notice, e == ERR_OK ? &audio : NULL);
	if (e == ERR_OK)
		(void)close(audio.fd);
	return end;
}

static struct job_end
tell_by_webhook(const struct telling *t)
{
	const struct sender sender = sender_of(t);
	const struct str sid = t->job->key.call_sid;
	struct sent sent;

	if (t->line->notify.webhook.p == NULL)
		return job_idle(nobody);
	sent = notify_by_webhook(&sender, t->line->notify.webhook,
	    str_format(t->arena, "msg_%.*s", STR_ARG(sid)),
	    notify_call_body(t->arena, t->jobs->conf, &t->call));
	return end_of(t, &sent);
}

struct job_end
notify_run(const struct jobs *jobs, struct arena *arena, const struct job *job)
{
	struct telling t = { .jobs = jobs, .arena = arena, .job = job };
	const enum err e = notices_call(
	    jobs->pg, arena, job->key.line, job->key.call_sid, &t.call);
	struct str why;

	if (e == ERR_NOT_FOUND)
		return job_idle("nobody was told: the call is no more here");
	if (e != ERR_OK)
		return job_failed(arena, job, "the call cannot be read");
	if (is_late(&t))
		return job_idle("nobody was told: it was a day or more late");
	if (find_line(&t, &why) != ERR_OK)
		return job_failed(arena, job, "%.*s", STR_ARG(why));
	if (t.line == NULL ||
	    !is_wanted(
		&t.line->notify, pg_str(&t.call, 0, CALL_COLUMN_OUTCOME)))
		return job_idle(nobody);
	if (str_eq(job->key.channel, STR("email")))
		return tell_by_mail(&t);
	if (str_eq(job->key.channel, STR("webhook")))
		return tell_by_webhook(&t);
	return job_dead(arena, "there is no such channel");
}
