/* doctor_job: the look at everything, again and again.  Floor: jobs. */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "jobs/doctor.h"
#include "kinds.h"
#include "store/checkup.h"
#include "store/jobs.h"

#define EVERY_S 900

struct job_end
doctor_job(const struct jobs *jobs, struct arena *arena, const struct job *job)
{
	const struct doctor_options options = {
		.arena = arena,
		.conf = jobs->conf,
	};
	struct doctor_report *const report =
	    ARENA_NEW(arena, struct doctor_report);
	struct str host = str_of(jobs->host); /* and a folder behind it */
	struct checkup checkup = { .host = str_split(&host, ':') };

	doctor_run(&options, report);
	checkup.findings = doctor_json(arena, report);
	if (checkup_keep(jobs->pg, arena, &checkup) != ERR_OK)
		return job_failed(arena, job, "the report cannot be kept");
	return job_again(EVERY_S);
}
