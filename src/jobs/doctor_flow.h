/* doctor_flow: its judgement.  Private to the jobs floor. */
#ifndef MAINLINE_JOBS_DOCTOR_FLOW_H
#define MAINLINE_JOBS_DOCTOR_FLOW_H

#include "doctor_checks.h"

/* The flow that decides, `d->flow`, against the settings. */
void judge_flow(struct doctor *d);

/* Can those be told whom the flow names? */
void judge_notices(struct doctor *d);

#endif
