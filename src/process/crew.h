/*
 * crew: the workers of a supervisor: who is there, who is to go, who comes
 * next.  Private to the process floor.
 */
#ifndef MAINLINE_PROCESS_CREW_H
#define MAINLINE_PROCESS_CREW_H

#include "base/arena.h"
#include "base/log.h"
#include "http/figures.h"
#include "io/conf.h"
#include "process/scoreboard.h"
#include "process/sockets.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Two generations of the largest pools that the configuration allows. */
#define CREW_MAX 1024

/* Reloads in a row before the workers of the first have left. */
#define CREW_GENERATIONS 8

enum duty {
	DUTY_NONE, /* a free place */
	DUTY_SERVES,
	DUTY_LEAVES /* has been told to go */
};

/* The workers that were started with one configuration. */
struct generation {
	unsigned int number; /* 0: a free place */
	const struct conf *conf;
	struct arena *arena; /* of `conf`; NULL: not ours */
};

struct member {
	enum duty duty;
	pid_t pid; /* 0: to be started at start_ms */
	enum pool pool;
	const struct generation *generation;
	int64_t start_ms; /* monotonic: was, or is to be, started */
	int64_t kill_ms;  /* 0: never; then it is killed if it is still there */
	int deaths;       /* in a row, each soon after its start */
};

struct crew {
	struct log log;
	struct slot *slots;      /* one for each member */
	struct figures *figures; /* shared with them */
	struct member members[CREW_MAX];
	struct generation generations[CREW_GENERATIONS];
	const struct generation *present; /* NULL: nobody was hired yet */
	bool stopping;
	bool others_follow; /* somebody takes what waits when all have ended */
	bool alarmed;       /* a crash loop has been said */
};

/*
 * A new generation of both pools, to be started by the next crew_tend().  The
 * one before goes on, its dead replaced, until all of the new one are ready.
 *
 * `arena` holds `conf` and is freed when nobody needs it any more (NULL: the
 * caller's business).  False, and nothing is changed, when so many have not
 * left yet that there is no room.
 */
bool crew_hire(struct crew *crew, const struct conf *conf, struct arena *arena);

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

/* Has all of the present generation begun to take requests? */
bool crew_is_ready(const struct crew *crew);

/* What ends all of them: to drain, unless others_follow; then to go at once. */
int crew_last_order(const struct crew *crew);

/* Tells all so. */
void crew_stop(struct crew *crew);

/* Kills all who are left. */
void crew_kill(struct crew *crew);

/* Are there any processes left? */
bool crew_is_empty(const struct crew *crew);

/* Frees the configurations that are its own. */
void crew_free(struct crew *crew);

#endif
