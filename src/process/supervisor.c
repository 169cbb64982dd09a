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
#include "io/files.h"
#include "journal_run.h"
#include "keeper.h"
#include "live_run.h"
#include "prepare.h"
#include "process/privilege.h"
#include "process/scoreboard.h"
#include "process/sockets.h"
#include "process/worker.h"
#include "reread.h"
#include "service.h"
#include "signals.h"
#include "store/flows.h"
#include "store/journal.h"
#include "store/live_files.h"
#include "store/watchers.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS 100
#define LOOK_MS 5000
#define PREPARE_WAIT_MS 2000 /* for the database, before workers are started */
#define JOURNAL_START_MS 1000
#define ARENA_BLOCK_BYTES ((size_t)16 * 1024)

struct supervisor {
	char *const *env;
	struct arena *fixed;     /* of this struct and the sockets */
	const struct conf *conf; /* the present one; the crew's to free */
	struct sockets sockets;
	struct crew crew;
	struct keeper keeper; /* of the journal */
	struct keeper live;   /* of who tells open pages */
	struct watchers *watchers;
	struct log log;
	struct service service; /* whoever started us */
	pid_t main_pid;
	int64_t begun_ms;
	int64_t next_look_ms; /* at the flow's snapshot */
	pid_t preparing;      /* the child that does so; 0: none */
};

/* Looks at the database and writes the flow's snapshot, in a child. */
static pid_t
start_preparing(const struct supervisor *s)
{
	struct log log = s->log;
	const pid_t pid = fork();

	if (pid != 0)
		return pid;
	signals_die_with(s->main_pid, SIGKILL);
	log.who = "prepare";
	_exit(prepare_run(s->conf, &log));
}

/*
 * Waits for a child for a while and gives its exit status; -1 when it takes
 * longer: it is reaped later.
 */
static int
wait_briefly(pid_t pid)
{
	const int64_t deadline = clock_mono_ms() + PREPARE_WAIT_MS;
	const struct timespec pause = { 0, 5000000 };
	int status = 0;

	while (pid > 0 && clock_left_ms(deadline) > 0) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
		(void)nanosleep(&pause, NULL);
	}
	return -1;
}

/* Neither answers requests. */
static void
close_sockets(const struct supervisor *s)
{
	(void)close(s->sockets.lock_fd);
	for (enum pool p = 0; p < POOL__MAX; p++)
		(void)close(s->sockets.fd[p]);
}

static NORETURN void
run_journal(const struct supervisor *s)
{
	struct journal_process process = {
		.conf = s->conf,
		.log = s->log,
		.gauges = s->keeper.gauges,
		.slot = s->keeper.slot,
	};

	/* It ends by itself when the last worker has. */
	signals_die_with(s->main_pid, SIGTERM);
	signals_name_process("ml-journal");
	close_sockets(s);
	process.log.who = "journal";
	exit(journal_run(&process));
}

static NORETURN void
run_live(const struct supervisor *s)
{
	struct live_process process = {
		.conf = s->conf,
		.log = s->log,
		.gauges = s->keeper.gauges,
		.slot = s->live.slot,
	};

	signals_die_with(s->main_pid, SIGTERM);
	signals_name_process("ml-live");
	close_sockets(s);
	process.log.who = "live";
	exit(live_run(&process));
}

static NORETURN void
run_worker(struct supervisor *s, const struct member *m)
{
	const struct conf *const conf = m->generation->conf;
	const struct worker worker = {
		.conf = conf,
		.log = {
			.level = conf->log_level,
			.fd = STDERR_FILENO,
			.who = pool_name(m->pool),
		},
		.listen_fd = s->sockets.fd[m->pool],
		.slot = &s->crew.slots[m - s->crew.members],
		.gauges = s->keeper.gauges,
		.figures = s->crew.figures,
		.watchers = s->watchers,
	};

	/* A pool that nobody watches would not be there when it is needed. */
	signals_die_with(s->main_pid, crew_last_order(&s->crew));
	signals_name_process(m->pool == POOL_HOOK ? "ml-hook" : "ml-api");
	(void)close(s->sockets.lock_fd);
	for (enum pool p = 0; p < POOL__MAX; p++) {
		if (p != m->pool)
			(void)close(s->sockets.fd[p]);
	}
	exit(worker_run(&worker));
}

static void
reload(struct supervisor *s)
{
	struct arena *const arena = arena_new(ARENA_BLOCK_BYTES);
	const struct conf *const conf =
	    reread_conf(arena, s->env, s->conf, conf_serve_keys, &s->log);

	if (conf == NULL || !crew_hire(&s->crew, conf, arena)) {
		if (conf != NULL)
			log_event(&s->log, LOG_RELOAD, ERR_BUSY,
			    "too many workers have not left yet; try again");
		arena_free(arena);
		return;
	}
	s->conf = conf;
	s->log.level = conf->log_level;
	s->crew.log = s->log;
	keeper_renew(&s->keeper);
	keeper_renew(&s->live);
	(void)start_preparing(s);
	log_event(&s->log, LOG_RELOAD, ERR_OK, "generation %u",
	    s->crew.present->number);
}

static void
reap(struct supervisor *s)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == s->preparing)
			s->preparing = 0;
		crew_bury(&s->crew, pid, status);
		keeper_bury(&s->keeper, pid, status);
		keeper_bury(&s->live, pid, status);
	}
}

static void
stop(struct supervisor *s)
{
	const int64_t deadline = clock_mono_ms() + SUPERVISOR_STOP_MS;

	service_say_stopping(&s->service);
	sockets_unlink(&s->sockets);
	crew_stop(&s->crew);
	keeper_stop(&s->live);
	while (clock_left_ms(deadline) > 0 &&
	    !(crew_is_empty(&s->crew) && s->keeper.pid == 0 &&
		s->live.pid == 0)) {
		if (crew_is_empty(&s->crew) && !s->keeper.stopping)
			keeper_stop(&s->keeper);
		(void)signals_next(TICK_MS);
		reap(s);
	}
	crew_kill(&s->crew);
	keeper_kill(&s->keeper);
	keeper_kill(&s->live);
	live_files_remove(s->fixed, live_files_folder(s->fixed, s->conf));
	log_event(&s->log, LOG_STOP, ERR_OK, NULL);
}

/*
 * A worker that starts without the snapshot knows none of the published flows,
 * and would answer its calls unlike its siblings.
 */
static void
mend_snapshot(struct supervisor *s)
{
	const int64_t now = clock_mono_ms();
	struct arena *arena;

	if (now < s->next_look_ms)
		return;
	s->next_look_ms = now + LOOK_MS;
	if (s->preparing != 0) /* one at a time: the database may be frozen */
		return;
	arena = arena_new(ARENA_BLOCK_BYTES);
	if (files_stamp(flows_snapshot_path(arena, s->conf->data)).inode == 0)
		s->preparing = start_preparing(s);
	arena_free(arena);
}

/* The first workers find a journal, unless it takes its time. */
static bool
may_hire(const struct supervisor *s)
{
	return atomic_load(&s->keeper.slot->ready) ||
	    clock_mono_ms() > s->begun_ms + JOURNAL_START_MS;
}

static void
supervise(struct supervisor *s)
{
	for (;;) {
		struct member *m = NULL;

		if (keeper_tend(&s->keeper))
			run_journal(s);
		if (keeper_tend(&s->live))
			run_live(s);
		if (may_hire(s) && crew_tend(&s->crew, &m))
			run_worker(s, m);
		mend_snapshot(s);
		if (crew_is_ready(&s->crew))
			service_say_ready(&s->service);
		service_tend(&s->service);
		switch (signals_next(TICK_MS)) {
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

/* Whoever must spool by itself finds it, whether or not a journal ever ran. */
static enum err
make_spool(const struct supervisor *s, struct str *why)
{
	const char *const path = journal_spool_path(s->fixed, s->conf);

	if (files_make_folder(s->fixed, path) == ERR_OK)
		return ERR_OK;
	*why = str_format(
	    s->fixed, "cannot make the folder %s: %s", path, strerror(errno));
	return ERR_INPUT;
}

static enum err
open_all(struct supervisor *s)
{
	struct str why;
	enum err e;

	if ((e = privilege_drop(s->fixed, s->conf, &why)) != ERR_OK ||
	    (e = make_spool(s, &why)) != ERR_OK ||
	    (e = sockets_open(s->fixed, s->conf, s->env, &s->sockets, &why)) !=
		ERR_OK)
		log_event(&s->log, LOG_CONFIG, e, "%.*s", STR_ARG(why));
	return e;
}

/* False: it must not serve. */
static bool
begin(struct supervisor *s)
{
	if (open_all(s) != ERR_OK)
		return false;
	digest_init();
	fcgi_init();
	if (wait_briefly(start_preparing(s)) == PREPARE_FSYNC_OFF) {
		sockets_unlink(&s->sockets);
		return false;
	}
	s->next_look_ms = clock_mono_ms() + LOOK_MS;
	s->crew.log = s->log;
	s->crew.others_follow = s->sockets.are_given;
	s->crew.slots = scoreboard_new(CREW_MAX);
	s->crew.figures = shared_new(sizeof(*s->crew.figures));
	s->keeper = keeper_new("journal", &s->log);
	s->keeper.gauges = shared_new(sizeof(struct journal_gauges));
	s->live = keeper_new("live", &s->log);
	s->watchers = shared_new(sizeof(*s->watchers));
	atomic_store(&s->keeper.gauges->spool_oldest_us, INT64_MAX);
	atomic_store(&s->keeper.gauges->spool_quota_bytes,
	    s->conf->spool_mb * INT64_C(1048576));
	(void)crew_hire(&s->crew, s->conf, NULL); /* nobody is there yet */
	log_event(&s->log, LOG_START, ERR_OK, "%s, %d hook and %d api workers",
	    MAINLINE_VERSION, s->conf->workers, s->conf->api_workers);
	return true;
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
	s->service = service_new(env);
	s->main_pid = getpid();
	s->begun_ms = clock_mono_ms();
	signals_block();
	if (begin(s)) {
		supervise(s);
		status = 0;
	}
	crew_free(&s->crew);
	arena_free(fixed);
	return status;
}
