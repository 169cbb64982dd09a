/*
 * snapshot: the published flows, in a file of this host.  Floor: jobs.
 *
 * On every host, so that a version published on one is known to all before a
 * call begins with it.
 */
#include "base/arena.h"
#include "base/err.h"
#include "io/conf.h"
#include "kinds.h"
#include "store/flows.h"
#include "store/jobs.h"

#include <errno.h>
#include <string.h>

#define EVERY_S 5 /* a version is in force 30 s after it was published */

struct job_end
snapshot_run(
    const struct jobs *jobs, struct arena *arena, const struct job *job)
{
	const char *const path = flows_snapshot_path(arena, jobs->conf->data);
	const enum err e = flows_snapshot_write(jobs->pg, arena, path);

	if (e == ERR_UPSTREAM)
		return job_failed(
		    arena, job, "cannot write %s: %s", path, strerror(errno));
	if (e != ERR_OK || jobs_forget_hosts(jobs->pg, arena) != ERR_OK)
		return job_failed(arena, job, "the flows cannot be read");
	return job_again(EVERY_S);
}
