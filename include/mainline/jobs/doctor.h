/*
 * doctor: what stands between the caller and the answer, in plain words, each
 * with its mend.
 * Floor: jobs.
 *
 * A check looks at one part of the whole, and says what it finds.  Nothing is
 * changed and nothing recorded; a signed request of our own goes through the
 * public URL to a path that only answers what it saw.
 */
#ifndef MAINLINE_JOBS_DOCTOR_H
#define MAINLINE_JOBS_DOCTOR_H

#include "base/arena.h"
#include "base/str.h"
#include "io/conf.h"

#include <stdbool.h>
#include <stddef.h>

#define DOCTOR_MAX_FINDINGS 200

enum doctor_severity {
	DOCTOR_OK,
	DOCTOR_NOT_CHECKED, /* and why */
	DOCTOR_WARNING,     /* calls are answered all the same */
	DOCTOR_FAULT,       /* they are not, or not as they should be */
	DOCTOR_SEVERITY__MAX
};

struct doctor_finding {
	const char *check; /* "database": which part was looked at */
	struct str code;   /* stable, for programs: "database_unreachable" */
	enum doctor_severity severity;
	struct str text; /* what is wrong, a sentence */
	struct str mend; /* how to mend it, a sentence; absent: nothing to do */
};

/* In the order of the checks, of which each has one finding at least. */
struct doctor_report {
	struct doctor_finding list[DOCTOR_MAX_FINDINGS];
	size_t n;
};

struct doctor_options {
	struct arena *arena; /* where all of it lives */
	const struct conf *conf;
	bool notify; /* sends a test notice to everybody whom the flow names */
};

/* Looks at everything; takes some seconds, a minute where nobody answers. */
void doctor_run(
    const struct doctor_options *options, struct doctor_report *out);

/* The report where there is not even a configuration. */
void doctor_unconfigured(struct arena *arena, const struct conf_errors *errors,
    struct doctor_report *out);

/* How many of it are of that severity? */
size_t doctor_count(
    const struct doctor_report *report, enum doctor_severity severity);

/* "ok", "not_checked", "warning", "fault" */
const char *doctor_severity_name(enum doctor_severity severity);

/* An array of objects: check, code, severity, text, mend. */
struct str doctor_json(struct arena *arena, const struct doctor_report *report);

#endif
