/*
 * loop: does the background work that is due, one job after the other.
 * Floor: jobs.
 */
#ifndef MAINLINE_JOBS_LOOP_H
#define MAINLINE_JOBS_LOOP_H

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"
#include "io/conf.h"

#include <stdbool.h>

struct jobs_options {
	const struct conf *conf;
	const struct log *log;
	const char *host; /* and folder, in whose name some work is done */
	const char *who;  /* this process: HOST#N, unlike any other that runs */
	/* Waits for so many milliseconds; true: it is time to end. */
	bool (*wait)(void *arg, int ms);
	void *arg;
};

/*
 * Works until `wait` says that it is time to end.  A database that is away is
 * waited for.
 */
void jobs_loop(const struct jobs_options *options);

/* Is it a kind of work that this program does? */
bool jobs_is_kind(struct str name);

/* All of them, for a message: "archive, erase, ..."; in `arena`. */
struct str jobs_kinds(struct arena *arena);

#endif
