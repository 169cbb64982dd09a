/*
 * reconcile: a call, or a recording, whose end nobody told us.  Floor: jobs.
 *
 * Whichever of the two was missing, Twilio is asked for both.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "kinds.h"
#include "learn.h"
#include "rest_ask.h"
#include "store/jobs.h"

#include <stdint.h>

#define GOES_ON_S 300  /* a call */
#define WORKED_ON_S 60 /* a recording, within its first hour */
#define HOUR_S INT64_C(3600)
#define SECOND_US INT64_C(1000000)

struct job_end
reconcile_run(
    const struct jobs *jobs, struct arena *arena, const struct job *job)
{
	const int64_t age_s = (clock_wall_us() - job->created_us) / SECOND_US;
	struct learnt learnt;

	if (!rest_ask_can(jobs->conf))
		return job_again(HOUR_S);
	if (learn_call(jobs, arena, job->key.line, job->key.call_sid,
		&learnt) != ERR_OK)
		return rest_ask_failed(arena, job, &learnt.answer);
	if (!learnt.is_ours)
		return job_done();
	if (!learnt.call_is_over)
		return job_again(GOES_ON_S);
	if (!learnt.recordings_are_over)
		return job_again(age_s < HOUR_S ? WORKED_ON_S : HOUR_S);
	return job_done();
}
