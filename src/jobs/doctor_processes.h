/* doctor_processes: its judgement.  Private to the jobs floor. */
#ifndef MAINLINE_JOBS_DOCTOR_PROCESSES_H
#define MAINLINE_JOBS_DOCTOR_PROCESSES_H

#include "doctor_checks.h"
#include "store/checkup.h"

/* Is the background work done, and all of it? */
void judge_jobs(struct doctor *d, const struct checkup_jobs *seen);

#endif
