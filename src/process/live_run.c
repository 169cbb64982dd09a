/*
 * live_run: the process that tells open pages what has changed.
 * Floor: process.
 *
 * One connection, and one cheap statement a few times a second.  A connection
 * that was lost may have taken rows with it (the table does not outlive a crash
 * of the server), so everything counts as changed then.
 */
#include "live_run.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "io/conf.h"
#include "io/pg.h"
#include "process/sockets.h"
#include "store/live.h"
#include "store/live_files.h"
#include "store/live_ring.h"
#include "store/statements.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/types.h>
#include <unistd.h>

#define BLOCK_BYTES ((size_t)16 * 1024)
#define LIVE_MAX_BYTES ((size_t)4 * 1024 * 1024)
#define SNAPSHOT_MAX_BYTES ((size_t)16 * 1024)

#define LOOK_MS 100
#define FLOOD_MS 4000 /* between looks when no page could follow */
#define COUNT_MS 500
#define BUDGET_MS 1500 /* of one look and all that follows from it */
#define BEAT_MS 1000
#define REST_FIRST_MS 250
#define REST_MOST_MS 2000
#define BLIND_MS 5000 /* without having told anything true: said so */

struct live {
	const struct live_process *process;
	struct arena *fixed;
	struct arena *scratch; /* of one look */
	struct pg *pg;
	struct live_ring *ring;
	struct live_files files;
	struct live_counts counts;
	char *last;    /* snapshot of the last look; empty: there is none */
	char *past;    /* of one LIVE_KEEP_MS ago or longer; likewise */
	bool is_dirty; /* the files do not say what the ring does */
	bool is_flood; /* more changes than any page can follow */
	int64_t look_ms, count_ms, prune_ms; /* monotonic: not before */
	int64_t
	    rest_ms; /* how long the database was left alone; 0: it answers */
	int64_t seen_ms; /* when it was last looked */
	int64_t true_ms; /* when the files were last known to be true */
	int signal_fd;
};

static void
keep(char *out, struct str snapshot)
{
	out[0] = '\0';
	if (snapshot.n >=
	    SNAPSHOT_MAX_BYTES) /* of a thousand writers at once */
		return;
	(void)memcpy(out, snapshot.p, snapshot.n);
	out[snapshot.n] = '\0';
}

static struct str
kept(const char *snapshot)
{
	return snapshot[0] == '\0' ? STR_ABSENT : str_of(snapshot);
}

/* From nothing: what happened meanwhile is not known. */
static void
forget(struct live *l)
{
	live_ring_clear(l->ring);
	l->last[0] = '\0';
	l->past[0] = '\0';
}

/* Every page must read all anew: nothing is told of any call. */
static void
flood(struct live *l)
{
	live_ring_clear(l->ring);
	(void)live_ring_turn(l->ring, NULL, 0, clock_mono_ms());
	l->is_flood = true;
	l->is_dirty = true;
}

static enum err
read_calls(struct live *l, const struct live_look *look, int64_t deadline_ms)
{
	struct live_entry *const changed =
	    ARENA_ARRAY(l->scratch, look->n, struct live_entry);
	struct str *const jsons = ARENA_ARRAY(l->scratch, look->n, struct str);
	const struct call_keys calls = { look->calls, look->n, deadline_ms };
	enum err e;

	if ((e = live_calls_json(l->pg, l->scratch, &calls, jsons)) != ERR_OK)
		return e;
	for (size_t i = 0; i < look->n; i++) {
		changed[i].call = look->calls[i];
		changed[i].json = jsons[i];
	}
	l->is_flood = false;
	l->is_dirty = true;
	if (!live_ring_turn(l->ring, changed, look->n, clock_mono_ms()))
		l->is_flood = true;
	return ERR_OK;
}

/* What there is to tell of a look. */
static enum err
take(struct live *l, const struct live_look *look, int64_t deadline_ms)
{
	const bool is_first = l->last[0] == '\0';

	(void)atomic_fetch_add(&l->process->gauges->live_changes, look->n);
	keep(l->last, look->snapshot);
	if (is_first) {
		(void)live_ring_turn(l->ring, NULL, 0, clock_mono_ms());
		l->is_dirty = true;
		return ERR_OK;
	}
	if (look->more || look->n > LIVE_CALLS_MAX) {
		flood(l);
		return ERR_OK;
	}
	if (look->n == 0) {
		l->is_flood = false;
		return ERR_OK;
	}
	return read_calls(l, look, deadline_ms);
}

/* They are not counted at each change, and not left at what they were. */
static enum err
count(struct live *l, int64_t deadline_ms)
{
	struct live_counts now;
	enum err e;

	if (clock_left_ms(l->count_ms) > 0)
		return ERR_OK;
	e = live_count(l->pg, l->scratch, deadline_ms, &now);
	if (e != ERR_OK)
		return e;
	/* When nothing happens, nothing is to be counted. */
	l->count_ms = l->is_dirty ? clock_mono_ms() + COUNT_MS : INT64_MAX;
	if (now.unheard == l->counts.unheard && now.to_do == l->counts.to_do)
		return ERR_OK;
	l->counts = now;
	if (!l->is_dirty)
		(void)live_ring_turn(l->ring, NULL, 0, clock_mono_ms());
	l->is_dirty = true;
	return ERR_OK;
}

/* What was there LIVE_KEEP_MS ago everybody has seen. */
static enum err
prune(struct live *l, int64_t deadline_ms)
{
	bool all = true;
	enum err e = ERR_OK;

	if (clock_left_ms(l->prune_ms) > 0)
		return ERR_OK;
	if (l->past[0] != '\0')
		e = live_prune(
		    l->pg, l->scratch, kept(l->past), deadline_ms, &all);
	if (e != ERR_OK || !all)
		return e;
	keep(l->past, str_of(l->last));
	l->prune_ms = clock_mono_ms() + LIVE_KEEP_MS;
	return ERR_OK;
}

static void
publish(struct live *l)
{
	const int64_t now_ms = clock_mono_ms();
	struct buf body;
	enum err e;

	if (!l->is_dirty && !live_files_is_due(&l->files, now_ms))
		return;
	buf_init(&body, l->scratch, LIVE_MAX_BYTES);
	live_ring_print(l->ring, l->scratch, &l->counts, &body);
	if ((e = buf_close(&body)) == ERR_OK)
		e = live_files_write(&l->files, l->scratch, now_ms,
		    live_ring_word(l->ring, l->scratch), buf_str(&body));
	if (e == ERR_OK) {
		l->is_dirty = false;
		return;
	}
	log_event(&l->process->log, LOG_LIVE, e, "cannot write to %s: %s",
	    l->files.folder, strerror(errno));
	l->look_ms = now_ms + REST_MOST_MS;
	if (e == ERR_LIMIT)
		flood(l);
}

static enum err
look(struct live *l)
{
	const int64_t deadline_ms = clock_mono_ms() + BUDGET_MS;
	struct live_look found;
	enum err e;

	/* What it missed may have been removed meanwhile. */
	if (clock_mono_ms() - l->seen_ms > LIVE_KEEP_MS / 2)
		forget(l);
	if ((e = live_look(l->pg, l->scratch, kept(l->last), deadline_ms,
		 &found)) != ERR_OK)
		return e;
	l->seen_ms = clock_mono_ms();
	if (found.n > 0 && l->count_ms == INT64_MAX)
		l->count_ms = 0;
	if ((e = take(l, &found, deadline_ms)) != ERR_OK ||
	    (e = count(l, deadline_ms)) != ERR_OK)
		return e;
	if (live_ring_is_due(l->ring, l->seen_ms)) {
		(void)live_ring_turn(l->ring, NULL, 0, l->seen_ms);
		l->is_dirty = true;
	}
	return prune(l, deadline_ms);
}

/* It is away, or has broken off in the middle. */
static void
rest(struct live *l)
{
	pg_unpin(l->pg);
	pg_pin(l->pg);
	forget(l);
	l->count_ms = 0;
	if (l->rest_ms == 0)
		l->rest_ms = REST_FIRST_MS;
	else if (l->rest_ms < REST_MOST_MS)
		l->rest_ms *= 2;
	l->look_ms = clock_mono_ms() + l->rest_ms;
}

static void
step(struct live *l)
{
	const int64_t begun_ms = clock_mono_ms();

	if (look(l) == ERR_OK) {
		l->rest_ms = 0;
		l->look_ms = begun_ms + (l->is_flood ? FLOOD_MS : LOOK_MS);
		publish(l);
	} else {
		rest(l);
	}
	if (l->rest_ms == 0 && !l->is_dirty)
		l->true_ms = begun_ms;
	else if (begun_ms - l->true_ms >= BLIND_MS)
		live_files_hide(&l->files, l->scratch);
	arena_reset(l->scratch);
}

static void
serve(struct live *l)
{
	struct pollfd fd = { .fd = l->signal_fd, .events = POLLIN };

	for (;;) {
		const int left_ms = clock_left_ms(l->look_ms);

		/* Who waits for long is not taken for one that hangs. */
		atomic_store(&l->process->slot->busy_since_ms, clock_mono_ms());
		if (poll(&fd, 1, left_ms < BEAT_MS ? left_ms : BEAT_MS) > 0)
			return;
		if (clock_left_ms(l->look_ms) == 0)
			step(l);
	}
}

static bool
open_files(struct live *l)
{
	const char *const folder =
	    live_files_folder(l->fixed, l->process->conf);
	struct str why = STR("");
	gid_t group;

	if (sockets_group(l->fixed, l->process->conf, &group, &why) != ERR_OK ||
	    live_files_open(
		l->scratch, folder, group, LIVE_KEY_MS, &l->files) != ERR_OK) {
		log_event(&l->process->log, LOG_CONFIG, ERR_INPUT,
		    "cannot use %s: %.*s%s", folder, STR_ARG(why),
		    why.n == 0 ? strerror(errno) : "");
		return false;
	}
	return true;
}

static bool
begin(struct live *l)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	l->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return l->signal_fd >= 0 && open_files(l);
}

int
live_run(const struct live_process *process)
{
	const struct pg_options options = {
		.conninfo = process->conf->database_url,
		.on_connect = stmt(STMT_SESSION_WORKER),
		.log = &process->log,
	};
	struct live l = {
		.process = process,
		.fixed = arena_new(BLOCK_BYTES),
		.scratch = arena_new(BLOCK_BYTES),
		.pg = pg_new(&options),
		.ring = live_ring_new(),
		.signal_fd = -1,
	};
	const bool begun = begin(&l);

	l.last = arena_alloc(l.fixed, SNAPSHOT_MAX_BYTES);
	l.past = arena_alloc(l.fixed, SNAPSHOT_MAX_BYTES);
	l.true_ms = clock_mono_ms(); /* as far as the one before knew */
	pg_pin(l.pg);
	if (begun) {
		log_event(&process->log, LOG_WORKER_UP, ERR_OK, NULL);
		atomic_store(&process->slot->ready, true);
		serve(&l);
	}
	if (l.signal_fd >= 0)
		(void)close(l.signal_fd);
	pg_free(l.pg);
	live_ring_free(l.ring);
	arena_free(l.scratch);
	arena_free(l.fixed);
	return begun ? 0 : 1;
}
