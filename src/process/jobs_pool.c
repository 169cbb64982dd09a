/* jobs_pool: the processes that do the background work.  Floor: process. */
#include "jobs_pool.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "io/conf.h"
#include "io/files.h"
#include "jobs/loop.h"
#include "jobs/reconcile.h"
#include "process/privilege.h"
#include "reread.h"
#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_WORKERS 16
#define HOST_BYTES 65
#define BLOCK_BYTES ((size_t)16 * 1024)
#define STOP_MS 10000
#define REST_MS 1000 /* before one that died is started again */
#define TICK_MS 200

struct jobs_pool {
	const struct conf *conf;
	struct log log;
	char host[HOST_BYTES];
	int lock_fd;
	pid_t main_pid;
	pid_t pids[MAX_WORKERS];
	int64_t start_ms[MAX_WORKERS]; /* monotonic: not before */
};

/* In a worker: the signals that end it. */
static bool
wait_or_end(void *arg, int ms)
{
	const struct timespec patience = { ms / 1000,
		ms % 1000 * INT64_C(1000000) };
	sigset_t set;

	(void)arg;
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	return sigtimedwait(&set, NULL, &patience) == SIGTERM;
}

static NORETURN void
work(const struct jobs_pool *pool, int i)
{
	struct arena *const arena = arena_new(BLOCK_BYTES);
	struct log log = pool->log;
	struct jobs_options options = {
		.conf = pool->conf,
		.log = &log,
		.host = str_cstr(arena,
		    str_format(arena, "%s:%s", pool->host, pool->conf->data)),
		.wait = wait_or_end,
	};

	/* At once: it holds the folder's lock, and the next pool goes on. */
	signals_die_with(pool->main_pid, SIGKILL);
	signals_name_process("ml-jobs");
	log.who = "jobs";
	/* One pool a folder: see lock_folder(). */
	options.who =
	    str_cstr(arena, str_format(arena, "%s#%d", options.host, i));
	jobs_loop(&options);
	arena_free(arena);
	exit(0);
}

static void
start_missing(struct jobs_pool *pool)
{
	for (int i = 0; i < pool->conf->jobs_workers; i++) {
		if (pool->pids[i] != 0 || clock_left_ms(pool->start_ms[i]) > 0)
			continue;
		pool->pids[i] = fork();
		if (pool->pids[i] == 0)
			work(pool, i);
		if (pool->pids[i] < 0) {
			log_event(&pool->log, LOG_WORKER_DIED, ERR_BUSY,
			    "cannot start a jobs worker: %s", strerror(errno));
			pool->pids[i] = 0;
		}
		pool->start_ms[i] = clock_mono_ms() + REST_MS;
	}
}

static void
reap(struct jobs_pool *pool)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (int i = 0; i < MAX_WORKERS; i++) {
			if (pool->pids[i] == pid)
				pool->pids[i] = 0;
		}
		if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
			continue;
		log_event(&pool->log, LOG_WORKER_DIED, ERR_BUG,
		    "jobs %ld: status %d", (long)pid, status);
	}
}

static int
count(const struct jobs_pool *pool)
{
	int n = 0;

	for (int i = 0; i < MAX_WORKERS; i++)
		n += pool->pids[i] != 0;
	return n;
}

static void
signal_all(const struct jobs_pool *pool, int signal)
{
	for (int i = 0; i < MAX_WORKERS; i++) {
		if (pool->pids[i] != 0)
			(void)kill(pool->pids[i], signal);
	}
}

/* Ends them, each after what it is doing. */
static void
send_away(struct jobs_pool *pool)
{
	const int64_t deadline_ms = clock_mono_ms() + STOP_MS;

	signal_all(pool, SIGTERM);
	while (count(pool) > 0 && clock_left_ms(deadline_ms) > 0) {
		(void)signals_next(TICK_MS);
		reap(pool);
	}
	signal_all(pool, SIGKILL);
}

/* Two pools of one folder would take each other's leases. */
static bool
lock_folder(struct jobs_pool *pool)
{
	struct arena *const arena = arena_new(BLOCK_BYTES);
	const char *const path = str_cstr(
	    arena, str_format(arena, "%s/jobs.lock", pool->conf->data));

	pool->lock_fd = files_make_folder(arena, pool->conf->data) == ERR_OK
	    ? files_lock_now(path)
	    : -1;
	if (pool->lock_fd < 0)
		log_event(&pool->log, LOG_CONFIG, ERR_CONFLICT, "%s: %s", path,
		    errno == EWOULDBLOCK ? "another mainline jobs has it; stop "
					   "it, or set MAINLINE_DATA"
					 : strerror(errno));
	arena_free(arena);
	return pool->lock_fd >= 0;
}

/* As root it becomes MAINLINE_USER, as mainline serve does. */
static bool
become_user(const struct jobs_pool *pool)
{
	struct arena *const arena = arena_new(BLOCK_BYTES);
	struct str why = STR("");
	const enum err e = privilege_drop(arena, pool->conf, &why);

	if (e != ERR_OK)
		log_event(&pool->log, LOG_CONFIG, e, "%.*s", STR_ARG(why));
	arena_free(arena);
	return e == ERR_OK;
}

/* What the old configuration holds is few bytes, and HUP is rare: it stays. */
static void
reload(struct jobs_pool *pool, char *const *env)
{
	static const char *const needed[] = { "DATABASE_URL", NULL };
	struct arena *const arena = arena_new(BLOCK_BYTES);
	const struct conf *const conf =
	    reread_conf(arena, env, pool->conf, needed, &pool->log);

	if (conf == NULL) {
		arena_free(arena);
		return;
	}
	pool->conf = conf;
	pool->log.level = conf->log_level;
	send_away(pool);
	log_event(&pool->log, LOG_RELOAD, ERR_OK, NULL);
}

int
jobs_pool_run(const struct conf *conf, char *const *env, const struct log *log)
{
	struct jobs_pool pool = {
		.conf = conf,
		.log = *log,
		.main_pid = getpid(),
	};

	signals_block();
	if (gethostname(pool.host, sizeof(pool.host) - 1) != 0 ||
	    !become_user(&pool) || !lock_folder(&pool))
		return 1;
	log_event(&pool.log, LOG_START, ERR_OK, "%s, %d jobs workers",
	    MAINLINE_VERSION, conf->jobs_workers);
	if (!reconcile_can(conf))
		log_event(&pool.log, LOG_CONFIG, ERR_OK,
		    "no account at Twilio, or no key or token of it: what "
		    "never arrived is not asked for");
	for (;;) {
		int got;

		start_missing(&pool);
		got = signals_next(TICK_MS);
		reap(&pool);
		if (got == SIGHUP)
			reload(&pool, env);
		if (got == SIGTERM || got == SIGINT)
			break;
	}
	send_away(&pool);
	(void)close(pool.lock_fd);
	log_event(&pool.log, LOG_STOP, ERR_OK, NULL);
	return 0;
}
