/* crew: the workers of a supervisor.  Floor: process. */
#include "crew.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "io/conf.h"
#include "io/entropy.h"
#include "process/scoreboard.h"
#include "process/sockets.h"
#include "process/supervisor.h"
#include "process/worker.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define YOUNG_MS 5000 /* who dies younger counts towards a crash loop */
#define BACKOFF_FIRST_MS 100
#define BACKOFF_MAX_MS 5000
#define LOOP_DEATHS 4 /* in a row */

static struct slot *
slot_of(const struct crew *crew, const struct member *m)
{
	return &crew->slots[m - crew->members];
}

static bool
is_needed(const struct crew *crew, const struct generation *g)
{
	for (size_t i = 0; i < CREW_MAX; i++) {
		if (crew->members[i].duty != DUTY_NONE &&
		    crew->members[i].generation == g)
			return true;
	}
	return g == crew->present;
}

/* A place for one more; NULL when too many have not left yet. */
static struct generation *
free_generation(struct crew *crew)
{
	for (size_t i = 0; i < CREW_GENERATIONS; i++) {
		struct generation *const g = &crew->generations[i];

		if (!is_needed(crew, g)) {
			arena_free(g->arena);
			*g = (struct generation){ 0 };
			return g;
		}
	}
	return NULL;
}

static size_t
count_free(const struct crew *crew)
{
	size_t n = 0;

	for (size_t i = 0; i < CREW_MAX; i++)
		n += crew->members[i].duty == DUTY_NONE;
	return n;
}

static void
hire_pool(struct crew *crew, enum pool pool, int n)
{
	for (size_t i = 0; i < CREW_MAX && n > 0; i++) {
		struct member *const m = &crew->members[i];

		if (m->duty != DUTY_NONE)
			continue;
		*m = (struct member){
			.duty = DUTY_SERVES,
			.pool = pool,
			.generation = crew->present,
		};
		slot_clear(slot_of(crew, m));
		n--;
	}
}

bool
crew_hire(struct crew *crew, const struct conf *conf, struct arena *arena)
{
	const size_t wanted = (size_t)conf->workers + (size_t)conf->api_workers;
	struct generation *const g = free_generation(crew);

	if (g == NULL || count_free(crew) < wanted)
		return false;
	*g = (struct generation){
		.number = crew->present == NULL ? 1 : crew->present->number + 1,
		.conf = conf,
		.arena = arena,
	};
	crew->present = g;
	crew->alarmed = false;
	hire_pool(crew, POOL_HOOK, conf->workers);
	hire_pool(crew, POOL_API, conf->api_workers);
	return true;
}

/* In the child: true. */
static bool
start(struct crew *crew, struct member *m)
{
	pid_t pid;

	slot_clear(slot_of(crew, m));
	m->start_ms = clock_mono_ms();
	pid = fork();
	if (pid < 0) {
		log_event(&crew->log, LOG_WORKER_DIED, ERR_BUSY,
		    "cannot start a %s worker: %s", pool_name(m->pool),
		    strerror(errno));
		m->start_ms += BACKOFF_MAX_MS;
		return false;
	}
	m->pid = pid;
	if (pid > 0)
		log_event(&crew->log, LOG_WORKER_UP, ERR_OK, "%s %ld",
		    pool_name(m->pool), (long)pid);
	return pid == 0;
}

static void
send_away(struct member *m, int signal, int64_t patience_ms)
{
	m->duty = DUTY_LEAVES;
	m->kill_ms = clock_mono_ms() + patience_ms;
	(void)kill(m->pid, signal);
}

static void
check_hung(struct crew *crew, struct member *m)
{
	const int64_t now = clock_mono_ms();
	const int64_t busy = atomic_load(&slot_of(crew, m)->busy_since_ms);
	const bool hung = busy != 0 && now - busy > SUPERVISOR_REQUEST_MS;

	if (!hung && (m->kill_ms == 0 || now < m->kill_ms))
		return;
	log_event(&crew->log, LOG_WORKER_HUNG, ERR_OK, "%s %ld: %s",
	    pool_name(m->pool), (long)m->pid,
	    hung ? "its request took too long" : "it did not end in time");
	if (hung)
		(void)atomic_fetch_add(&crew->figures->hung, 1);
	m->kill_ms = now + SUPERVISOR_REQUEST_MS; /* said once, not each tick */
	atomic_store(&slot_of(crew, m)->busy_since_ms, 0);
	(void)kill(m->pid, SIGKILL);
}

bool
crew_is_ready(const struct crew *crew)
{
	for (size_t i = 0; i < CREW_MAX; i++) {
		const struct member *const m = &crew->members[i];

		if (m->duty == DUTY_SERVES && m->generation == crew->present &&
		    (m->pid == 0 || !atomic_load(&slot_of(crew, m)->ready)))
			return false;
	}
	return true;
}

static void
retire_old(struct crew *crew)
{
	for (size_t i = 0; i < CREW_MAX; i++) {
		struct member *const m = &crew->members[i];

		if (m->duty != DUTY_SERVES || m->generation == crew->present)
			continue;
		if (m->pid > 0)
			send_away(m, WORKER_RETIRE,
			    SUPERVISOR_REQUEST_MS + SUPERVISOR_STOP_MS);
		else
			m->duty = DUTY_NONE;
	}
}

bool
crew_tend(struct crew *crew, struct member **out_member)
{
	for (size_t i = 0; i < CREW_MAX; i++) {
		struct member *const m = &crew->members[i];

		if (m->duty == DUTY_NONE)
			continue;
		if (m->pid > 0) {
			check_hung(crew, m);
		} else if (!crew->stopping && clock_mono_ms() >= m->start_ms &&
		    start(crew, m)) {
			*out_member = m;
			return true;
		}
	}
	if (!crew->stopping && crew_is_ready(crew))
		retire_old(crew);
	return false;
}

/* How long a place stays empty after so many early deaths in a row. */
static int64_t
backoff_ms(int deaths)
{
	int64_t ms = BACKOFF_FIRST_MS;

	if (deaths <= 1)
		return 0;
	for (int i = 2; i < deaths && ms < BACKOFF_MAX_MS; i++)
		ms *= 2;
	if (ms > BACKOFF_MAX_MS)
		ms = BACKOFF_MAX_MS;
	return ms / 2 + entropy_below((uint32_t)ms / 2 + 1);
}

static void
note_death(struct crew *crew, struct member *m, int status)
{
	const bool young = clock_mono_ms() - m->start_ms < YOUNG_MS;

	m->deaths = young ? m->deaths + 1 : 1;
	(void)atomic_fetch_add(&crew->figures->died, 1);
	if (WIFSIGNALED(status))
		log_event(&crew->log, LOG_WORKER_DIED, ERR_BUG,
		    "%s %ld: signal %d", pool_name(m->pool), (long)m->pid,
		    WTERMSIG(status));
	else
		log_event(&crew->log, LOG_WORKER_DIED, ERR_BUG,
		    "%s %ld: exit status %d", pool_name(m->pool), (long)m->pid,
		    WEXITSTATUS(status));
	if (m->deaths == LOOP_DEATHS && !crew->alarmed) {
		crew->alarmed = true;
		log_event(&crew->log, LOG_CRASH_LOOP, ERR_BUG,
		    "%s workers die as soon as they start; they are started "
		    "ever more slowly",
		    pool_name(m->pool));
	}
}

void
crew_bury(struct crew *crew, pid_t pid, int status)
{
	const bool planned = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	struct member *m = NULL;

	for (size_t i = 0; i < CREW_MAX; i++) {
		if (crew->members[i].duty != DUTY_NONE &&
		    crew->members[i].pid == pid)
			m = &crew->members[i];
	}
	if (m == NULL)
		return; /* not a worker */
	if (planned)
		m->deaths = 0;
	else
		note_death(crew, m, status);
	slot_clear(slot_of(crew, m));
	m->pid = 0;
	m->kill_ms = 0;
	if (m->duty == DUTY_LEAVES || crew->stopping)
		m->duty = DUTY_NONE;
	m->start_ms = clock_mono_ms() + backoff_ms(m->deaths);
}

int
crew_last_order(const struct crew *crew)
{
	return crew->others_follow ? WORKER_RETIRE : WORKER_DRAIN;
}

void
crew_stop(struct crew *crew)
{
	crew->stopping = true;
	for (size_t i = 0; i < CREW_MAX; i++) {
		struct member *const m = &crew->members[i];

		if (m->duty != DUTY_NONE && m->pid > 0)
			send_away(m, crew_last_order(crew), SUPERVISOR_STOP_MS);
		else
			m->duty = DUTY_NONE;
	}
}

void
crew_kill(struct crew *crew)
{
	for (size_t i = 0; i < CREW_MAX; i++) {
		if (crew->members[i].duty != DUTY_NONE &&
		    crew->members[i].pid > 0)
			(void)kill(crew->members[i].pid, SIGKILL);
	}
}

bool
crew_is_empty(const struct crew *crew)
{
	for (size_t i = 0; i < CREW_MAX; i++) {
		if (crew->members[i].pid > 0)
			return false;
	}
	return true;
}

void
crew_free(struct crew *crew)
{
	for (size_t i = 0; i < CREW_GENERATIONS; i++)
		arena_free(crew->generations[i].arena);
}
