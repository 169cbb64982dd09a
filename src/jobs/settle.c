/*
 * settle: missed and abandoned calls whose caller was answered later.  Floor:
 * jobs.
 *
 * The feed tells them from those that wait for somebody, one by one; this only
 * takes them off its shelf, so that it need not look at the same ones for ever.
 */
#include "base/arena.h"
#include "base/err.h"
#include "kinds.h"
#include "store/calls.h"
#include "store/jobs.h"

#include <stddef.h>

#define EVERY_S 600

struct job_end
settle_run(const struct jobs *jobs, struct arena *arena, const struct job *job)
{
	size_t n;

	if (calls_settle(jobs->pg, arena, &n) != ERR_OK)
		return job_failed(arena, job, "the database cannot be written");
	return job_again(n > 0 ? 1 : EVERY_S);
}
