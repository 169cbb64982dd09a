/* doctor_database: its judgements.  Private to the jobs floor. */
#ifndef MAINLINE_JOBS_DOCTOR_DATABASE_H
#define MAINLINE_JOBS_DOCTOR_DATABASE_H

#include "doctor_checks.h"
#include "store/checkup.h"
#include "store/migrate.h"

#include <stdint.h>

/* What a database that answers says of itself, at `now_us` of our clock. */
void judge_database(
    struct doctor *d, const struct checkup_database *seen, int64_t now_us);

/* Its schema, against the version that we need. */
void judge_migrations(
    struct doctor *d, const struct migrate_state *seen, int newest);

#endif
