/* doctor_nginx: may nginx read what it sends?  Private to the jobs floor. */
#ifndef MAINLINE_JOBS_DOCTOR_NGINX_H
#define MAINLINE_JOBS_DOCTOR_NGINX_H

#include "doctor_checks.h"
#include "doctor_folders.h"

/* The folder of the recordings; says nothing where no nginx is seen. */
void examine_nginx(struct doctor *d, const char *folder);

/* Of a process, as /proc/PID/status has it; false: it is none. */
bool reader_parse(struct str status, struct reader *out);

#endif
