/* keeper: one process of a kind.  Floor: process. */
#include "keeper.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "process/scoreboard.h"
#include "process/supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define YOUNG_MS 5000
#define REST_FIRST_MS 50
#define REST_MOST_MS 2000

struct keeper
keeper_new(const char *name, const struct log *log)
{
	return (struct keeper){
		.name = name,
		.log = *log,
		.slot = scoreboard_new(1),
	};
}

/* In the child: true. */
static bool
start(struct keeper *keeper)
{
	slot_clear(keeper->slot);
	keeper->start_ms = clock_mono_ms();
	keeper->pid = fork();
	if (keeper->pid < 0) {
		log_event(&keeper->log, LOG_WORKER_DIED, ERR_BUSY,
		    "cannot start %s: %s", keeper->name, strerror(errno));
		keeper->pid = 0;
		keeper->start_ms += REST_MOST_MS;
		return false;
	}
	return keeper->pid == 0;
}

static void
check_hung(struct keeper *keeper)
{
	const int64_t busy = atomic_load(&keeper->slot->busy_since_ms);

	if (busy == 0 || clock_mono_ms() - busy < SUPERVISOR_REQUEST_MS)
		return;
	log_event(&keeper->log, LOG_WORKER_HUNG, ERR_OK, "%s %ld", keeper->name,
	    (long)keeper->pid);
	atomic_store(&keeper->slot->busy_since_ms, 0);
	(void)kill(keeper->pid, SIGKILL);
}

bool
keeper_tend(struct keeper *keeper)
{
	if (keeper->pid != 0)
		check_hung(keeper);
	else if (!keeper->stopping && clock_left_ms(keeper->start_ms) == 0)
		return start(keeper);
	return false;
}

/* How long its place stays empty: not at all after a first death. */
static int64_t
rest_ms(int deaths)
{
	int64_t ms = REST_FIRST_MS;

	if (deaths <= 1)
		return 0;
	for (int i = 2; i < deaths && ms < REST_MOST_MS; i++)
		ms *= 2;
	return ms < REST_MOST_MS ? ms : REST_MOST_MS;
}

void
keeper_bury(struct keeper *keeper, pid_t pid, int status)
{
	const int64_t age_ms = clock_mono_ms() - keeper->start_ms;

	if (pid != keeper->pid)
		return;
	keeper->pid = 0;
	slot_clear(keeper->slot);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		keeper->deaths = 0;
	} else {
		keeper->deaths = age_ms < YOUNG_MS ? keeper->deaths + 1 : 1;
		log_event(&keeper->log, LOG_WORKER_DIED, ERR_BUG,
		    WIFSIGNALED(status) ? "%s %ld: signal %d"
					: "%s %ld: exit status %d",
		    keeper->name, (long)pid,
		    WIFSIGNALED(status) ? WTERMSIG(status)
					: WEXITSTATUS(status));
	}
	keeper->start_ms = clock_mono_ms() + rest_ms(keeper->deaths);
}

void
keeper_renew(const struct keeper *keeper)
{
	if (keeper->pid != 0)
		(void)kill(keeper->pid, SIGTERM);
}

void
keeper_stop(struct keeper *keeper)
{
	keeper->stopping = true;
	keeper_renew(keeper);
}

void
keeper_kill(const struct keeper *keeper)
{
	if (keeper->pid != 0)
		(void)kill(keeper->pid, SIGKILL);
}
