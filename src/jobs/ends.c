/* ends: how a job ended.  Floor: jobs. */
#include "base/arena.h"
#include "base/str.h"
#include "io/entropy.h"
#include "kinds.h"
#include "store/jobs.h"

#include <stdarg.h>
#include <stdint.h>

#define FIRST_S 2
#define MOST_S 3600
#define OWN_MOST_S 30

/* Twice as long each time, and anything from the half of it up. */
static int64_t
backoff_s(int attempts)
{
	int64_t s = FIRST_S;

	for (int i = 1; i < attempts && s < MOST_S; i++)
		s *= 2;
	if (s > MOST_S)
		s = MOST_S;
	return s / 2 + entropy_below((uint32_t)(s / 2 + 1));
}

struct job_end
job_done(void)
{
	return (struct job_end){ .state = JOB_DONE };
}

struct job_end
job_idle(const char *why)
{
	return (struct job_end){ .state = JOB_DONE, .why = str_of(why) };
}

struct job_end
job_failed(struct arena *arena, const struct job *job, const char *fmt, ...)
{
	struct job_end end = {
		.state = JOB_DUE,
		.delay_s = backoff_s(job->attempts),
	};
	va_list args;

	va_start(args, fmt);
	end.why = str_vformat(arena, fmt, args);
	va_end(args);
	return end;
}

struct job_end
job_failed_for(struct job_end failed, int64_t delay_s)
{
	if (failed.delay_s < delay_s)
		failed.delay_s = delay_s;
	if (failed.least_s < delay_s)
		failed.least_s = delay_s < MOST_S ? delay_s : MOST_S;
	return failed;
}

struct job_end
job_dead(struct arena *arena, const char *fmt, ...)
{
	struct job_end end = { .state = JOB_DEAD };
	va_list args;

	va_start(args, fmt);
	end.why = str_vformat(arena, fmt, args);
	va_end(args);
	return end;
}

struct job_end
job_again(int64_t delay_s)
{
	return (struct job_end){
		.state = JOB_DUE,
		.delay_s = delay_s,
		.anew = true,
	};
}

struct job_end
job_limited(struct job_end end, int64_t age_s, int64_t limit_s)
{
	if (end.state != JOB_DUE || end.anew)
		return end;
	if (limit_s == JOB_NO_LIMIT) {
		const int64_t most_s =
		    end.least_s > OWN_MOST_S ? end.least_s : OWN_MOST_S;

		if (end.delay_s > most_s)
			end.delay_s = most_s;
	} else if (age_s > limit_s) {
		end.state = JOB_DEAD;
	}
	return end;
}
