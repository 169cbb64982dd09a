/*
 * crew: the workers of a supervisor: who is there, who is to go, who comes
 * next. Private to the process floor.
 */
#ifndef MAINLINE_PROCESS_CREW_H
#define MAINLINE_PROCESS_CREW_H

#include "base/log.h"
#include "io/conf.h"
#include "process/scoreboard.h"
#include "process/sockets.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Two generations of the largest pools that the configuration allows. */
#define CREW_MAX 1024

enum duty {
	DUTY_NONE, /* a free place */
	DUTY_SERVES,
	DUTY_LEAVES /* has been told to go */
};

struct member {
	enum duty duty;
	pid_t pid; /* 0: to be started at start_ms */
	enum pool pool;
	unsigned int generation;
	int64_t start_ms; /* monotonic: was, or is to be, started */
	int64_t kill_ms;  /* 0: never; then it is killed if it is still there */
	int deaths;       /* in a row, each soon after its start */
};

struct crew {
	const struct conf *conf; /* of the present generation */
	const struct sockets *sockets;
	struct log log;
	struct slot *slots; /* one for each member */
	struct member members[CREW_MAX];
	unsigned int generation;
	bool stopping;
	bool alarmed; /* a crash loop has been said */
};

/*
 * A new generation of both pools, to be started by the next crew_tend().
 * False, and nothing is changed, when there is no room for it yet.
 */
bool crew_hire(struct crew *crew, const struct conf *conf);

/*
 * Starts who is due, kills who is over its time, and sends the old generation
 * away once the new one is ready.  To be called every 100 ms or so.
 *
 * Gives true in a new worker process, which must run as `*out_member` says; the
 * supervisor gets false.
 */
bool crew_tend(struct crew *crew, struct member **out_member);

/* A child has ended: replaces a worker, or strikes it off. */
void crew_bury(struct crew *crew, pid_t pid, int status);

/* Tells all to drain. */
void crew_stop(struct crew *crew);

/* Kills all who are left. */
void crew_kill(struct crew *crew);

/* Are there any processes left? */
bool crew_is_empty(const struct crew *crew);

#endif
