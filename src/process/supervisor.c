/* supervisor: keeps two pools of workers alive.  Floor: process. */
#include "process/supervisor.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/compiler.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "codec/digest.h"
#include "crew.h"
#include "http/fcgi.h"
#include "io/conf.h"
#include "io/pg.h"
#include "process/scoreboard.h"
#include "process/sockets.h"
#include "process/worker.h"
#include "store/flows.h"
#include "store/statements.h"

#include <bits/types/sigset_t.h>
#include <errno.h>
#include <linux/prctl.h>
#include <math.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS 100
#define SNAPSHOT_WAIT_MS 2000 /* for the database, before workers are started */
#define ARENA_BLOCK_BYTES ((size_t)16 * 1024)

struct supervisor {
	char *const *env;
	struct arena *arena; /* of the present configuration */
	struct arena *fixed; /* of the sockets */
	const struct conf *conf;
	struct sockets sockets;
	struct crew crew;
	struct log log;
	pid_t main_pid;
};

/*
 * All but those that tell of a defect: with them the process must end at once.
 */
static void
block_signals(void)
{
	static const int defects[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT,
		SIGTRAP, SIGSYS };
	sigset_t all;

	(void)sigfillset(&all);
	for (size_t i = 0; i < ARRAY_LEN(defects); i++)
		(void)sigdelset(&all, defects[i]);
	(void)sigprocmask(SIG_SETMASK, &all, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
}

/*
 * A child ends with its supervisor: a pool that nobody watches would not be
 * there when it is needed, and the next supervisor brings its own.
 */
static void
die_with(pid_t supervisor, int signal)
{
	(void)prctl(PR_SET_PDEATHSIG, signal);
	if (getppid() != supervisor)
		_exit(0);
}

/*
 * Writes the flow's snapshot from the database, in a child: the supervisor
 * never connects, since a connection must not be there when it forks.
 */
static pid_t
start_snapshot(const struct supervisor *s)
{
	struct log log = s->log;
	const struct pg_options options = {
		.conninfo = s->conf->database_url,
		.on_connect = stmt(STMT_SESSION),
		.log = &log,
	};
	struct arena *arena;
	struct pg *pg;
	pid_t pid;
	enum err e;

	pid = fork();
	if (pid != 0)
		return pid;
	die_with(s->main_pid, SIGKILL);
	log.who = "snapshot";
	arena = arena_new(ARENA_BLOCK_BYTES);
	pg = pg_new(&options);
	e = flows_snapshot_write(
	    pg, arena, flows_snapshot_path(arena, s->conf->data));
	if (e == ERR_UPSTREAM)
		log_event(&log, LOG_FLOW_BAD, e, "cannot write to %s: %s",
		    s->conf->data, strerror(errno));
	_exit(0);
}

/* Waits for a child for a while; it is reaped later if it takes longer. */
static void
wait_briefly(pid_t pid)
{
	const int64_t deadline = clock_mono_ms() + SNAPSHOT_WAIT_MS;
	const struct timespec pause = { 0, 5000000 };

	while (pid > 0 && clock_left_ms(deadline) > 0 &&
	    waitpid(pid, NULL, WNOHANG) == 0)
		(void)nanosleep(&pause, NULL);
}

static NORETURN void
run_worker(struct supervisor *s, const struct member *m)
{
	const struct worker worker = {
		.conf = s->conf,
		.log = {
			.level = s->conf->log_level,
			.fd = STDERR_FILENO,
			.who = pool_name(m->pool),
		},
		.listen_fd = s->sockets.fd[m->pool],
		.slot = &s->crew.slots[m - s->crew.members],
	};

	die_with(s->main_pid, WORKER_DRAIN);
	(void)close(s->sockets.lock_fd);
	for (enum pool p = 0; p < POOL__MAX; p++) {
		if (p != m->pool)
			(void)close(s->sockets.fd[p]);
	}
	exit(worker_run(&worker));
}

/* The new configuration, or NULL when it is wrong: the log says why. */
static const struct conf *
read_conf(const struct supervisor *s, struct arena *arena)
{
	static const char *const needed[] = { "DATABASE_URL",
		"MAINLINE_PUBLIC_URL", "TWILIO_ACCOUNT_SID",
		"TWILIO_AUTH_TOKEN", NULL };
	struct conf_errors errors;
	const struct conf *conf;

	if (conf_load(arena, s->env, &errors, &conf) == ERR_OK &&
	    conf_require(arena, conf, needed, &errors) == ERR_OK)
		return conf;
	log_event(&s->log, LOG_CONFIG, ERR_INPUT,
	    "%.*s; the old configuration stays in use",
	    STR_ARG(errors.list[0]));
	return NULL;
}

static void
reload(struct supervisor *s)
{
	struct arena *const arena = arena_new(ARENA_BLOCK_BYTES);
	const struct conf *const conf = read_conf(s, arena);

	if (conf == NULL || !crew_hire(&s->crew, conf)) {
		if (conf != NULL)
			log_event(&s->log, LOG_RELOAD, ERR_BUSY,
			    "too many workers have not left yet; try again");
		arena_free(arena);
		return;
	}
	s->conf = conf;
	s->log.level = conf->log_level;
	s->crew.log = s->log;
	(void)start_snapshot(s);
	arena_free(s->arena);
	s->arena = arena;
	log_event(
	    &s->log, LOG_RELOAD, ERR_OK, "generation %u", s->crew.generation);
}

static void
reap(struct supervisor *s)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		crew_bury(&s->crew, pid, status);
}

/* The next signal of ours, 0 after TICK_MS without one. */
static int
next_signal(void)
{
	const struct timespec tick = { 0, TICK_MS * 1000000L };
	sigset_t set;
	int got;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGHUP);
	(void)sigaddset(&set, SIGCHLD);
	got = sigtimedwait(&set, NULL, &tick);
	return got > 0 ? got : 0;
}

static void
stop(struct supervisor *s)
{
	const int64_t deadline = clock_mono_ms() + SUPERVISOR_STOP_MS;

	sockets_unlink(&s->sockets);
	crew_stop(&s->crew);
	while (!crew_is_empty(&s->crew) && clock_left_ms(deadline) > 0) {
		(void)next_signal();
		reap(s);
	}
	crew_kill(&s->crew);
	log_event(&s->log, LOG_STOP, ERR_OK, NULL);
}

static void
supervise(struct supervisor *s)
{
	for (;;) {
		struct member *m = NULL;

		if (crew_tend(&s->crew, &m))
			run_worker(s, m);
		switch (next_signal()) {
		case SIGTERM:
		case SIGINT:
			stop(s);
			return;
		case SIGHUP:
			reload(s);
			break;
		default:
			break;
		}
		reap(s);
	}
}

static void
begin(struct supervisor *s)
{
	digest_init();
	fcgi_init();
	wait_briefly(start_snapshot(s));
	s->crew.sockets = &s->sockets;
	s->crew.log = s->log;
	s->crew.slots = scoreboard_new(CREW_MAX);
	(void)crew_hire(&s->crew, s->conf); /* nobody is there yet */
	log_event(&s->log, LOG_START, ERR_OK, "%s, %d hook and %d api workers",
	    MAINLINE_VERSION, s->conf->workers, s->conf->api_workers);
}

static enum err
open_all(struct supervisor *s)
{
	struct str why;
	enum err e;

	if ((e = sockets_open(s->fixed, s->conf, &s->sockets, &why)) !=
		ERR_OK ||
	    (e = sockets_drop_root(s->fixed, s->conf, &why)) != ERR_OK)
		log_event(&s->log, LOG_CONFIG, e, "%.*s", STR_ARG(why));
	return e;
}

int
supervisor_run(const struct conf *conf, char *const *env)
{
	struct arena *const fixed = arena_new(ARENA_BLOCK_BYTES);
	struct supervisor *const s = ARENA_NEW(fixed, struct supervisor);
	int status = 1;

	s->env = env;
	s->conf = conf;
	s->fixed = fixed;
	s->log = (struct log){ .level = conf->log_level,
		.fd = STDERR_FILENO,
		.who = "supervisor" };
	s->main_pid = getpid();
	block_signals();
	if (open_all(s) == ERR_OK) {
		begin(s);
		supervise(s);
		status = 0;
	}
	arena_free(s->arena);
	arena_free(fixed);
	return status;
}
