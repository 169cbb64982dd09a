/* doctor_certificate: its judgement.  Private to the jobs floor. */
#ifndef MAINLINE_JOBS_DOCTOR_CERTIFICATE_H
#define MAINLINE_JOBS_DOCTOR_CERTIFICATE_H

#include "base/str.h"
#include "doctor_checks.h"
#include "io/certificate.h"

#include <stdint.h>

/* What is shown for the name `host`, at `now_us`. */
void judge_certificate(struct doctor *d, struct str host,
    const struct certificate *seen, int64_t now_us);

#endif
